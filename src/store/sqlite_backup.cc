#include "src/store/sqlite_backup.h"

#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/store/descriptor_vfs.h"
#include "src/store/sqlite_status.h"

namespace subrosa {
namespace {

// Large enough to cost little, small enough that whoever wants the journal
// emptied comes in between.
constexpr int kStepPages = 1024;

// A store that is hardly written to is copied without holding anything; one
// that is written to all the time would never be done.
constexpr int kRestarts = 3;

constexpr int kBusyMilliseconds = 30000;
constexpr int kPauseMilliseconds = 10;

// "File format write version" and "read version" of SQLite's header.
constexpr off_t kVersionsAt = 18;
constexpr char kNoJournal[] = {1, 1};

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

absl::StatusOr<Database> OpenDatabase(const std::string& path, int flags,
                                      const char* vfs) {
  sqlite3* opened = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &opened,
                      flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
  Database database(opened);
  if (code != SQLITE_OK) return SqliteStatus(code, path, opened);
  sqlite3_busy_timeout(opened, kBusyMilliseconds);
  return database;
}

absl::Status Run(const Database& database, const char* sql) {
  return SqliteStatus(
      sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr), "database",
      database.get());
}

// One copying, from a connection of its own to one that only the copy has.
class Copying {
 public:
  Copying(const Database& from, const Database& to) : from_(from) {
    backup_ = sqlite3_backup_init(to.get(), "main", from.get(), "main");
    if (backup_ == nullptr) code_ = sqlite3_extended_errcode(to.get());
  }
  ~Copying() { sqlite3_backup_finish(backup_); }

  // Moves on by one step; false once all is copied.
  absl::StatusOr<bool> Step() {
    if (backup_ == nullptr) return SqliteStatus(code_, "backup", nullptr);
    const int code = sqlite3_backup_step(backup_, kStepPages);
    if (code == SQLITE_DONE) return false;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
      waited_ += kPauseMilliseconds;
      if (waited_ > kBusyMilliseconds) {
        return SqliteStatus(code, "backup", from_.get());
      }
      sqlite3_sleep(kPauseMilliseconds);
      return true;
    }
    if (code != SQLITE_OK) return SqliteStatus(code, "backup", from_.get());
    const int before = std::exchange(done_, total() - Remaining());
    if (done_ >= before + kStepPages) return true;
    ++restarts_;
    if (restarts_ < kRestarts || holds_) return true;
    // Holds the instant of its first reading until the connection closes.
    holds_ = true;
    SUBROSA_RETURN_IF_ERROR(
        Run(from_, "BEGIN; SELECT count(*) FROM sqlite_schema"));
    return true;
  }

  int done() const { return done_; }
  int total() const { return sqlite3_backup_pagecount(backup_); }
  int restarts() const { return restarts_; }

 private:
  int Remaining() const { return sqlite3_backup_remaining(backup_); }

  const Database& from_;
  sqlite3_backup* backup_ = nullptr;
  int code_ = SQLITE_OK;
  int waited_ = 0;
  int done_ = 0;  // Pages.
  int restarts_ = 0;
  bool holds_ = false;
};

absl::StatusOr<int64_t> PageBytes(const Database& database) {
  sqlite3_stmt* statement = nullptr;
  int code = sqlite3_prepare_v2(database.get(), "PRAGMA page_size", -1,
                                &statement, nullptr);
  if (code == SQLITE_OK) code = sqlite3_step(statement);
  const int64_t bytes = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  if (code != SQLITE_ROW) return SqliteStatus(code, "database", database.get());
  return bytes;
}

// Copies into `file`. Both connections are closed afterwards.
absl::Status CopyInto(
    const std::string& from, const DescriptorVfs& vfs, SqliteBackup* result,
    const std::function<void(int64_t, int64_t)>& on_progress) {
  SUBROSA_ASSIGN_OR_RETURN(const Database source,
                           OpenDatabase(from, SQLITE_OPEN_READWRITE, nullptr));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t page_bytes, PageBytes(source));
  SUBROSA_ASSIGN_OR_RETURN(
      const Database copy,
      OpenDatabase("copy", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                   vfs.name()));
  // Nobody else can see it yet, and it is synced when it is whole.
  SUBROSA_RETURN_IF_ERROR(Run(copy,
                              "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                              "PRAGMA temp_store=MEMORY;"
                              "PRAGMA cache_size=-4096"));
  Copying copying(source, copy);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool more, copying.Step());
    if (!more) break;
    if (on_progress != nullptr) {
      on_progress(copying.done() * page_bytes, copying.total() * page_bytes);
    }
  }
  result->bytes = copying.total() * page_bytes;
  result->restarts = copying.restarts();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SqliteBackup> BackUpSqlite(
    const std::string& from, const std::string& to,
    const std::function<void(int64_t done_bytes, int64_t total_bytes)>&
        on_progress) {
  if (access(from.c_str(), R_OK | W_OK) != 0) return ErrnoStatus(errno, from);
  SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(to));
  SqliteBackup result;
  {
    DescriptorVfs vfs(file.descriptor());
    const absl::Status copied = CopyInto(from, vfs, &result, on_progress);
    if (vfs.error_number() != 0) {
      return ErrnoStatus(vfs.error_number(), absl::StrCat(to, ": write"));
    }
    if (!copied.ok()) return Annotate(copied, from);
  }
  if (pwrite(file.descriptor(), kNoJournal, sizeof(kNoJournal), kVersionsAt) !=
      sizeof(kNoJournal)) {
    return ErrnoStatus(errno, absl::StrCat(to, ": write"));
  }
  SUBROSA_RETURN_IF_ERROR(file.Publish());
  return result;
}

}  // namespace subrosa
