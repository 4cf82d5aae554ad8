#include "src/classify/name_lists.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace subrosa {
namespace {

constexpr const char* kListNames[] = {
    "given",     "surname", "place",    "title",  "degree", "kin",    "saying",
    "placeverb", "company", "body",     "street", "geo",    "day",    "nation",
    "common",    "eponym",  "medicine", "brand",  "health", "finding"};

constexpr size_t kSlots = 1 << 14;

}  // namespace

absl::StatusOr<NameLists> NameLists::Parse(absl::string_view text) {
  NameLists lists;
  lists.slots_.resize(kSlots);
  size_t number = 0;
  std::vector<NameToken> tokens;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::vector<absl::string_view> parts = absl::StrSplit(line, '\t');
    uint32_t bit = 0;
    for (size_t i = 0; i < sizeof(kListNames) / sizeof(*kListNames); ++i) {
      if (parts[0] == kListNames[i]) bit = uint32_t{1} << i;
    }
    if (bit == 0 || parts.size() != 2) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number,
                       ": want a list's name, a tab and words, got another"));
    }
    for (absl::string_view word :
         absl::StrSplit(parts[1], ' ', absl::SkipEmpty())) {
      absl::ConsumeSuffix(&word, "'s");  // A token of its own.
      if (lists.used_ >= kSlots / 2) {
        return absl::InvalidArgumentError(
            absl::StrCat("line ", number, ": want at most ", kSlots / 2,
                         " words in all, got more"));
      }
      const std::vector<absl::string_view> two = absl::StrSplit(word, '_');
      lists.Add(two.size() == 1
                    ? NameWordHash(word)
                    : NamePairHash(NameWordHash(two[0]), NameWordHash(two[1])),
                bit);
    }
  }
  return lists;
}

void NameLists::Add(uint32_t word, uint32_t bits) {
  size_t at = word % kSlots;
  while (slots_[at].bits != 0 && slots_[at].word != word)
    at = (at + 1) % kSlots;
  if (slots_[at].bits == 0) ++used_;
  slots_[at].word = word;
  slots_[at].bits |= bits;
}

uint32_t NameLists::Find(uint32_t word) const {
  size_t at = word % kSlots;
  while (slots_[at].bits != 0) {
    if (slots_[at].word == word) return slots_[at].bits;
    at = (at + 1) % kSlots;
  }
  return 0;
}

void NameLists::Mark(std::vector<NameToken>* tokens) const {
  for (size_t i = 0; i < tokens->size(); ++i) {
    NameToken& token = (*tokens)[i];
    if (token.shape == NameShape::kSign || token.shape == NameShape::kNumber) {
      continue;
    }
    token.lists |= Find(token.word);
    if (i == 0 || token.begins_line) continue;
    NameToken& before = (*tokens)[i - 1];
    // Both words of a pair are capitals where they are a place.
    if (before.shape < NameShape::kInitial || token.shape < NameShape::kLower) {
      continue;
    }
    const uint32_t pair = Find(NamePairHash(before.word, token.word));
    before.lists |= pair;
    token.lists |= pair;
  }
}

}  // namespace subrosa
