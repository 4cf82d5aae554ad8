#include "src/classify/health_words.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace subrosa {
namespace {

struct Spelling {
  absl::string_view written;
  absl::string_view word;
};

// In the order of `written`.
constexpr Spelling kSpellings[] = {
    {"aint", "ain't"},       {"arent", "aren't"},
    {"cannot", "can't"},     {"cant", "can't"},
    {"couldnt", "couldn't"}, {"didnt", "didn't"},
    {"doesnt", "doesn't"},   {"dont", "don't"},
    {"hasnt", "hasn't"},     {"havent", "haven't"},
    {"im", "i'm"},           {"isnt", "isn't"},
    {"ive", "i've"},         {"shouldnt", "shouldn't"},
    {"wasnt", "wasn't"},     {"wouldnt", "wouldn't"},
    {"wont", "won't"},
};

// U+2019, which is written for an apostrophe.
constexpr absl::string_view kRaisedComma = "\xe2\x80\x99";

bool IsEnding(absl::string_view word) {
  return word == "m" || word == "ve" || word == "s" || word == "ll" ||
         word == "re" || word == "d";
}

// Bytes of the apostrophe at `i`; 0 if none stands there.
size_t ApostropheAt(absl::string_view line, size_t i) {
  if (line[i] == '\'') return 1;
  return absl::StartsWith(line.substr(i), kRaisedComma) ? kRaisedComma.size()
                                                        : 0;
}

bool EndsSentence(absl::string_view line, size_t i) {
  if (line[i] == '\n' || line[i] == '!' || line[i] == '?') return true;
  // Not the point of a number or of an abbreviation within a word.
  return line[i] == '.' &&
         (i + 1 == line.size() || !absl::ascii_isalnum(line[i + 1]));
}

// The end of the word that begins at `i`, and the word itself. Apostrophes and
// hyphens belong to it where letters or digits follow.
size_t ReadWord(absl::string_view line, size_t i, std::string* word) {
  size_t end = i;
  size_t kept = 0;
  while (i < line.size()) {
    if (absl::ascii_isalnum(line[i])) {
      word->push_back(absl::ascii_tolower(line[i++]));
      kept = word->size();
      end = i;
    } else if (const size_t size = ApostropheAt(line, i); size > 0) {
      word->push_back('\'');
      i += size;
    } else if (line[i] == '-') {
      word->push_back('-');
      ++i;
    } else {
      break;
    }
  }
  word->resize(kept);
  return end;
}

// "ca n't" and "i 'm" are one word each.
bool JoinsWordBefore(absl::string_view line, const HealthWord& word,
                     const std::vector<HealthWord>& words) {
  if (words.empty() || word.begins_sentence) return false;
  if (word.text == "n't") return true;
  return IsEnding(word.text) && word.begin > 0 && line[word.begin - 1] == '\'';
}

}  // namespace

std::vector<HealthWord> SplitHealthWords(absl::string_view line) {
  std::vector<HealthWord> words;
  size_t sentence = 0;  // Where its words begin in `words`.
  bool begins_sentence = true;
  for (size_t i = 0; i < line.size();) {
    if (!absl::ascii_isalnum(line[i])) {
      if (EndsSentence(line, i)) {
        if (line[i] == '?') {
          for (size_t w = sentence; w < words.size(); ++w) {
            words[w].is_asked = true;
          }
        }
        begins_sentence = true;
        sentence = words.size();
      }
      ++i;
      continue;
    }
    HealthWord word;
    word.begin = i;
    word.begins_sentence = begins_sentence;
    i = word.end = ReadWord(line, i, &word.text);
    if (JoinsWordBefore(line, word, words)) {
      absl::StrAppend(&words.back().text, word.text == "n't" ? "" : "'",
                      word.text);
      words.back().end = word.end;
      continue;
    }
    const auto* spelling = std::find_if(
        std::begin(kSpellings), std::end(kSpellings),
        [&word](const Spelling& s) { return s.written == word.text; });
    if (spelling != std::end(kSpellings)) {
      word.text = std::string(spelling->word);
    }
    begins_sentence = false;
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace subrosa
