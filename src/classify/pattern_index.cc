#include "src/classify/pattern_index.h"

#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

using Direction = BytePattern::Direction;

// The bytes among `bytes`, moved to the place `index` of a key and folded.
std::set<uint32_t> KeyBytes(const std::bitset<256>& bytes, size_t index,
                            uint32_t fold) {
  std::set<uint32_t> keys;
  for (uint32_t byte = 0; byte < 256; ++byte) {
    if (bytes[byte]) keys.insert(byte << 8 * index & fold);
  }
  return keys;
}

// The keys of what begins so.
std::vector<uint32_t> KeysOf(const BytePattern::Opening& opening,
                             uint32_t fold) {
  std::vector<uint32_t> keys;
  for (const uint32_t first : KeyBytes(opening.bytes[0], 0, fold)) {
    for (const uint32_t second : KeyBytes(opening.bytes[1], 1, fold)) {
      for (const uint32_t third : KeyBytes(opening.bytes[2], 2, fold)) {
        keys.push_back(first | second | third);
      }
    }
  }
  return keys;
}

}  // namespace

absl::StatusOr<PatternIndex> PatternIndex::Create(
    absl::Span<const PlacedPattern> patterns, Direction key) {
  PatternIndex index;
  index.key_ = key;
  std::map<uint32_t, std::vector<Way>> buckets;  // By slot.
  for (const PlacedPattern& pattern : patterns) {
    auto before = BytePattern::Create(pattern.before, pattern.caseless,
                                      Direction::kBackwards);
    if (!before.ok()) return Annotate(before.status(), pattern.before);
    auto after = BytePattern::Create(pattern.after, pattern.caseless,
                                     Direction::kForwards);
    if (!after.ok()) return Annotate(after.status(), pattern.after);
    const std::vector<BytePattern::Opening> openings =
        (key == Direction::kForwards ? *after : *before).Openings();
    if (openings.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          pattern.before, pattern.after,
          ": want three bytes or more to look it up by, got fewer"));
    }
    for (const BytePattern::Opening& opening : openings) {
      const Way way = {static_cast<uint16_t>(index.patterns_.size()),
                       static_cast<uint16_t>(index.openings_.size()),
                       pattern.digit};
      index.openings_.push_back(opening);
      std::set<uint32_t> slots;
      for (const uint32_t key_bytes : KeysOf(opening, kFold)) {
        slots.insert(SlotOf(key_bytes));
      }
      for (const uint32_t slot : slots) buckets[slot].push_back(way);
    }
    index.patterns_.push_back({*std::move(before), *std::move(after)});
  }
  index.slots_.assign(kSlots / 64, 0);
  index.free_slots_.assign(kSlots / 64, 0);
  for (const auto& [slot, ways] : buckets) {
    const uint64_t bit = uint64_t{1} << (slot % 64);
    index.slots_[slot / 64] |= bit;
    for (const Way& way : ways) {
      if (way.digit == DigitNeed::kNone) index.free_slots_[slot / 64] |= bit;
    }
    index.bucket_begins_.push_back(static_cast<uint32_t>(index.ways_.size()));
    index.ways_.insert(index.ways_.end(), ways.begin(), ways.end());
  }
  index.bucket_begins_.push_back(static_cast<uint32_t>(index.ways_.size()));
  size_t before = 0;
  for (const uint64_t slots : index.slots_) {
    index.buckets_before_.push_back(static_cast<uint16_t>(before));
    before += __builtin_popcountll(slots);
  }
  return index;
}

uint32_t PatternIndex::SlowKeyAt(absl::string_view text, size_t place) const {
  const bool forwards = key_ == Direction::kForwards;
  const size_t available = forwards ? text.size() - place : place;
  uint32_t bytes = 0;
  for (size_t i = 0; i < 3 && i < available; ++i) {
    bytes |= ByteAt(text, forwards ? place + i : place - 1 - i) << 8 * i;
  }
  return bytes & kFold;
}

}  // namespace subrosa
