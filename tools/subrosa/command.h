// What each subcommand is: a function of its arguments and the streams.
#ifndef SUBROSA_TOOLS_SUBROSA_COMMAND_H_
#define SUBROSA_TOOLS_SUBROSA_COMMAND_H_

#include <cstdio>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace subrosa {

enum class ExitCode {
  kDone = 0,
  kFailed = 1,  // Could not finish.
  kUsage = 2,   // Called wrongly; nothing was done.
  kNo = 3,      // Finished, and the answer is no: refused, not held, in part.
};

// Results go to `out` alone; people are spoken to on `err`.
struct Streams {
  std::FILE* in;
  std::FILE* out;
  std::FILE* err;
};

using CommandFunction = ExitCode (*)(absl::Span<const std::string> arguments,
                                     const Streams& streams);

struct Command {
  absl::string_view name;
  absl::string_view summary;
  CommandFunction function;
};

ExitCode Init(absl::Span<const std::string> arguments, const Streams& streams);
ExitCode Ingest(absl::Span<const std::string> arguments,
                const Streams& streams);
ExitCode InventoryCommand(absl::Span<const std::string> arguments,
                          const Streams& streams);
ExitCode Classify(absl::Span<const std::string> arguments,
                  const Streams& streams);
ExitCode Show(absl::Span<const std::string> arguments, const Streams& streams);
ExitCode Export(absl::Span<const std::string> arguments,
                const Streams& streams);
ExitCode Erase(absl::Span<const std::string> arguments, const Streams& streams);
ExitCode ErasureCommand(absl::Span<const std::string> arguments,
                        const Streams& streams);
ExitCode Report(absl::Span<const std::string> arguments,
                const Streams& streams);
ExitCode Audit(absl::Span<const std::string> arguments, const Streams& streams);
ExitCode Keys(absl::Span<const std::string> arguments, const Streams& streams);
ExitCode Law(absl::Span<const std::string> arguments, const Streams& streams);
ExitCode Consent(absl::Span<const std::string> arguments,
                 const Streams& streams);
ExitCode PolicyCommand(absl::Span<const std::string> arguments,
                       const Streams& streams);
ExitCode RecipientCommand(absl::Span<const std::string> arguments,
                          const Streams& streams);
ExitCode Share(absl::Span<const std::string> arguments, const Streams& streams);
ExitCode Store(absl::Span<const std::string> arguments, const Streams& streams);
ExitCode Verify(absl::Span<const std::string> arguments,
                const Streams& streams);

// Subcommands of `store`.
ExitCode StoreBackup(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode StoreCheck(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode StoreRestore(absl::Span<const std::string> arguments,
                      const Streams& streams);

ExitCode StoreIndex(absl::Span<const std::string> arguments,
                    const Streams& streams);

// Subcommands of `store index`.
ExitCode StoreIndexPlan(absl::Span<const std::string> arguments,
                        const Streams& streams);
ExitCode StoreIndexAdd(absl::Span<const std::string> arguments,
                       const Streams& streams);
ExitCode StoreIndexList(absl::Span<const std::string> arguments,
                        const Streams& streams);
ExitCode StoreIndexDrop(absl::Span<const std::string> arguments,
                        const Streams& streams);

// Subcommands of `keys`.
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

// Subcommands of `law`.
ExitCode LawList(absl::Span<const std::string> arguments,
                 const Streams& streams);
ExitCode LawExplain(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode LawCoverageCommand(absl::Span<const std::string> arguments,
                            const Streams& streams);
ExitCode LawDiff(absl::Span<const std::string> arguments,
                 const Streams& streams);

// Subcommands of `consent`.
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

// Subcommands of `policy`.
ExitCode PolicyCheck(absl::Span<const std::string> arguments,
                     const Streams& streams);
ExitCode PolicyShow(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode PolicySet(absl::Span<const std::string> arguments,
                   const Streams& streams);

// Subcommands of `recipient`.
ExitCode RecipientAdd(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode RecipientList(absl::Span<const std::string> arguments,
                       const Streams& streams);
ExitCode RecipientShow(absl::Span<const std::string> arguments,
                       const Streams& streams);
ExitCode RecipientEnd(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode RecipientCheck(absl::Span<const std::string> arguments,
                        const Streams& streams);

// Subcommands of `share`.
ExitCode ShareGrant(absl::Span<const std::string> arguments,
                    const Streams& streams);
ExitCode ShareDeclare(absl::Span<const std::string> arguments,
                      const Streams& streams);
ExitCode ShareList(absl::Span<const std::string> arguments,
                   const Streams& streams);
ExitCode ShareRevoke(absl::Span<const std::string> arguments,
                     const Streams& streams);

// Subcommands of `audit`.
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

// Prints "subrosa: error: …" to `err`, with a hint where the code suggests one.
// Returns kFailed.
ExitCode Fail(const absl::Status& status, const Streams& streams);

// The same where something had to be proven: that it is malformed
// (INVALID_ARGUMENT) or proves nothing of the kind (PERMISSION_DENIED,
// FAILED_PRECONDITION) is an answer, and returns kNo.
ExitCode FailOrUnproven(const absl::Status& status, const Streams& streams);

// The same for what was asked of one consumer: that they are not held
// (NOT_FOUND) is an answer, and returns kNo.
ExitCode FailOrNo(const absl::Status& status, const Streams& streams);

// Writes `text` to `out`. kFailed if that cannot be written (a full disk).
ExitCode Print(absl::string_view text, const Streams& streams);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_COMMAND_H_
