// The shipped lists and weights, as they stand in this folder. Internal to the
// room.
#ifndef SUBROSA_SRC_CLASSIFY_NAME_MODEL_BUILT_IN_H_
#define SUBROSA_SRC_CLASSIFY_NAME_MODEL_BUILT_IN_H_

namespace subrosa {

extern const char kBuiltInNameLists[];
extern const char kBuiltInNameWeights[];

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_NAME_MODEL_BUILT_IN_H_
