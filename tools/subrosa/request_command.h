// Subcommands of `request`, and `report requests`.
#ifndef SUBROSA_TOOLS_SUBROSA_REQUEST_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_REQUEST_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

// The table of them.
ExitCode RequestCommand(absl::Span<const std::string> arguments,
                        const Streams& streams);

ExitCode RequestReceive(absl::Span<const std::string> arguments,
                        const Streams& streams);
ExitCode RequestList(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode RequestShow(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode RequestAcknowledge(absl::Span<const std::string> arguments,
                            const Streams& streams);
ExitCode RequestAuthenticate(absl::Span<const std::string> arguments,
                             const Streams& streams);
ExitCode RequestIdentify(absl::Span<const std::string> arguments,
                         const Streams& streams);
ExitCode RequestExtend(absl::Span<const std::string> arguments,
                       const Streams& streams);
ExitCode RequestDeny(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode RequestPartCommand(absl::Span<const std::string> arguments,
                            const Streams& streams);
ExitCode RequestErase(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode RequestComplete(absl::Span<const std::string> arguments,
                         const Streams& streams);
ExitCode RequestTakeBack(absl::Span<const std::string> arguments,
                         const Streams& streams);
ExitCode RequestAppeal(absl::Span<const std::string> arguments,
                       const Streams& streams);
ExitCode RequestStatement(absl::Span<const std::string> arguments,
                          const Streams& streams);
ExitCode RequestClose(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode RequestServe(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode ReportRequests(absl::Span<const std::string> arguments,
                        const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_REQUEST_COMMAND_H_
