#include "src/classify/health_vocabulary.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace subrosa {
namespace {

constexpr int kFirstSlotBits = 10;

// A word with room behind it to read.
std::string Padded(absl::string_view word) {
  std::string padded(word);
  padded.resize(std::max(word.size(), kPaddedWordBytes));
  return padded;
}

WordKey KeyOf(absl::string_view word) {
  return KeyOfPaddedWord(Padded(word).data(), word.size());
}

}  // namespace

HealthVocabulary::HealthVocabulary()
    : entries_(kMayHaveAffix + 1),
      words_(kMayHaveAffix + 1),
      slots_(size_t{1} << kFirstSlotBits),
      shift_(64 - kFirstSlotBits),
      digits_((size_t{1} << kFourBits) / 64),
      beginnings_(digits_.size()),
      endings_(digits_.size()) {
  entries_[kMayHaveAffix].told.id = kMayHaveAffix;
}

HealthVocabulary::Id HealthVocabulary::Add(absl::string_view word) {
  const WordKey key = KeyOf(word);
  const Id known = FindFrom(key.Place() >> shift_, key);
  if (known != 0) return entries_[known].told.id;
  if (entries_.size() >= kMore) return 0;
  if (8 * entries_.size() >= slots_.size()) Grow();
  const Id id = static_cast<Id>(entries_.size());
  entries_.push_back(
      {key, {HashOfPaddedWord(Padded(word).data(), word.size()), id}});
  words_.emplace_back(word);
  Place(id);
  if (absl::ascii_isdigit(word[0])) AddFour(Padded(word), &digits_);
  return id;
}

HealthVocabulary::Id HealthVocabulary::AddSpelling(absl::string_view written,
                                                   absl::string_view word) {
  const Id id = Add(word);
  const Id other = Add(written);
  if (other != 0) entries_[other].told.id = id;
  return id;
}

void HealthVocabulary::SetOpenings(const std::vector<uint8_t>& openings) {
  for (Entry& entry : entries_) {
    entry.told.openings = openings[entry.told.id];
  }
}

void HealthVocabulary::AddFour(absl::string_view four,
                               std::vector<uint64_t>* bits) {
  const uint32_t slot = FourSlot(FourAt(four.data()));
  (*bits)[slot / 64] |= uint64_t{1} << (slot % 64);
}

void HealthVocabulary::AddBeginning(absl::string_view letters) {
  if (letters.size() > kMinAffixLetters) return AddFour(letters, &beginnings_);
  // Any fourth letter, or none.
  for (char other = 0; other < 32; ++other) {
    AddFour(std::string(letters) + other, &beginnings_);
  }
}

void HealthVocabulary::AddEnding(absl::string_view letters) {
  if (letters.size() > kMinAffixLetters) {
    return AddFour(letters.substr(letters.size() - sizeof(uint32_t)),
                   &endings_);
  }
  for (char other = 0; other < 32; ++other) {
    AddFour(other + std::string(letters), &endings_);
  }
}

// Zero if there is none.
HealthVocabulary::Id HealthVocabulary::FindFrom(size_t slot,
                                                WordKey key) const {
  for (;; slot = (slot + 1) & (slots_.size() - 1)) {
    const Id id = slots_[slot] & ~kMore;
    if (id == 0 || entries_[id].key == key) return id;
  }
}

void HealthVocabulary::Place(Id id) {
  const size_t home = entries_[id].key.Place() >> shift_;
  if (slots_[home] != 0) slots_[home] |= kMore;
  size_t slot = home;
  while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = id;
}

void HealthVocabulary::Grow() {
  slots_.assign(2 * slots_.size(), 0);
  --shift_;
  for (size_t id = kMayHaveAffix + 1; id < entries_.size(); ++id) {
    Place(static_cast<Id>(id));
  }
}

HealthVocabulary::Told HealthVocabulary::Lookup::TellCopied(
    absl::string_view word) const {
  const std::string padded = Padded(word);
  Told told;
  if (Tell(padded.data(), word.size(), &told) == 0) {
    told = TellOther(padded.data(), word.size());
  }
  return told;
}

}  // namespace subrosa
