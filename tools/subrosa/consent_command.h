// `subrosa consent`, and the subcommands.
#ifndef SUBROSA_TOOLS_SUBROSA_CONSENT_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_CONSENT_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode Consent(absl::Span<const std::string> arguments,
                 const Streams& streams);

ExitCode ConsentRecord(absl::Span<const std::string> arguments,
                       const Streams& streams);
ExitCode ConsentFacts(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode ConsentWithdraw(absl::Span<const std::string> arguments,
                         const Streams& streams);
ExitCode ConsentShow(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode ConsentReceipt(absl::Span<const std::string> arguments,
                        const Streams& streams);
ExitCode ConsentExplain(absl::Span<const std::string> arguments,
                        const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_CONSENT_COMMAND_H_
