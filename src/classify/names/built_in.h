// The shipped rules on names, as they stand in this folder. Internal to the
// room.
#ifndef SUBROSA_SRC_CLASSIFY_NAMES_BUILT_IN_H_
#define SUBROSA_SRC_CLASSIFY_NAMES_BUILT_IN_H_

namespace subrosa {

extern const char kBuiltInNameRules[];

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_NAMES_BUILT_IN_H_
