// `subrosa classify` and `evaluate`, and the subcommands.
#ifndef SUBROSA_TOOLS_SUBROSA_CLASSIFY_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_CLASSIFY_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode Classify(absl::Span<const std::string> arguments,
                  const Streams& streams);

ExitCode ClassifyTable(absl::Span<const std::string> arguments,
                       const Streams& streams);
ExitCode ClassifyExplain(absl::Span<const std::string> arguments,
                         const Streams& streams);
ExitCode ClassifyText(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode ClassifyRecords(absl::Span<const std::string> arguments,
                         const Streams& streams);
ExitCode ClassifySchema(absl::Span<const std::string> arguments,
                        const Streams& streams);
ExitCode Evaluate(absl::Span<const std::string> arguments,
                  const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_CLASSIFY_COMMAND_H_
