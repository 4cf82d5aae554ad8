// The shipped rules of inference, as they stand in this folder. Internal
// to the room.
#ifndef SUBROSA_SRC_CLASSIFY_INFERENCE_BUILT_IN_H_
#define SUBROSA_SRC_CLASSIFY_INFERENCE_BUILT_IN_H_

namespace subrosa {

extern const char kBuiltInInferenceRules[];

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_INFERENCE_BUILT_IN_H_
