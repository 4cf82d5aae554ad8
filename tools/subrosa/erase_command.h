// `subrosa erase` and `erasure`.
#ifndef SUBROSA_TOOLS_SUBROSA_ERASE_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_ERASE_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode Erase(absl::Span<const std::string> arguments, const Streams& streams);
ExitCode ErasureCommand(absl::Span<const std::string> arguments,
                        const Streams& streams);
// `erasure continue` and `erasure list`.
ExitCode ErasureContinue(absl::Span<const std::string> arguments,
                         const Streams& streams);
ExitCode ErasureList(absl::Span<const std::string> arguments,
                     const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_ERASE_COMMAND_H_
