#include "src/store/sqlite_backup.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/store/sqlite_structure.h"

namespace {
bool refuse_sync = false;
}  // namespace

// In place of the system's, for this program.
extern "C" int fsync(int fd) {
  if (refuse_sync) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fsync, fd));
}

namespace subrosa {
namespace {

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr size_t kMaxBytes = size_t{64} << 20;

// Accounts between which money moves: the sum is the same at every instant.
class SqliteBackupTest : public testing::Test {
 protected:
  SqliteBackupTest()
      : folder_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())),
        live_(folder_ + "/live.db"),
        copy_(folder_ + "/backups/copy.db") {
    fs::create_directories(folder_ + "/backups");
    SqliteOptions options;
    options.create = true;
    database_ = std::move(OpenSqlite(live_, options)).value();
    EXPECT_TRUE(database_
                    ->Execute("CREATE TABLE account(id INTEGER PRIMARY KEY,"
                              " money INTEGER NOT NULL, pad BLOB NOT NULL);"
                              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
                              "  SELECT i + 1 FROM n WHERE i < 5000)"
                              " INSERT INTO account"
                              " SELECT i, 10, randomblob(3000) FROM n")
                    .ok());
  }

  absl::StatusOr<SqliteBackup> BackUp(
      const std::function<void(int64_t, int64_t)>& on_progress = nullptr) {
    return BackUpSqlite(live_, copy_, on_progress);
  }

  // Moves money from the first account to the last.
  void Transfer() {
    ASSERT_TRUE(
        database_
            ->Execute("BEGIN IMMEDIATE;"
                      "UPDATE account SET money = money - 1 WHERE id = 1;"
                      "UPDATE account SET money = money + 1 WHERE id = 5000;"
                      "COMMIT")
            .ok());
  }

  static int64_t Number(Connection& database, absl::string_view sql) {
    auto statement = database.Prepare(sql);
    EXPECT_TRUE(statement.ok() && (*statement)->Step().value());
    return (*statement)->ColumnInt(0);
  }

  std::unique_ptr<Connection> OpenCopy() {
    SqliteOptions options;
    options.read_only = true;
    return std::move(OpenSqlite(copy_, options)).value();
  }

  // What stands in the folder of the copy.
  std::vector<std::string> Files() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_ + "/backups")) {
      names.push_back(entry.path().filename());
    }
    return names;
  }

  const std::string folder_;
  const std::string live_;
  const std::string copy_;
  std::unique_ptr<Connection> database_;
};

