// `subrosa keys`, and the subcommands.
#ifndef SUBROSA_TOOLS_SUBROSA_KEYS_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_KEYS_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode Keys(absl::Span<const std::string> arguments, const Streams& streams);

ExitCode KeysStatus(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode KeysRotate(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode KeysRetire(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode KeysRenew(absl::Span<const std::string> arguments,
                   const Streams& streams);
ExitCode KeysVerify(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode KeysPolicy(absl::Span<const std::string> arguments,
                    const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_KEYS_COMMAND_H_
