#include "src/steward/home_restore.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/audit/sequencer.h"
#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/crypto/keyring.h"
#include "src/steward/home.h"
#include "src/store/connection.h"
#include "src/vault/orphans.h"
#include "src/vault/store_facts.h"
#include "src/vault/vault.h"

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

// Puts a copy of `from` in the place of the database `path`. The journal of
// what stood there must not meet the copy, so it goes first.
absl::Status PutInPlace(const std::string& from, const std::string& path) {
  const std::string beside = path + ".restored";
  unlink(beside.c_str());
  SUBROSA_RETURN_IF_ERROR(CopyFile(from, beside));
  for (const char* suffix : {"-wal", "-shm"}) {
    if (unlink((path + suffix).c_str()) != 0 && errno != ENOENT) {
      return ErrnoStatus(errno, path + suffix);
    }
  }
  SUBROSA_RETURN_IF_ERROR(SyncFolder(FolderOf(path)));
  if (rename(beside.c_str(), path.c_str()) != 0) {
    return ErrnoStatus(errno, path);
  }
  return SyncFolder(FolderOf(path));
}

// Whether nobody has rows in `records` who came after `keys` was copied.
bool IsAsNew(Connection& keys, Connection& records) {
  const absl::StatusOr<StoreFacts> of_keys = ReadStoreFacts(keys);
  const absl::StatusOr<StoreFacts> of_records = ReadStoreFacts(records);
  return of_keys.ok() && of_records.ok() &&
         CheckPair(*of_keys, *of_records).ok();
}

// Deletes the rows of those who were erased after the record store was copied,
// in a home whose parts agree.
absl::StatusOr<int64_t> Sweep(const std::string& folder, Keyring& keyring,
                              const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> keys,
                           OpenKeyDatabase(folder));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> records,
                           OpenRecordDatabase(folder));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Vault> vault,
      Vault::Open(std::move(keys), std::move(records), keyring, clock));
  SUBROSA_ASSIGN_OR_RETURN(const OrphanCount swept, vault->SweepOrphans());
  return swept.rows;
}

// What the stores that stand in the home have done and not told the log yet, it
// is told before they go: an erasure would be undone else, and nothing would
// know. Stores that do not open, or do not agree with the log, can tell it
// nothing.
void TellLog(const std::string& folder, Keyring& keyring, const Clock& clock) {
  const absl::StatusOr<std::unique_ptr<Sequencer>> sequencer =
      OpenSequencer(folder, keyring, clock);
  if (!sequencer.ok()) return;
  for (;;) {
    const absl::StatusOr<SequencerStep> step = (*sequencer)->Step();
    if (!step.ok() || step->is_caught_up || step->entries == 0) break;
  }
  (*sequencer)->Release().IgnoreError();  // It ends by itself.
}

}  // namespace

absl::StatusOr<RestoreReport> RestoreHome(const std::string& folder,
                                          const SecretBuffer& passphrase,
                                          const Clock& clock,
                                          const RestoreOptions& options) {
  const bool has_files =
      !options.keys_file.empty() || !options.records_file.empty();
  if (options.dry_run && has_files) {
    return absl::InvalidArgumentError(
        "restore: want a dry run of copies that stand in the home, got others");
  }
  // Before anything is replaced: the passphrase has to be right.
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Keyring> keyring,
                           Keyring::Open(KeyringOf(folder), passphrase));
  if (has_files) TellLog(folder, *keyring, clock);
  if (!options.keys_file.empty()) {
    SUBROSA_RETURN_IF_ERROR(PutInPlace(options.keys_file, KeyStoreOf(folder)));
  }
  if (!options.records_file.empty()) {
    SUBROSA_RETURN_IF_ERROR(
        PutInPlace(options.records_file, RecordStoreOf(folder)));
  }
  RestoreParts parts;
  SUBROSA_ASSIGN_OR_RETURN(parts.keys, OpenKeyDatabase(folder));
  SUBROSA_ASSIGN_OR_RETURN(parts.records, OpenRecordDatabase(folder));
  parts.provider = keyring.get();
  parts.clock = &clock;
  parts.log_folder = LogFolderOf(folder);
  const bool is_as_new = IsAsNew(*parts.keys, *parts.records);
  SUBROSA_ASSIGN_OR_RETURN(RestoreReport report,
                           ReconcileWithLog(std::move(parts), options.dry_run));
  // A key store that is older itself lacks those who came since; a newer copy
  // of it may be found, and their rows then open.
  if (!options.dry_run && is_as_new &&
      report.keys_log_size == report.log_size &&
      report.records_log_size < report.log_size) {
    SUBROSA_ASSIGN_OR_RETURN(report.rows_swept, Sweep(folder, *keyring, clock));
  }
  return report;
}

}  // namespace subrosa
