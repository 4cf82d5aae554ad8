// The shipped code rules, as they stand in this folder. Internal to the room.
#ifndef SUBROSA_SRC_CLASSIFY_CODES_BUILT_IN_H_
#define SUBROSA_SRC_CLASSIFY_CODES_BUILT_IN_H_

#include <cstddef>

namespace subrosa {

struct BuiltInCodes {
  const char* name;
  const char* text;
};

extern const BuiltInCodes kBuiltInCodes[];
extern const size_t kBuiltInCodesCount;

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_CODES_BUILT_IN_H_
