// What `subrosa audit` can do; each entry is one file of this folder.
#include "tools/subrosa/audit_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_table.h"

namespace subrosa {
namespace {

constexpr Command kSubcommands[] = {
    {"status", "what each part of a home knows of the log, and which is behind",
     AuditStatus},
    {"verify", "check every entry and file of a log against its checkpoint",
     AuditVerify},
    {"prove", "a receipt for one leaf", AuditProve},
    {"checkpoint", "the newest signed checkpoint; cosigned, if asked",
     AuditCheckpoint},
    {"export", "the leaves, one JSON object a line", AuditExport},
    {"rotate-key", "announce the log's next signing key, or retire the old",
     AuditRotateKey},
    {"serve", "answer auditors out of a log's folder, over HTTP", AuditServe},
    {"witness", "cosign other logs' checkpoints, over HTTP", AuditWitness},
};

}  // namespace

ExitCode Audit(absl::Span<const std::string> arguments,
               const Streams& streams) {
  return RunFromTable(
      {"subrosa audit",
       "The log of what was done: that it is whole, who may check it, and how.",
       kSubcommands},
      arguments, streams);
}

}  // namespace subrosa
