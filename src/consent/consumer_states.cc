#include "src/consent/consumer_states.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace subrosa {
namespace {

// Forgotten refs are looked up with every search: beyond these everything is
// read anew.
constexpr size_t kMaxForgotten = 65536;

uint64_t RefOf(absl::string_view consumer_ref) {
  uint64_t ref = 0;
  std::memcpy(&ref, consumer_ref.data(),
              std::min(sizeof(ref), consumer_ref.size()));
  return ref;
}

}  // namespace

// An open table of slots with linear probing, in which nothing but a full slot
// separates a key from its home; and what stands, each combination once.
class ConsumerStates::Shard {
 public:
  bool Find(TableHash::Output key, uint64_t* ref,
            CompiledStanding* standing) const {
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    const Slot* const slot = FindSlot(key);
    if (slot == nullptr) return false;
    const Combination& combination = combinations_[slot->combination];
    *ref = slot->ref;
    standing->residence = combination.residence;
    standing->collected = combination.collected;
    standing->ask_again = combination.ask_again;
    standing->born = slot->born;
    standing->choices.assign(combination.choices.begin(),
                             combination.choices.end());
    return true;
  }

  void Put(TableHash::Output key, uint64_t ref,
           const CompiledStanding& standing) {
    const std::unique_lock<std::shared_mutex> lock(mutex_);
    const uint32_t combination = Share(standing);
    auto* slot = const_cast<Slot*>(FindSlot(key));
    if (slot != nullptr) {
      Release(slot->combination);
    } else {
      if (used_ + 1 > slots_.size() * kFullest / 100) Grow();
      slot = FreeSlot(slots_, key);
      ++used_;
    }
    *slot = {key.high, key.low, ref, combination, standing.born};
  }

  void Remove(TableHash::Output key) {
    const std::unique_lock<std::shared_mutex> lock(mutex_);
    const Slot* const slot = FindSlot(key);
    if (slot == nullptr) return;
    Release(slot->combination);
    --used_;
    // Those behind it move up, so that the way to each stays full.
    size_t hole = static_cast<size_t>(slot - slots_.data());
    for (size_t next = After(hole); slots_[next].combination != 0;
         next = After(next)) {
      const size_t home = HomeOf(slots_, slots_[next].high);
      const bool stays = hole <= next ? hole < home && home <= next
                                      : hole < home || home <= next;
      if (stays) continue;
      slots_[hole] = slots_[next];
      hole = next;
    }
    slots_[hole] = Slot();
  }

  void Clear() {
    const std::unique_lock<std::shared_mutex> lock(mutex_);
    slots_.assign(kSmallest, Slot());
    used_ = 0;
    combinations_.assign(1, Combination());
    numbers_.clear();
    free_.clear();
  }

  size_t size() const {
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    return used_;
  }

  size_t MemoryBytes() const {
    const std::shared_lock<std::shared_mutex> lock(mutex_);
    size_t bytes = slots_.capacity() * sizeof(Slot) +
                   combinations_.capacity() * sizeof(Combination) +
                   numbers_.capacity() * (sizeof(*numbers_.begin()) + 1);
    for (const Combination& combination : combinations_) {
      bytes += 2 * combination.choices.size() * sizeof(CompiledChoice);
    }
    return bytes;
  }

 private:
  // At most this much of the table is taken, in percent; a table that would be
  // fuller grows by half.
  static constexpr size_t kFullest = 84;
  static constexpr size_t kSmallest = 16;

  struct Slot {
    uint64_t high = 0;
    uint64_t low = 0;
    uint64_t ref = 0;
    uint32_t combination = 0;  // 0: free.
    int32_t born = 0;
  };
  static_assert(sizeof(Slot) == 32);

  struct Combination {
    uint32_t residence = 0;
    uint32_t collected = 0;
    bool ask_again = false;
    uint32_t users = 0;
    std::vector<CompiledChoice> choices;
  };

  static size_t HomeOf(const std::vector<Slot>& slots, uint64_t high) {
    return static_cast<size_t>(
        static_cast<unsigned __int128>(high) * slots.size() >> 64);
  }
  size_t After(size_t i) const { return i + 1 == slots_.size() ? 0 : i + 1; }

  const Slot* FindSlot(TableHash::Output key) const {
    for (size_t i = HomeOf(slots_, key.high); slots_[i].combination != 0;
         i = After(i)) {
      if (slots_[i].high == key.high && slots_[i].low == key.low) {
        return &slots_[i];
      }
    }
    return nullptr;
  }

  static Slot* FreeSlot(std::vector<Slot>& slots, TableHash::Output key) {
    size_t i = HomeOf(slots, key.high);
    while (slots[i].combination != 0) i = i + 1 == slots.size() ? 0 : i + 1;
    return &slots[i];
  }

