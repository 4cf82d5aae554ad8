// `subrosa audit`, and the subcommands.
#ifndef SUBROSA_TOOLS_SUBROSA_AUDIT_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_AUDIT_COMMAND_H_

#include <string>

#include "absl/types/span.h"
#include "tools/subrosa/command.h"

namespace subrosa {

ExitCode Audit(absl::Span<const std::string> arguments, const Streams& streams);

ExitCode AuditStatus(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode AuditVerify(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode AuditProve(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode AuditCheckpoint(absl::Span<const std::string> arguments,
                         const Streams& streams);
ExitCode AuditExport(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode AuditRotateKey(absl::Span<const std::string> arguments,
                        const Streams& streams);
ExitCode AuditServe(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode AuditWitness(absl::Span<const std::string> arguments,
                      const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_AUDIT_COMMAND_H_
