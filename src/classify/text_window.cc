#include "src/classify/text_window.h"

namespace subrosa {
namespace {

// Calls `matches(word)` for the words that begin with `first`, until one is.
template <typename Matches>
bool AnyWord(absl::string_view words, char first, const Matches& matches) {
  for (size_t begin = 0; begin < words.size();) {
    size_t end = begin;
    while (end < words.size() && words[end] != '|') ++end;
    if (words[begin] == first && matches(words.substr(begin, end - begin))) {
      return true;
    }
    begin = end + 1;
  }
  return false;
}

// Whether one of `words` stands at `i` and ends at `to` or before.
bool HasOneAt(const TextWindow& window, size_t i, size_t to,
              absl::string_view words) {
  return AnyWord(words, Lower(window.At(i)), [&](absl::string_view word) {
    return i + word.size() <= to && window.HasAt(i, word) &&
           !IsAsciiLetter(window.At(i + word.size()));
  });
}

bool HasWordWithin(const TextWindow& window, size_t from, size_t to,
                   const WordList& words) {
  bool after_letter = IsLetter(window.Before(from));
  for (size_t i = from; i < to; ++i) {
    const char c = window.text[i];
    const bool is_letter = IsLetter(c);
    if (is_letter && !after_letter && words.MayBeginWith(Lower(c)) &&
        HasOneAt(window, i, to, words.words())) {
      return true;
    }
    after_letter = is_letter;
  }
  return false;
}

}  // namespace

bool TextWindow::IsOneOf(size_t begin, size_t end,
                         const WordList& words) const {
  if (begin >= end || !words.MayBeginWith(Lower(At(begin)))) return false;
  return AnyWord(words.words(), Lower(At(begin)), [&](absl::string_view word) {
    return word.size() == end - begin && HasAt(begin, word);
  });
}

bool TextWindow::HasWordBefore(size_t i, size_t reach,
                               const WordList& words) const {
  size_t from = i;
  while (from > 0 && i - from < reach && text[from - 1] != '\n') --from;
  return HasWordWithin(*this, from, i, words);
}

bool TextWindow::HasWordAfter(size_t i, size_t reach,
                              const WordList& words) const {
  size_t to = i;
  while (to < text.size() && to - i < reach && text[to] != '\n') ++to;
  return HasWordWithin(*this, i, to, words);
}

}  // namespace subrosa
