// Subcommands of `incident`.
#ifndef SUBROSA_TOOLS_SUBROSA_INCIDENT_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_INCIDENT_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

// The table of them.
ExitCode IncidentCommand(absl::Span<const std::string> arguments,
                         const Streams& streams);

ExitCode IncidentOpen(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode IncidentList(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode IncidentShow(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode IncidentNoticeCommand(absl::Span<const std::string> arguments,
                               const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_INCIDENT_COMMAND_H_
