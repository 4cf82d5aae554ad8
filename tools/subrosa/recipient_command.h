// `subrosa recipient`, and the subcommands.
#ifndef SUBROSA_TOOLS_SUBROSA_RECIPIENT_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_RECIPIENT_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode RecipientCommand(absl::Span<const std::string> arguments,
                          const Streams& streams);

ExitCode RecipientAdd(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode RecipientList(absl::Span<const std::string> arguments,
                       const Streams& streams);
ExitCode RecipientShow(absl::Span<const std::string> arguments,
                       const Streams& streams);
ExitCode RecipientEnd(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode RecipientCheck(absl::Span<const std::string> arguments,
                        const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_RECIPIENT_COMMAND_H_
