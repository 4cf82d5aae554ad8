// `subrosa report`.
#ifndef SUBROSA_TOOLS_SUBROSA_REPORT_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_REPORT_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode Report(absl::Span<const std::string> arguments,
                const Streams& streams);
// The subcommands `evidence` and `metrics`.
ExitCode ReportEvidence(absl::Span<const std::string> arguments,
                        const Streams& streams);
ExitCode ReportMetrics(absl::Span<const std::string> arguments,
                       const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_REPORT_COMMAND_H_
