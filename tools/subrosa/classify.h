// The subcommands of `subrosa classify`, and `subrosa evaluate`; apart from
// command.h so that a new one builds little anew.
#ifndef SUBROSA_TOOLS_SUBROSA_CLASSIFY_H_
#define SUBROSA_TOOLS_SUBROSA_CLASSIFY_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

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

#endif  // SUBROSA_TOOLS_SUBROSA_CLASSIFY_H_
