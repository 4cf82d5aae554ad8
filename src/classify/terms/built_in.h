// The shipped map to published vocabularies. Internal to the room.
#ifndef SUBROSA_SRC_CLASSIFY_TERMS_BUILT_IN_H_
#define SUBROSA_SRC_CLASSIFY_TERMS_BUILT_IN_H_

namespace subrosa {

extern const char kBuiltInTerms[];

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TERMS_BUILT_IN_H_
