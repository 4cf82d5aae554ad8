// `subrosa store`, and the subcommands.
#ifndef SUBROSA_TOOLS_SUBROSA_STORE_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_STORE_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode Store(absl::Span<const std::string> arguments, const Streams& streams);

ExitCode StoreBackup(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode StoreCheck(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode StoreRestore(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode StoreIndex(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode StoreIndexPlan(absl::Span<const std::string> arguments,
                        const Streams& streams);
ExitCode StoreIndexAdd(absl::Span<const std::string> arguments,
                       const Streams& streams);
ExitCode StoreIndexList(absl::Span<const std::string> arguments,
                        const Streams& streams);
ExitCode StoreIndexDrop(absl::Span<const std::string> arguments,
                        const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_STORE_COMMAND_H_
