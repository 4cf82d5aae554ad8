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
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/store/sqlite_structure.h"
#include "src/vault/store_facts.h"

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

// A copy that is looked at, and one that is to take the place of the database
// `path`.
std::string OfferedOf(const std::string& path) {
  return absl::StrCat(path, ".offered");
}
std::string StagedOf(const std::string& path) {
  return absl::StrCat(path, ".restored");
}

bool IsThere(const std::string& path) {
  return access(path.c_str(), F_OK) == 0 || errno != ENOENT;
}

absl::Status RemoveFile(const std::string& path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return ErrnoStatus(errno, path);
}

// Removes what is offered for the database `path`. The journals go first: they
// must not meet another copy.
absl::Status DropOffered(const std::string& path) {
  for (const char* suffix : {"-journal", "-wal", "-shm", ""}) {
    SUBROSA_RETURN_IF_ERROR(RemoveFile(OfferedOf(path) + suffix));
  }
  return absl::OkStatus();
}

// What an opening would not tell: it makes a store of an empty file, and reads
// few pages.
absl::Status CheckCopy(const std::string& path, StoreKind kind) {
  SqliteOptions options;
  options.read_only = true;
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> database,
                           OpenSqlite(path, options));
  SUBROSA_ASSIGN_OR_RETURN(const StoreFacts facts, ReadStoreFacts(*database));
  if (facts.kind != kind) {
    return absl::FailedPreconditionError(absl::StrCat(
        "want a ", StoreKindName(kind), ", got a ", StoreKindName(facts.kind)));
  }
  std::string first;
  SUBROSA_RETURN_IF_ERROR(CheckSqliteStructure(
      *database, StructureCheck::kQuick, [&](absl::string_view fault) {
        if (first.empty()) first = std::string(fault);
      }));
  if (first.empty()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      "want a database that is whole, got one with damage: ", first,
      "; `subrosa store check` says all of it"));
}

// Stages what is offered for the database `path`, if anything is. What looked
// at it has it closed.
absl::Status Stage(const std::string& path) {
  const std::string offered = OfferedOf(path);
  if (!IsThere(offered)) return absl::OkStatus();
  // SQLite takes the journal in when the last connection closes, and does not
  // say so if it cannot. Without it the file may be no database.
  for (const char* suffix : {"-journal", "-wal"}) {
    if (IsThere(offered + suffix)) {
      return absl::UnavailableError(absl::StrCat(
          offered, ": want its journal emptied, got one that stayed"));
    }
  }
  if (rename(offered.c_str(), StagedOf(path).c_str()) != 0) {
    return ErrnoStatus(errno, offered);
  }
  return SyncFolder(FolderOf(path));
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

  absl::StatusOr<RestoreReport> DryRun(const RestoreOptions& options) {
    absl::StatusOr<RestoreReport> report = TryOut(options);
    const absl::Status dropped = DropAllOffered();
    if (report.ok() && !dropped.ok()) return dropped;
    return report;
  }

  absl::StatusOr<RestoreReport> Run(const RestoreOptions& options) {
    // What a call left that was stopped before it began.
    SUBROSA_RETURN_IF_ERROR(DropAllOffered());
    if (!is_resumed_) {
      SUBROSA_RETURN_IF_ERROR(RemoveFile(StagedOf(keys_)));
      SUBROSA_RETURN_IF_ERROR(RemoveFile(StagedOf(records_)));
    }
    if (options.has_files()) {
      // Before the copies are looked at: it also ends what a kill interrupted
      // in the log, which would seem older than the stores.
      if (!is_resumed_) TellLog(lease_, keyring_, clock_);
      SUBROSA_RETURN_IF_ERROR(
          Annotate(StageIfFit(options), "restore: nothing was replaced"));
    } else if (!is_resumed_) {
      // A home that cannot be restored keeps saying why.
      SUBROSA_RETURN_IF_ERROR(
          Reconcile(keys_, records_, /*dry_run=*/true).status());
    }
    // From here on the home opens to nobody until all of it is done.
    SUBROSA_RETURN_IF_ERROR(MarkRestoreBegun(lease_));
    SUBROSA_RETURN_IF_ERROR(PutInPlace(keys_));
    SUBROSA_RETURN_IF_ERROR(PutInPlace(records_));
    SUBROSA_ASSIGN_OR_RETURN(RestoreReport report,
                             Reconcile(keys_, records_, /*dry_run=*/false));
    SUBROSA_RETURN_IF_ERROR(MarkRestoreDone(lease_));
    return report;
  }

 private:
  absl::Status DropAllOffered() const {
    SUBROSA_RETURN_IF_ERROR(DropOffered(keys_));
    return DropOffered(records_);
  }

  // What would become of the home with the copies of `options`: that each is
  // whole, is what it is given for, is of this installation, opens with the
  // keyring, and fits to the log and to the other store. The copies then lie
  // beside the stores, brought up to date; the stores stay as they are.
  absl::StatusOr<RestoreReport> TryOut(const RestoreOptions& options) {
    SUBROSA_RETURN_IF_ERROR(DropAllOffered());
    SUBROSA_ASSIGN_OR_RETURN(const std::string keys,
                             Offer(options.keys_file, StoreKind::kKeys));
    SUBROSA_ASSIGN_OR_RETURN(const std::string records,
                             Offer(options.records_file, StoreKind::kRecords));
    return Reconcile(keys, records, /*dry_run=*/true);
  }

  // What is looked at in the place of a store: a copy of `from`, or of what an
  // earlier call has staged, or what stands there. What is staged itself is not
  // opened: it is put in place without a journal.
  absl::StatusOr<std::string> Offer(const std::string& from,
                                    StoreKind kind) const {
    const std::string& path = kind == StoreKind::kKeys ? keys_ : records_;
    std::string source = from;
    if (source.empty() && is_resumed_ && IsThere(StagedOf(path))) {
      source = StagedOf(path);
    }
    if (source.empty()) return path;
    SUBROSA_RETURN_IF_ERROR(CopyFile(source, OfferedOf(path)));
    SUBROSA_RETURN_IF_ERROR(Annotate(CheckCopy(OfferedOf(path), kind), source));
    return OfferedOf(path);
  }

  absl::Status StageIfFit(const RestoreOptions& options) {
    const absl::Status fits = TryOut(options).status();
    if (!fits.ok()) {
      DropAllOffered().IgnoreError();  // The next call does it.
      return fits;
    }
    SUBROSA_RETURN_IF_ERROR(Stage(keys_));
    return Stage(records_);
  }

  absl::StatusOr<std::unique_ptr<Connection>> OpenStore(
      const std::string& path) const {
    SqliteOptions options;
    options.hold = lease_.hold();
    return OpenSqlite(path, options);
  }

  absl::StatusOr<RestoreReport> Reconcile(const std::string& keys,
                                          const std::string& records,
                                          bool dry_run) {
    RestoreParts parts;
    SUBROSA_ASSIGN_OR_RETURN(parts.keys, OpenStore(keys));
    SUBROSA_ASSIGN_OR_RETURN(parts.records, OpenStore(records));
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
  // Before anything is replaced: the passphrase has to be right.
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Keyring> keyring,
                           Keyring::Open(KeyringOf(folder), passphrase));
  SUBROSA_ASSIGN_OR_RETURN(const HomeLease lease, HomeLease::TakeAlone(folder));
  Restoring restoring(lease, *keyring, clock);
  return options.dry_run ? restoring.DryRun(options) : restoring.Run(options);
}

}  // namespace subrosa
