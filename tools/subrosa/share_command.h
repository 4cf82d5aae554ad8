// `subrosa share`, and the subcommands.
#ifndef SUBROSA_TOOLS_SUBROSA_SHARE_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_SHARE_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode Share(absl::Span<const std::string> arguments, const Streams& streams);

ExitCode ShareGrant(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode ShareDeclare(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode ShareList(absl::Span<const std::string> arguments,
                   const Streams& streams);
ExitCode ShareRevoke(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode ShareDue(absl::Span<const std::string> arguments,
                  const Streams& streams);
ExitCode ShareSettle(absl::Span<const std::string> arguments,
                     const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_SHARE_COMMAND_H_
