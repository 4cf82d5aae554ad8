#include "src/store/sqlite_connection.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/store/sqlite_change_mark.h"
#include "src/store/sqlite_status.h"
#include "src/store/statement_cache.h"

namespace subrosa {
namespace {

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(sqlite3_stmt* statement,
                  std::shared_ptr<StatementCache> cache)
      : statement_(statement), cache_(std::move(cache)) {}
  ~SqliteStatement() override { cache_->Give(statement_); }

  void BindInt(int index, int64_t value) override {
    Note(sqlite3_bind_int64(statement_, index, value));
  }
  void BindBytes(int index, absl::string_view value) override {
    // A null pointer would bind NULL; an empty value is not NULL.
    const char* data = value.data() == nullptr ? "" : value.data();
    Note(sqlite3_bind_blob64(statement_, index, data, value.size(),
                             SQLITE_STATIC));
  }
  void BindText(int index, absl::string_view value) override {
    const char* data = value.data() == nullptr ? "" : value.data();
    Note(sqlite3_bind_text64(statement_, index, data, value.size(),
                             SQLITE_STATIC, SQLITE_UTF8));
  }

  absl::StatusOr<bool> Step() override {
    if (bind_error_ != SQLITE_OK) {
      Reset();
      return SqliteStatus(std::exchange(bind_error_, SQLITE_OK), "bind",
                          Database());
    }
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    sqlite3_reset(statement_);
    if (code == SQLITE_DONE) return false;
    return SqliteStatus(code, "database", Database());
  }

  absl::Status Run() override {
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool row, Step());
      if (!row) return absl::OkStatus();
    }
  }

  void Reset() override { sqlite3_reset(statement_); }

  int64_t ColumnInt(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }
  absl::string_view ColumnBytes(int column) const override {
    const void* data = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return data == nullptr ? absl::string_view()
                           : absl::string_view(static_cast<const char*>(data),
                                               static_cast<size_t>(size));
  }

 private:
  sqlite3* Database() const { return sqlite3_db_handle(statement_); }

  void Note(int code) {
    if (code != SQLITE_OK) bind_error_ = code;
  }

  sqlite3_stmt* statement_;
  // Shared: a statement may be dropped after its connection.
  const std::shared_ptr<StatementCache> cache_;
  int bind_error_ = SQLITE_OK;
};

// How long to wait for another's lock before looking again.
constexpr absl::Duration kFirstWait = absl::Microseconds(50);
constexpr absl::Duration kLongestWait = absl::Milliseconds(5);

class SqliteConnection final : public Connection {
 public:
  SqliteConnection(sqlite3* database, const SqliteOptions& options)
      : hold_(options.hold),
        database_(database),
        busy_timeout_(options.busy_timeout),
        is_writable_(!options.read_only) {
    Wait(busy_timeout_);
  }
  ~SqliteConnection() override {
    cache_->Close();
    sqlite3_close_v2(database_);
  }

  absl::Status Execute(const std::string& sql) override {
    return SqliteStatus(
        sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr),
        "database", database_);
  }

  absl::StatusOr<std::unique_ptr<Statement>> Prepare(
      absl::string_view sql) override {
    sqlite3_stmt* statement = cache_->Take(sql);
    if (statement != nullptr) {
      return std::make_unique<SqliteStatement>(statement, cache_);
    }
    const int code =
        sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
      return Annotate(SqliteStatus(code, "prepare", database_), sql);
    }
    return std::make_unique<SqliteStatement>(statement, cache_);
  }

  std::optional<ChangeMark> ReadChangeMark() override {
    // Beside a file that is only read there may be no journal's index, and none
    // may be made.
    if (!is_writable_) return std::nullopt;
    return ReadSqliteChangeMark(database_);
  }

  int64_t Changes() const override { return sqlite3_changes64(database_); }

  absl::Status SetCacheBytes(int64_t bytes) override {
    return Execute(absl::StrCat("PRAGMA cache_size=-", bytes / 1024));
  }

  absl::Status SetOverwriting(bool overwrites) override {
    return Execute(overwrites ? "PRAGMA secure_delete=ON"
                              : "PRAGMA secure_delete=FAST");
  }

  absl::Status SetDurable(bool durable) override {
    return Execute(durable ? "PRAGMA synchronous=FULL"
                           : "PRAGMA synchronous=NORMAL");
  }

  absl::Status FlushJournal(absl::Duration patience) override {
    const absl::Time deadline = absl::Now() + patience;
    int code = SQLITE_OK;
    do {
      Wait(std::max(deadline - absl::Now(), absl::ZeroDuration()));
      code = sqlite3_wal_checkpoint_v2(
          database_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
      // While another connection is at it, SQLite waits for nobody.
    } while ((code & 0xff) == SQLITE_BUSY && SleepBefore(deadline));
    Wait(busy_timeout_);
    return SqliteStatus(code, "flush journal", database_);
  }

 private:
  // False once the deadline is over; else sleeps a little.
  static bool SleepBefore(absl::Time deadline) {
    if (absl::Now() >= deadline) return false;
    absl::SleepFor(absl::Milliseconds(2));
    return true;
  }

  void Wait(absl::Duration patience) {
    patience_ = patience;
    sqlite3_busy_handler(database_, &OnBusy, this);
  }

  // Called while another has the lock, `calls` times before for the same one.
  // SQLite's own handler sleeps for a millisecond and more, several times as
  // long as most transactions take.
  static int OnBusy(void* connection, int calls) {
    auto* const self = static_cast<SqliteConnection*>(connection);
    if (calls == 0) self->give_up_at_ = absl::Now() + self->patience_;
    if (absl::Now() >= self->give_up_at_) return 0;
    absl::SleepFor(std::min(kFirstWait * (1 + calls), kLongestWait));
    return 1;
  }

  const std::shared_ptr<const void> hold_;
  sqlite3* database_;
  const std::shared_ptr<StatementCache> cache_ =
      std::make_shared<StatementCache>();
  const absl::Duration busy_timeout_;
  const bool is_writable_;
  absl::Duration patience_;
  absl::Time give_up_at_;
};

