#include "src/steward/home_backup.h"

#include <sys/stat.h>

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/audit/log_survey.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/steward/home.h"
#include "src/steward/home_lease.h"
#include "src/store/connection.h"
#include "src/store/sqlite_backup.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

// What would be refused at the end of an hour's copying is refused now.
absl::Status CheckFree(const std::string& path) {
  struct stat status;
  if (path.empty() || lstat(path.c_str(), &status) != 0) {
    return absl::OkStatus();
  }
  return absl::AlreadyExistsError(
      absl::StrCat(path, ": want a name that is free, got one that is taken"));
}

absl::Status CheckHomeAgrees(const std::string& folder) {
  SUBROSA_RETURN_IF_ERROR(CheckNoRestoreBegun(folder));
  LogSurveyParts parts;
  SUBROSA_ASSIGN_OR_RETURN(parts.keys, OpenKeyDatabase(folder));
  SUBROSA_ASSIGN_OR_RETURN(parts.records, OpenRecordDatabase(folder));
  parts.folder = LogFolderOf(folder);
  const LogSurvey survey = SurveyLog(parts);
  if (survey.agrees()) return absl::OkStatus();
  const LogDisagreement& first = survey.disagreements.front();
  return absl::FailedPreconditionError(
      absl::StrCat("home: want parts that agree, got ", LogPartName(first.part),
                   " (", LogStandingName(first.standing), "): ", first.reason,
                   "; `subrosa audit status` says more"));
}

absl::StatusOr<StoreFacts> ReadCopy(const std::string& path, StoreKind kind) {
  SqliteOptions options;
  options.read_only = true;
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> copy,
                           OpenSqlite(path, options));
  SUBROSA_ASSIGN_OR_RETURN(StoreFacts facts, ReadStoreFacts(*copy));
  if (facts.kind != kind) {
    return absl::DataLossError(absl::StrCat(
        "want a ", StoreKindName(kind), ", got a ", StoreKindName(facts.kind)));
  }
  return facts;
}

absl::StatusOr<StoreCopy> CopyStore(StoreKind kind, const std::string& from,
                                    const std::string& to,
                                    const BackupOptions& options) {
  std::function<void(int64_t, int64_t)> on_progress;
  if (options.on_progress != nullptr) {
    on_progress = [&](int64_t done, int64_t total) {
      options.on_progress(kind, done, total);
    };
  }
  SUBROSA_ASSIGN_OR_RETURN(const SqliteBackup made,
                           BackUpSqlite(from, to, on_progress));
  absl::StatusOr<StoreFacts> facts = ReadCopy(to, kind);
  if (!facts.ok()) return Annotate(facts.status(), to);
  return StoreCopy{to, made.bytes, *std::move(facts)};
}

}  // namespace

absl::StatusOr<std::vector<StoreCopy>> BackUpHome(
    const std::string& folder, const BackupOptions& options) {
  if (options.keys_file == options.records_file) {
    return absl::InvalidArgumentError(
        options.keys_file.empty()
            ? "backup: want a file for one of the stores or both, got none"
            : "backup: want two files, got one for both stores");
  }
  SUBROSA_RETURN_IF_ERROR(CheckFree(options.records_file));
  SUBROSA_RETURN_IF_ERROR(CheckFree(options.keys_file));
  SUBROSA_ASSIGN_OR_RETURN(const HomeLease lease, HomeLease::Share(folder));
  SUBROSA_RETURN_IF_ERROR(CheckHomeAgrees(folder));
  std::vector<StoreCopy> copies;
  // The order is explained in the header.
  if (!options.records_file.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(
        copies.emplace_back(),
        CopyStore(StoreKind::kRecords, RecordStoreOf(folder),
                  options.records_file, options));
  }
  if (!options.keys_file.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(copies.emplace_back(),
                             CopyStore(StoreKind::kKeys, KeyStoreOf(folder),
                                       options.keys_file, options));
  }
  return copies;
}

}  // namespace subrosa
