// `subrosa policy`, and the subcommands.
#ifndef SUBROSA_TOOLS_SUBROSA_POLICY_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_POLICY_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode PolicyCommand(absl::Span<const std::string> arguments,
                       const Streams& streams);

ExitCode PolicyCheck(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode PolicyShow(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode PolicySet(absl::Span<const std::string> arguments,
                   const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_POLICY_COMMAND_H_
