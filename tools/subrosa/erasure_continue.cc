// `subrosa erasure continue` and `list`: all erasures, and not one of them.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/erasure/certificate_handout.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/erasure_progress.h"
#include "src/erasure/request_erasure.h"
#include "src/steward/steward.h"
#include "src/vault/vault.h"
#include "subrosa/v1/erasure.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/erase_command.h"
#include "tools/subrosa/erasure_text.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

absl::Status CheckFolder(const std::string& path) {
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0) return ErrnoStatus(errno, path);
  if (S_ISDIR(found.st_mode)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want a folder, got another file"));
}

// Out of this process's hands, and durable where it goes to a file.
absl::Status PrintForGood(const std::string& text, const Streams& streams) {
  const int out = fileno(streams.out);
  if (Print(text, streams) != ExitCode::kDone ||
      // What is no file cannot be synced.
      (fsync(out) != 0 && errno != EINVAL && errno != EROFS)) {
    return absl::UnavailableError(
        "standard output: want to say whose certificates these are, got an "
        "error; they will be handed out again");
  }
  return absl::OkStatus();
}

// Writes the final certificates that are to be handed out into `folder`, and
// prints how each consumer is reached; then that is forgotten. Returns how many
// there were.
absl::StatusOr<int64_t> HandOut(Steward& steward, const std::string& folder,
                                bool json, const Streams& streams) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  CertificateHandout handout(steward, *vault);
  return handout.GiveAll([&](const v1::StoredErasure& erasure,
                             const std::string& file) -> absl::Status {
    const std::string id = absl::BytesToHexString(erasure.certificate().id());
    const std::string path = absl::StrCat(folder, "/", id, ".txt");
    // One that stands there is of a call that was stopped, and the same.
    SUBROSA_RETURN_IF_ERROR(ReplaceFile(path, file, 0600));
    return PrintForGood(HandedOutLine(id, path, erasure.contact(), json),
                        streams);
  });
}

}  // namespace

ExitCode ErasureContinue(absl::Span<const std::string> arguments,
                         const Streams& streams) {
  std::string certificates;
  CommandLine line("erasure continue",
                   "Goes on with every erasure that is not final: destroys "
                   "keys, tells whom it is time to tell, and issues "
                   "certificates that say something new. Meant for a timer. "
                   "The exit code is 3 while one is open or waits for "
                   "somebody (`erasure list`).");
  line.AddOption("--certificates", &certificates,
                 "Folder for final certificates that are to be handed out. "
                 "Prints the file of each and how its consumer is reached, "
                 "which is forgotten then: not for a timer");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (!certificates.empty()) {
    const absl::Status folder = CheckFolder(certificates);
    if (!folder.ok()) return Fail(folder, streams);
  }
  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::unique_ptr<RequestErasure>> erasures =
      RequestErasure::Open(**steward);
  if (!erasures.ok()) return Fail(erasures.status(), streams);
  absl::StatusOr<ErasureProgress> progress = (*erasures)->Continue();
  if (!progress.ok()) return Fail(progress.status(), streams);
  if (!certificates.empty()) {
    const absl::StatusOr<int64_t> given =
        HandOut(**steward, certificates, session.json(), streams);
    if (!given.ok()) return Fail(given.status(), streams);
    progress->handed_out = *given;
    progress->for_officer -= *given;
  }
  const ExitCode printed =
      Print(session.json() ? ProgressJson(*progress) : ProgressText(*progress),
            streams);
  return printed == ExitCode::kDone && progress->HasLeft() ? ExitCode::kNo
                                                           : printed;
}

ExitCode ErasureList(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  CommandLine line("erasure list",
                   "Lists the erasures that are not over, and what each waits "
                   "for: a second officer, the end of a hold, somebody's "
                   "answer, backups, or that its certificate is handed out. "
                   "The exit code is 3 if there is one.");
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::unique_ptr<Vault>> vault =
      (*steward)->OpenUngatedVault();
  if (!vault.ok()) return Fail(vault.status(), streams);
  bool has_any = false;
  ExitCode printed = ExitCode::kDone;
  const absl::Status listed =
      ErasureBook(**vault, (*steward)->clock())
          .VisitUnfinished([&](ErasureEntry entry) -> absl::Status {
            has_any = true;
            printed = Print(session.json()
                                ? ErasureLineJson(entry.erasure).dump() + "\n"
                                : ErasureLineText(entry.erasure),
                            streams);
            return printed == ExitCode::kDone
                       ? absl::OkStatus()
                       : absl::CancelledError("standard output");
          });
  if (printed != ExitCode::kDone) return printed;
  if (!listed.ok()) return Fail(listed, streams);
  return has_any ? ExitCode::kNo : ExitCode::kDone;
}

}  // namespace subrosa
