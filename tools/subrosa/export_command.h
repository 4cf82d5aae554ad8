// `subrosa export`, and the subcommands.
#ifndef SUBROSA_TOOLS_SUBROSA_EXPORT_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_EXPORT_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode Export(absl::Span<const std::string> arguments,
                const Streams& streams);

ExitCode ExportCopy(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode ExportAggregate(absl::Span<const std::string> arguments,
                         const Streams& streams);
ExitCode ExportLostAnswers(absl::Span<const std::string> arguments,
                           const Streams& streams);
ExitCode ExportDeidentified(absl::Span<const std::string> arguments,
                            const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_EXPORT_COMMAND_H_
