#include "src/classify/health_vocabulary.h"

#include <limits>

namespace subrosa {
namespace {

constexpr int kFirstSlotBits = 10;

}  // namespace

HealthVocabulary::HealthVocabulary()
    : keys_(1),
      words_(1),
      slots_(size_t{1} << kFirstSlotBits),
      shift_(64 - kFirstSlotBits) {}

HealthVocabulary::Id HealthVocabulary::Add(absl::string_view word) {
  const WordKey key = KeyOfWord(word);
  const Id known = Find(key);
  if (known != 0 || keys_.size() > std::numeric_limits<Id>::max()) return known;
  if (8 * keys_.size() >= slots_.size()) Grow();
  const Id id = static_cast<Id>(keys_.size());
  keys_.push_back(key);
  words_.emplace_back(word);
  size_t slot = key.Hash() >> shift_;
  while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = id;
  return id;
}

void HealthVocabulary::Grow() {
  slots_.assign(2 * slots_.size(), 0);
  --shift_;
  for (size_t id = 1; id < keys_.size(); ++id) {
    size_t slot = keys_[id].Hash() >> shift_;
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<Id>(id);
  }
}

}  // namespace subrosa
