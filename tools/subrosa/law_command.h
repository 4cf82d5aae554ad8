// `subrosa law`, and the subcommands.
#ifndef SUBROSA_TOOLS_SUBROSA_LAW_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_LAW_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode Law(absl::Span<const std::string> arguments, const Streams& streams);

ExitCode LawList(absl::Span<const std::string> arguments,
                 const Streams& streams);
ExitCode LawExplain(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode LawCoverageCommand(absl::Span<const std::string> arguments,
                            const Streams& streams);
ExitCode LawDiff(absl::Span<const std::string> arguments,
                 const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_LAW_COMMAND_H_
