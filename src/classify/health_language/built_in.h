// The shipped words of health language and the weights of the model beside
// them, as they stand in this folder. Internal
// to the room.
#ifndef SUBROSA_SRC_CLASSIFY_HEALTH_LANGUAGE_BUILT_IN_H_
#define SUBROSA_SRC_CLASSIFY_HEALTH_LANGUAGE_BUILT_IN_H_

namespace subrosa {

extern const char kBuiltInHealthLexicon[];
extern const char kBuiltInHelpWeights[];

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_HEALTH_LANGUAGE_BUILT_IN_H_
