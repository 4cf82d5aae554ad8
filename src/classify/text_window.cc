#include "src/classify/text_window.h"

namespace subrosa {
namespace {

// Whether one of `words` stands at `i` and ends at `to` or before.
bool HasOneAt(const TextWindow& window, size_t i, size_t to,
              const WordList& words) {
  return words.AnyOf(Lower(window.At(i)), [&](absl::string_view word) {
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
    if (is_letter && !after_letter && HasOneAt(window, i, to, words)) {
      return true;
    }
    after_letter = is_letter;
  }
  return false;
}

}  // namespace

bool TextWindow::IsOneOf(size_t begin, size_t end,
                         const WordList& words) const {
  if (begin >= end) return false;
  return words.AnyOf(Lower(At(begin)), [&](absl::string_view word) {
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

void TextWindow::Tell(size_t begin, size_t end, TextRuleId rule,
                      const char* reason) const {
  refusals->push_back({{begin, end - begin}, rule, reason});
}

}  // namespace subrosa
