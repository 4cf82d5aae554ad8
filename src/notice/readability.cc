#include "src/notice/readability.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace subrosa {
namespace {

bool IsLetter(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c));
}

bool IsVowel(char c) {
  return absl::string_view("aeiouyAEIOUY").find(c) != absl::string_view::npos;
}

int64_t SyllablesOf(absl::string_view word) {
  int64_t syllables = 0;
  bool was_vowel = false;
  for (const char c : word) {
    const bool is_vowel = IsVowel(c);
    syllables += is_vowel && !was_vowel ? 1 : 0;
    was_vowel = is_vowel;
  }
  const bool is_silent = absl::EndsWithIgnoreCase(word, "e") &&
                         !absl::EndsWithIgnoreCase(word, "le") && syllables > 1;
  return std::max<int64_t>(1, syllables - (is_silent ? 1 : 0));
}

// The words of what stands between two spaces: "opt-out." has two.
void AddWords(absl::string_view run, TextLength* length) {
  size_t at = 0;
  while (at < run.size()) {
    size_t end = at;
    while (end < run.size() && (IsLetter(run[end]) || run[end] == '\'')) ++end;
    const absl::string_view word = run.substr(at, end - at);
    if (std::any_of(word.begin(), word.end(), IsLetter)) {
      ++length->words;
      length->syllables += SyllablesOf(word);
    }
    at = end + 1;
  }
}

}  // namespace

TextLength& TextLength::operator+=(const TextLength& other) {
  words += other.words;
  sentences += other.sentences;
  syllables += other.syllables;
  return *this;
}

double TextLength::Grade() const {
  if (words == 0 || sentences == 0) return 0;
  const auto count = static_cast<double>(words);
  return std::max(0.0, 0.39 * count / static_cast<double>(sentences) +
                           11.8 * static_cast<double>(syllables) / count -
                           15.59);
}

TextLength LengthOf(absl::string_view text) {
  TextLength length;
  int64_t ended_at = 0;  // How many words there were then.
  for (const absl::string_view run :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (!absl::StrContains(run, "://") && !absl::StrContains(run, "@")) {
      AddWords(run, &length);
    }
    const bool ends =
        absl::string_view(".!?").find(run.back()) != absl::string_view::npos;
    if (ends && length.words > ended_at) {
      ++length.sentences;
      ended_at = length.words;
    }
  }
  if (length.words > ended_at) ++length.sentences;
  return length;
}

TextLength LengthOf(const NoticeDocument& document) {
  TextLength length;
  for (const NoticeItem& item : document.items) {
    for (const NoticeLine& line : item.paragraphs) {
      length += LengthOf(line.cells[0]);
    }
  }
  return length;
}

}  // namespace subrosa
