// Asking the person at the terminal before what cannot be undone.
#ifndef SUBROSA_TOOLS_SUBROSA_TYPED_AGAIN_H_
#define SUBROSA_TOOLS_SUBROSA_TYPED_AGAIN_H_

#include "absl/strings/string_view.h"
#include "tools/subrosa/command.h"

namespace subrosa {

// Asks `question`, and returns whether the line that is typed is `want`.
bool IsTypedAgain(absl::string_view question, absl::string_view want,
                  const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_TYPED_AGAIN_H_
