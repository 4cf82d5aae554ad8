// The shipped types of labels, as they stand in this folder. Internal to the
// room.
#ifndef SUBROSA_SRC_CLASSIFY_EVALUATION_BUILT_IN_H_
#define SUBROSA_SRC_CLASSIFY_EVALUATION_BUILT_IN_H_

namespace subrosa {

extern const char kBuiltInSpanTypes[];

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_EVALUATION_BUILT_IN_H_
