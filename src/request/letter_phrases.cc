#include "src/request/letter_phrases.h"

#include <cstddef>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "src/request/built_in_letters.h"
#include "src/request/request_text.h"

namespace subrosa {
namespace {

constexpr absl::string_view kFile = "phrases.tsv";

using Words = std::map<std::string, std::string, std::less<>>;

absl::Status WrongLine(absl::string_view name, size_t line,
                       absl::string_view wants) {
  return absl::InvalidArgumentError(
      absl::StrCat(name, ":", line, ": want ", wants, ", got another"));
}

// What stands in braces, or "{" alone where they do not pair.
std::multiset<std::string> BracesOf(absl::string_view words) {
  std::multiset<std::string> braces;
  for (;;) {
    const size_t begin = words.find_first_of("{}");
    if (begin == absl::string_view::npos) return braces;
    const size_t end = words.find('}', begin);
    if (words[begin] == '}' || end == absl::string_view::npos) return {"{"};
    braces.emplace(words.substr(begin, end + 1 - begin));
    words.remove_prefix(end + 1);
  }
}

// Splits `text` into names and words; `line_of` is where each name stands.
absl::StatusOr<Words> Split(absl::string_view name, absl::string_view text,
                            std::map<std::string, size_t>* line_of) {
  Words words;
  size_t number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> columns = absl::StrSplit(line, '\t');
    if (columns.size() != 2 || columns[0].empty() || columns[1].empty()) {
      return WrongLine(name, number, "a name, a tab and its words");
    }
    if (!words.emplace(columns[0], columns[1]).second) {
      return WrongLine(name, number, "a name that was not there before");
    }
    line_of->emplace(columns[0], number);
  }
  return words;
}

const Words& ShippedWords() {
  static const Words* const shipped = [] {
    for (size_t i = 0; i < kBuiltInLettersCount; ++i) {
      if (kBuiltInLetters[i].name != kFile) continue;
      std::map<std::string, size_t> line_of;
      // It begins on the line after its quotes.
      auto words = Split(kFile, kBuiltInLetters[i].text + 1, &line_of);
      return new Words(*std::move(words));
    }
    return new Words();
  }();
  return *shipped;
}

}  // namespace

const LetterPhrases& LetterPhrases::BuiltIn() {
  static const auto* const phrases = new LetterPhrases(ShippedWords());
  return *phrases;
}

absl::StatusOr<LetterPhrases> LetterPhrases::Parse(absl::string_view name,
                                                   absl::string_view text) {
  std::map<std::string, size_t> line_of;
  absl::StatusOr<Words> words = Split(name, text, &line_of);
  if (!words.ok()) return words.status();
  for (const auto& [phrase, line] : line_of) {
    const auto shipped = ShippedWords().find(phrase);
    if (shipped == ShippedWords().end()) {
      return WrongLine(name, line, "the name of a phrase that there is");
    }
    if (BracesOf(words->find(phrase)->second) != BracesOf(shipped->second)) {
      return WrongLine(
          name, line,
          absl::StrCat("the same in braces as in `", shipped->second, "`"));
    }
  }
  for (const auto& [phrase, shipped] : ShippedWords()) {
    if (words->count(phrase) > 0) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(name, ":1: want words for `", phrase, "`, got none"));
  }
  return LetterPhrases(*std::move(words));
}

const std::string& LetterPhrases::Of(absl::string_view name) const {
  static const std::string* const nothing = new std::string;
  const auto found = words_.find(name);
  return found == words_.end() ? *nothing : found->second;
}

std::string LetterPhrases::WithCount(absl::string_view name,
                                     int64_t count) const {
  return absl::StrReplaceAll(Of(name), {{"{count}", absl::StrCat(count)}});
}

std::string LetterPhrases::Day(absl::CivilDay day) const {
  return absl::StrReplaceAll(
      Of("day"), {{"{day}", absl::StrCat(day.day())},
                  {"{month}", Of(absl::StrCat("month-", day.month()))},
                  {"{year}", absl::StrCat(day.year())}});
}

std::string LetterPhrases::Period(const v1::Period& period) const {
  return WithCount(
      absl::StrCat("period-", SlugOfName(v1::PeriodUnit_Name(period.unit()),
                                         "PERIOD_UNIT_")),
      period.count());
}

const std::string& LetterPhrases::Kind(v1::RequestKind kind) const {
  return Of(absl::StrCat("kind-", RequestKindSlug(kind)));
}

const std::string& LetterPhrases::Denial(v1::DenialReason reason) const {
  return Of(absl::StrCat("denial-", DenialReasonSlug(reason)));
}

}  // namespace subrosa