  void Grow() {
    std::vector<Slot> larger(slots_.size() + slots_.size() / 2);
    for (const Slot& slot : slots_) {
      if (slot.combination == 0) continue;
      *FreeSlot(larger, {slot.high, slot.low}) = slot;
    }
    slots_.swap(larger);
  }

  static std::string NameOf(const CompiledStanding& standing) {
    std::string name(9 + standing.choices.size() * sizeof(CompiledChoice), 0);
    std::memcpy(&name[0], &standing.residence, 4);
    std::memcpy(&name[4], &standing.collected, 4);
    name[8] = static_cast<char>(standing.ask_again);
    if (!standing.choices.empty()) {
      std::memcpy(&name[9], standing.choices.data(), name.size() - 9);
    }
    return name;
  }

  // The number of what stands, with one user more.
  uint32_t Share(const CompiledStanding& standing) {
    const auto [place, is_new] = numbers_.try_emplace(NameOf(standing), 0);
    if (!is_new) {
      ++combinations_[place->second].users;
      return place->second;
    }
    if (free_.empty()) {
      free_.push_back(static_cast<uint32_t>(combinations_.size()));
      combinations_.emplace_back();
    }
    place->second = free_.back();
    free_.pop_back();
    combinations_[place->second] = {
        standing.residence, standing.collected, standing.ask_again, 1,
        std::vector<CompiledChoice>(standing.choices.begin(),
                                    standing.choices.end())};
    return place->second;
  }

  void Release(uint32_t number) {
    Combination& combination = combinations_[number];
    if (--combination.users != 0) return;
    CompiledStanding standing;
    standing.residence = combination.residence;
    standing.collected = combination.collected;
    standing.ask_again = combination.ask_again;
    standing.choices.assign(combination.choices.begin(),
                            combination.choices.end());
    numbers_.erase(NameOf(standing));
    combination = Combination();
    free_.push_back(number);
  }

  mutable std::shared_mutex mutex_;
  // All below are guarded by mutex_.
  std::vector<Slot> slots_ = std::vector<Slot>(kSmallest);
  size_t used_ = 0;
  std::vector<Combination> combinations_ = std::vector<Combination>(1);
  absl::flat_hash_map<std::string, uint32_t> numbers_;
  std::vector<uint32_t> free_;
};

ConsumerStates::ConsumerStates() {
  for (size_t i = 0; i < kShards; ++i) {
    shards_.push_back(std::make_unique<Shard>());
  }
}

ConsumerStates::~ConsumerStates() = default;

bool ConsumerStates::IsForgotten(uint64_t ref) const {
  if (!any_forgotten_.load()) return false;
  const std::shared_lock<std::shared_mutex> lock(forgotten_mutex_);
  return forgotten_.contains(ref);
}

bool ConsumerStates::Find(absl::string_view consumer,
                          CompiledStanding* standing) const {
  const TableHash::Output key = hash_(consumer);
  uint64_t ref = 0;
  return ShardOf(key).Find(key, &ref, standing) && !IsForgotten(ref);
}

void ConsumerStates::Put(absl::string_view consumer,
                         absl::string_view consumer_ref,
                         const CompiledStanding& standing, uint64_t version) {
  const TableHash::Output key = hash_(consumer);
  // What follows the version's change waits for this.
  const std::unique_lock<std::shared_mutex> lock(forgotten_mutex_);
  if (version_.load() != version) return;
  ShardOf(key).Put(key, RefOf(consumer_ref), standing);
  if (!any_forgotten_.load()) return;
  forgotten_.erase(RefOf(consumer_ref));
  any_forgotten_.store(!forgotten_.empty());
}

void ConsumerStates::Forget(absl::string_view consumer) {
  const TableHash::Output key = hash_(consumer);
  const std::unique_lock<std::shared_mutex> lock(forgotten_mutex_);
  ++version_;
  ShardOf(key).Remove(key);
}

void ConsumerStates::ForgetRef(absl::string_view consumer_ref) {
  {
    const std::unique_lock<std::shared_mutex> lock(forgotten_mutex_);
    ++version_;
    if (forgotten_.size() < kMaxForgotten) {
      forgotten_.insert(RefOf(consumer_ref));
      any_forgotten_.store(true);
      return;
    }
  }
  Clear();
}

void ConsumerStates::Clear() {
  const std::unique_lock<std::shared_mutex> lock(forgotten_mutex_);
  ++version_;
  for (const std::unique_ptr<Shard>& shard : shards_) shard->Clear();
  forgotten_.clear();
  any_forgotten_.store(false);
}

size_t ConsumerStates::size() const {
  size_t size = 0;
  for (const std::unique_ptr<Shard>& shard : shards_) size += shard->size();
  return size;
}

size_t ConsumerStates::MemoryBytes() const {
  size_t bytes = 0;
  for (const std::unique_ptr<Shard>& shard : shards_) {
    bytes += shard->MemoryBytes();
  }
  return bytes;
}

}  // namespace subrosa
