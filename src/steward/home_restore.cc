#include "src/steward/home_restore.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/audit/sequencer.h"
#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/crypto/keyring.h"
#include "src/steward/home.h"
#include "src/steward/home_lease.h"

namespace subrosa {
namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;

// Copies `from` to the new file `to`, durably.
absl::Status CopyFile(const std::string& from, const std::string& to) {
  SUBROSA_ASSIGN_OR_RETURN(const UniqueFd fd, OpenForReading(from));
  SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(to));
  std::string piece(kPieceBytes, '\0');
  for (;;) {
    const ssize_t got = read(fd.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus(errno, from);
    if (got == 0) return file.Publish();
    SUBROSA_RETURN_IF_ERROR(file.Append(
        absl::string_view(piece).substr(0, static_cast<size_t>(got))));
  }
}

constexpr absl::string_view kStaged = ".restored";

std::string StagedOf(const std::string& path) {
  return absl::StrCat(path, kStaged);
}

bool IsThere(const std::string& path) {
  return access(path.c_str(), F_OK) == 0 || errno != ENOENT;
}

absl::Status RemoveFile(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return ErrnoStatus(errno, path);
}

// Puts a copy of `from`, if that is a name, beside the database `path`.
absl::Status Stage(const std::string& from, const std::string& path) {
  if (from.empty()) return absl::OkStatus();
  SUBROSA_RETURN_IF_ERROR(RemoveFile(StagedOf(path)));
  return CopyFile(from, StagedOf(path));
}

// Puts what is staged for the database `path`, if anything is, in its place.
// The journal of what stood there must not meet the copy, so it goes first.
absl::Status PutInPlace(const std::string& path) {
  const std::string staged = StagedOf(path);
  if (!IsThere(staged)) return absl::OkStatus();
  for (const char* suffix : {"-wal", "-shm"}) {
    SUBROSA_RETURN_IF_ERROR(RemoveFile(path + suffix));
  }
  SUBROSA_RETURN_IF_ERROR(SyncFolder(FolderOf(path)));
  if (rename(staged.c_str(), path.c_str()) != 0) {
    return ErrnoStatus(errno, path);
  }
  return SyncFolder(FolderOf(path));
}

// What the stores that stand in the home have done and not told the log yet, it
// is told before they go: an erasure would be undone else, and nothing would
// know. Stores that do not open, or do not agree with the log, can tell it
// nothing.
void TellLog(const HomeLease& lease, Keyring& keyring, const Clock& clock) {
  const absl::StatusOr<std::unique_ptr<Sequencer>> sequencer =
      OpenSequencer(lease, keyring, clock);
  if (!sequencer.ok()) return;
  for (;;) {
    const absl::StatusOr<SequencerStep> step = (*sequencer)->Step();
    if (!step.ok() || step->is_caught_up || step->entries == 0) break;
  }
  (*sequencer)->Release().IgnoreError();  // It ends by itself.
}

// One restore, by whoever has the home alone.
class Restoring {
 public:
  Restoring(const HomeLease& lease, Keyring& keyring, const Clock& clock)
      : lease_(lease),
        keyring_(keyring),
        clock_(clock),
        keys_(KeyStoreOf(lease.folder())),
        records_(RecordStoreOf(lease.folder())),
        is_resumed_(IsRestoreBegun(lease.folder())) {}

  absl::StatusOr<RestoreReport> DryRun() {
    if (is_resumed_ &&
        (IsThere(StagedOf(keys_)) || IsThere(StagedOf(records_)))) {
      return absl::FailedPreconditionError(
          "restore: want a dry run of copies that stand in the home, got a "
          "home into which an earlier restore has still to put some; run it "
          "without --dry-run");
    }
    return Reconcile(/*dry_run=*/true);
  }

  absl::StatusOr<RestoreReport> Run(const RestoreOptions& options) {
    if (!is_resumed_) {
      // What a call left that was stopped before it began.
      SUBROSA_RETURN_IF_ERROR(RemoveFile(StagedOf(keys_)));
      SUBROSA_RETURN_IF_ERROR(RemoveFile(StagedOf(records_)));
      if (options.has_files()) TellLog(lease_, keyring_, clock_);
    }
    SUBROSA_RETURN_IF_ERROR(Stage(options.keys_file, keys_));
    SUBROSA_RETURN_IF_ERROR(Stage(options.records_file, records_));
    // From here on the home opens to nobody until all of it is done.
    SUBROSA_RETURN_IF_ERROR(MarkRestoreBegun(lease_));
    SUBROSA_RETURN_IF_ERROR(PutInPlace(keys_));
    SUBROSA_RETURN_IF_ERROR(PutInPlace(records_));
    SUBROSA_ASSIGN_OR_RETURN(RestoreReport report,
                             Reconcile(/*dry_run=*/false));
    SUBROSA_RETURN_IF_ERROR(MarkRestoreDone(lease_));
    return report;
  }

 private:
  absl::StatusOr<RestoreReport> Reconcile(bool dry_run) {
    RestoreParts parts;
    SUBROSA_ASSIGN_OR_RETURN(parts.keys, OpenKeyDatabase(lease_));
    SUBROSA_ASSIGN_OR_RETURN(parts.records, OpenRecordDatabase(lease_));
    parts.provider = &keyring_;
    parts.clock = &clock_;
    parts.log_folder = LogFolderOf(lease_.folder());
    parts.is_resumed = is_resumed_;
    return ReconcileWithLog(std::move(parts), dry_run);
  }

  const HomeLease& lease_;
  Keyring& keyring_;
  const Clock& clock_;
  const std::string keys_;
  const std::string records_;
  const bool is_resumed_;
};

}  // namespace

absl::StatusOr<RestoreReport> RestoreHome(const std::string& folder,
                                          const SecretBuffer& passphrase,
                                          const Clock& clock,
                                          const RestoreOptions& options) {
  if (options.dry_run && options.has_files()) {
    return absl::InvalidArgumentError(
        "restore: want a dry run of copies that stand in the home, got others");
  }
  // Before anything is replaced: the passphrase has to be right.
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Keyring> keyring,
                           Keyring::Open(KeyringOf(folder), passphrase));
  SUBROSA_ASSIGN_OR_RETURN(const HomeLease lease, HomeLease::TakeAlone(folder));
  Restoring restoring(lease, *keyring, clock);
  return options.dry_run ? restoring.DryRun() : restoring.Run(options);
}

}  // namespace subrosa
