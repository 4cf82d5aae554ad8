// The letters that ship, as they stand in the folder `letters`. Internal to the
// room.
#ifndef SUBROSA_SRC_REQUEST_BUILT_IN_LETTERS_H_
#define SUBROSA_SRC_REQUEST_BUILT_IN_LETTERS_H_

#include <cstddef>

namespace subrosa {

struct BuiltInLetter {
  const char* name;  // "deny.txt".
  const char* text;
};

extern const BuiltInLetter kBuiltInLetters[];
extern const size_t kBuiltInLettersCount;

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_BUILT_IN_LETTERS_H_
