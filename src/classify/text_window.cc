#include "src/classify/text_window.h"

#include <algorithm>

namespace subrosa {
namespace {

bool HasWordWithin(const TextWindow& window, size_t from, size_t to,
                   absl::string_view words) {
  for (size_t i = from; i < to; ++i) {
    if (!IsAsciiLetter(window.At(i)) || IsLetter(window.Before(i))) continue;
    const char first = Lower(window.text[i]);
    for (absl::string_view rest = words; !rest.empty();) {
      const absl::string_view word = rest.substr(0, rest.find('|'));
      if (word[0] == first && i + word.size() <= to && window.HasAt(i, word)) {
        return true;
      }
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    }
  }
  return false;
}

}  // namespace

bool TextWindow::HasWordBefore(size_t i, size_t reach,
                               absl::string_view words) const {
  return HasWordWithin(*this, i > reach ? i - reach : 0, i, words);
}

bool TextWindow::HasWordAfter(size_t i, size_t reach,
                              absl::string_view words) const {
  return HasWordWithin(*this, i, std::min(text.size(), i + reach), words);
}

}  // namespace subrosa
