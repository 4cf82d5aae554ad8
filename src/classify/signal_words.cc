#include "src/classify/signal_words.h"

#include "absl/strings/ascii.h"

namespace subrosa {

std::string SignalWords(absl::string_view value) {
  std::string words = " ";
  const auto is_letter_at = [value](size_t i) {
    return i < value.size() && absl::ascii_isalpha(value[i]);
  };
  for (size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool is_escape = c == '%' && i + 2 < value.size() &&
                           absl::ascii_isxdigit(value[i + 1]) &&
                           absl::ascii_isxdigit(value[i + 2]);
    if (is_escape) i += 2;
    const bool stays =
        absl::ascii_isalnum(c) ||
        (c == '\'' && i > 0 && is_letter_at(i - 1) && is_letter_at(i + 1));
    if (!stays) {
      if (words.back() != ' ') words.push_back(' ');
      continue;
    }
    if (absl::ascii_isupper(c) && i > 0 && absl::ascii_islower(value[i - 1])) {
      words.push_back(' ');
    }
    words.push_back(absl::ascii_tolower(c));
  }
  if (words.back() != ' ') words.push_back(' ');
  return words;
}

}  // namespace subrosa
