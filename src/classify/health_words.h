// Cuts a line into the words that health language is looked for in. Internal to
// this room.
//
// A word is letters, digits, apostrophes and hyphens of ASCII, in lower case;
// any other byte divides words, so that any bytes are safe. Spellings of one
// contraction are one word: "cant", "ca n't" and "can’t" are "can't".
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_WORDS_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_WORDS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace subrosa {

struct HealthWord {
  std::string text;  // Lower case.
  size_t begin = 0;  // Bytes [begin, end) of the line.
  size_t end = 0;
  // A full stop, an exclamation or question mark or a line's end stands before
  // it, or nothing.
  bool begins_sentence = false;
  // A question mark ends its sentence.
  bool is_asked = false;
};

// The words of `line`, in order. Time and memory are linear in the line.
std::vector<HealthWord> SplitHealthWords(absl::string_view line);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_WORDS_H_