// Says what is wrong with the file before SQLite would less clearly, and makes
// it if it is to be made: SQLite would go by the process's umask, and the
// journal files take their mode from it.
//
// A file that is there is not opened here: closing it would drop the locks that
// other connections of this process have on it, and another process could take
// their journal away.
absl::Status PrepareFile(const std::string& path,
                         const SqliteOptions& options) {
  if (options.create) {
    const UniqueFd fd(open(path.c_str(), O_RDWR | O_CLOEXEC | O_CREAT | O_EXCL,
                           S_IRUSR | S_IWUSR));
    if (fd.get() >= 0) return absl::OkStatus();
    if (errno != EEXIST) return ErrnoStatus(errno, path);
  }
  const int mode = options.read_only ? R_OK : R_OK | W_OK;
  if (access(path.c_str(), mode) != 0) return ErrnoStatus(errno, path);
  return absl::OkStatus();
}

// The URI of a file that does not change, for which SQLite makes no journal and
// no lock.
std::string ImmutableUri(const std::string& path) {
  // Two slashes would begin a host's name.
  std::string uri = path[0] == '/' ? "file://" : "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      absl::StrAppend(&uri, "%", absl::Hex(c, absl::kZeroPad2));
    } else {
      uri.push_back(c);
    }
  }
  return uri + "?immutable=1";
}

int OpenFile(const std::string& path, const SqliteOptions& options,
             sqlite3** database) {
  constexpr int kFlags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (!options.read_only) {
    return sqlite3_open_v2(path.c_str(), database,
                           SQLITE_OPEN_READWRITE | kFlags, nullptr);
  }
  if (access((path + "-wal").c_str(), F_OK) == 0) {
    return sqlite3_open_v2(path.c_str(), database,
                           SQLITE_OPEN_READONLY | kFlags, nullptr);
  }
  return sqlite3_open_v2(ImmutableUri(path).c_str(), database,
                         SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | kFlags,
                         nullptr);
}

constexpr int64_t kPageBytes = 4096;

std::string WritablePragmas(const SqliteOptions& options) {
  if (options.foreign) {
    // Of a journal that stays after a commit nothing is left in it.
    return "PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;"
           "PRAGMA secure_delete=ON; PRAGMA journal_size_limit=0;"
           "PRAGMA schema_version;";
  }
  return absl::StrCat(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=",
      options.journal_bytes / kPageBytes, ";");
}

// SQLite counts what it allocates, behind one lock, unless it is told before
// its first use that nobody asks. If it was in use already it goes on counting.
void StopCountingAllocations() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(done);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> OpenSqlite(
    const std::string& path, const SqliteOptions& options) {
  StopCountingAllocations();
  SUBROSA_RETURN_IF_ERROR(PrepareFile(path, options));
  sqlite3* database = nullptr;
  const int code = OpenFile(path, options, &database);
  auto connection = std::make_unique<SqliteConnection>(database, options);
  if (code != SQLITE_OK) return SqliteStatus(code, path, database);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  SUBROSA_RETURN_IF_ERROR(
      Annotate(connection->Execute(absl::StrCat(
                   // A writable one is read when its mode is set.
                   options.read_only ? "PRAGMA schema_version;"
                                     : WritablePragmas(options),
                   "PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF;"
                   "PRAGMA cell_size_check=ON; PRAGMA cache_size=-",
                   options.cache_bytes / 1024)),
               path));
  return connection;
}

}  // namespace subrosa