TEST_F(SqliteBackupTest, ACopyHoldsWhatWasCommittedAndStandsAlone) {
  const auto made = BackUp();

  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_THAT(Files(), ElementsAre("copy.db"));
  EXPECT_EQ(made->bytes, static_cast<int64_t>(fs::file_size(copy_)));
  EXPECT_EQ(made->restarts, 0);
  struct stat status;
  ASSERT_EQ(stat(copy_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const std::unique_ptr<Connection> copy = OpenCopy();
  EXPECT_EQ(Number(*copy, "SELECT count(*) FROM account"), 5000);
  EXPECT_EQ(Number(*copy, "SELECT sum(money) FROM account"), 50000);
  EXPECT_THAT(Files(), ElementsAre("copy.db"));
}

TEST_F(SqliteBackupTest, PagesAreCopiedAsTheyAre) {
  ASSERT_TRUE(database_->Execute("DELETE FROM account WHERE id > 4000").ok());
  ASSERT_TRUE(database_->FlushJournal(absl::Seconds(1)).ok());

  ASSERT_TRUE(BackUp().ok());

  std::string live = *ReadFile(live_, kMaxBytes);
  std::string copy = *ReadFile(copy_, kMaxBytes);
  ASSERT_EQ(live.size(), copy.size());
  EXPECT_EQ(copy.substr(18, 2), "\1\1");
  EXPECT_TRUE(live.substr(4096) == copy.substr(4096));
}

TEST_F(SqliteBackupTest, WritersGoOnAndTheCopyIsOfOneInstant) {
  int steps = 0;
  const auto made = BackUp([&](int64_t, int64_t) {
    ++steps;
    Transfer();
  });

  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_GT(made->restarts, 2);
  const std::unique_ptr<Connection> copy = OpenCopy();
  EXPECT_EQ(Number(*copy, "SELECT sum(money) FROM account"), 50000);
  // As it was when the copying began for the last time.
  const int64_t moved =
      10 - Number(*copy, "SELECT money FROM account WHERE id = 1");
  EXPECT_GT(moved, 0);
  EXPECT_LT(moved, steps);
  std::vector<std::string> faults;
  ASSERT_TRUE(CheckSqliteStructure(
                  *copy, StructureCheck::kWhole,
                  [&](absl::string_view fault) { faults.emplace_back(fault); })
                  .ok());
  EXPECT_THAT(faults, IsEmpty());
}

TEST_F(SqliteBackupTest, BetweenStepsTheJournalCanBeEmptied) {
  int emptied = 0;
  ASSERT_TRUE(BackUp([&](int64_t, int64_t) {
                emptied += database_->FlushJournal(absl::ZeroDuration()).ok();
              }).ok());

  EXPECT_GT(emptied, 2);
}

TEST_F(SqliteBackupTest, ADatabaseThatGrowsOrShrinksMeanwhileIsCopiedWhole) {
  int steps = 0;
  ASSERT_TRUE(BackUp([&](int64_t, int64_t) {
                if (++steps != 2) return;
                ASSERT_TRUE(database_
                                ->Execute("DELETE FROM account WHERE id > 1000;"
                                          "VACUUM")
                                .ok());
              }).ok());

  EXPECT_EQ(Number(*OpenCopy(), "SELECT count(*) FROM account"), 1000);
  EXPECT_LT(fs::file_size(copy_), size_t{8} << 20);
}

TEST_F(SqliteBackupTest, ProgressIsToldInBytes) {
  int64_t done = 0;
  ASSERT_TRUE(BackUp([&](int64_t done_bytes, int64_t total_bytes) {
                EXPECT_GT(done_bytes, done);
                EXPECT_LE(done_bytes, total_bytes);
                EXPECT_EQ(total_bytes % 4096, 0);
                done = done_bytes;
              }).ok());

  EXPECT_GT(done, int64_t{8} << 20);
}

TEST_F(SqliteBackupTest, ACopyCanBeCopiedAgain) {
  ASSERT_TRUE(BackUp().ok());
  const std::string again = folder_ + "/again.db";

  ASSERT_TRUE(BackUpSqlite(copy_, again, nullptr).ok());

  EXPECT_TRUE(*ReadFile(copy_, kMaxBytes) == *ReadFile(again, kMaxBytes));
}

TEST_F(SqliteBackupTest, NothingIsEverReplaced) {
  ASSERT_TRUE(ReplaceFile(copy_, "precious", 0600).ok());

  EXPECT_TRUE(absl::IsAlreadyExists(BackUp().status()));

  EXPECT_EQ(*ReadFile(copy_, kMaxBytes), "precious");
}

TEST_F(SqliteBackupTest, ANameThatIsTakenMeanwhileIsNotReplaced) {
  const auto made = BackUp([&](int64_t, int64_t) {
    ASSERT_TRUE(ReplaceFile(copy_, "precious", 0600).ok());
  });

  EXPECT_TRUE(absl::IsAlreadyExists(made.status()));
  EXPECT_EQ(*ReadFile(copy_, kMaxBytes), "precious");
}

TEST_F(SqliteBackupTest, AMissingDatabaseOrFolderIsRefused) {
  EXPECT_TRUE(absl::IsNotFound(
      BackUpSqlite(folder_ + "/none.db", copy_, nullptr).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      BackUpSqlite(live_, folder_ + "/none/copy.db", nullptr).status()));
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_FALSE(fs::exists(folder_ + "/none.db"));
}

TEST_F(SqliteBackupTest, AFileThatIsNoDatabaseIsRefused) {
  const std::string text = folder_ + "/text";
  ASSERT_TRUE(ReplaceFile(text, std::string(8192, 'x'), 0600).ok());

  EXPECT_TRUE(
      absl::IsFailedPrecondition(BackUpSqlite(text, copy_, nullptr).status()));
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(SqliteBackupTest, AFullDiskLeavesNoFileAndSaysSo) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before;
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit bound = before;
  bound.rlim_cur = 1 << 20;
  setrlimit(RLIMIT_FSIZE, &bound);

  const absl::Status status = BackUp().status();

  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("copy.db: write: File too large"));
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(SqliteBackupTest, ADiskThatDoesNotKeepTheCopyLeavesNoFile) {
  refuse_sync = true;
  const absl::Status status = BackUp().status();
  refuse_sync = false;

  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(Files(), IsEmpty());
}

}  // namespace
}  // namespace subrosa
