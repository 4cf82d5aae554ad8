#include "src/store/sqlite_connection.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/store/connection.h"

namespace {
std::atomic<int> syncs{0};
}  // namespace

// In place of the system's, for this program.
extern "C" int fdatasync(int fd) {
  ++syncs;
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}

namespace subrosa {
namespace {

using testing::HasSubstr;

class SqliteConnectionTest : public testing::Test {
 protected:
  SqliteConnectionTest()
      : path_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name(),
            ".db")) {}

  std::unique_ptr<Connection> Open() {
    SqliteOptions options;
    options.create = true;
    options.busy_timeout = absl::Milliseconds(20);
    return std::move(OpenSqlite(path_, options)).value();
  }

  std::unique_ptr<Connection> OpenWithTable() {
    std::unique_ptr<Connection> connection = Open();
    EXPECT_TRUE(
        connection->Execute("CREATE TABLE item(id INTEGER UNIQUE, body BLOB)")
            .ok());
    return connection;
  }

  static absl::Status Insert(Connection& connection, int64_t id,
                             absl::string_view body) {
    auto statement = connection.Prepare("INSERT INTO item VALUES($1, $2)");
    if (!statement.ok()) return statement.status();
    (*statement)->BindInt(1, id);
    (*statement)->BindBytes(2, body);
    return (*statement)->Run();
  }

  static int64_t Count(Connection& connection) {
    auto statement = connection.Prepare("SELECT count(*) FROM item");
    EXPECT_TRUE((*statement)->Step().value());
    return (*statement)->ColumnInt(0);
  }

  std::string path_;
};

TEST_F(SqliteConnectionTest, BytesComeBackAsTheyWereBound) {
  const std::unique_ptr<Connection> connection = OpenWithTable();
  const std::string body("\0a\xff\0", 4);
  ASSERT_TRUE(Insert(*connection, 1, body).ok());

  auto statement = connection->Prepare("SELECT body FROM item WHERE id = $1");
  (*statement)->BindInt(1, 1);

  ASSERT_TRUE((*statement)->Step().value());
  EXPECT_EQ((*statement)->ColumnBytes(0), body);
  EXPECT_FALSE((*statement)->Step().value());
}

TEST_F(SqliteConnectionTest, AnEmptyValueIsNotNull) {
  const std::unique_ptr<Connection> connection = OpenWithTable();
  ASSERT_TRUE(Insert(*connection, 1, absl::string_view()).ok());

  auto statement =
      connection->Prepare("SELECT count(*) FROM item WHERE body IS NULL");

  ASSERT_TRUE((*statement)->Step().value());
  EXPECT_EQ((*statement)->ColumnInt(0), 0);
}

TEST_F(SqliteConnectionTest, OnlyTheOwnerMayReadTheFile) {
  const std::unique_ptr<Connection> connection = OpenWithTable();

  struct stat status;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    ASSERT_EQ(stat(absl::StrCat(path_, suffix).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u) << suffix;
  }
}

TEST_F(SqliteConnectionTest, WhatWasNotCommittedIsGone) {
  const std::unique_ptr<Connection> connection = OpenWithTable();
  {
    auto transaction = Transaction::Begin(*connection);
    ASSERT_TRUE(Insert(*connection, 1, "x").ok());
  }

  EXPECT_EQ(Count(*connection), 0);
}

TEST_F(SqliteConnectionTest, WhatWasCommittedIsSeenByAnotherConnection) {
  const std::unique_ptr<Connection> connection = OpenWithTable();
  auto transaction = Transaction::Begin(*connection);
  ASSERT_TRUE(Insert(*connection, 1, "x").ok());

  ASSERT_TRUE(transaction->Commit().ok());

  EXPECT_EQ(Count(*Open()), 1);
}

// Whether this process has a lock on the file, as another one sees it.
bool IsLocked(const std::string& path) {
  const pid_t other = fork();
  if (other == 0) {
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const int fd = open(path.c_str(), O_RDWR);
    _exit(fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 0 : 1);
  }
  int status = 1;
  waitpid(other, &status, 0);
  return status == 0;
}

TEST_F(SqliteConnectionTest, ACommitIsOnTheDiskUnlessItNeedNotBeDurable) {
  const std::unique_ptr<Connection> connection = OpenWithTable();
  const auto syncs_of_insert = [&](int64_t id) {
    const int before = syncs;
    EXPECT_TRUE(Insert(*connection, id, "body").ok());
    return syncs - before;
  };

  EXPECT_GT(syncs_of_insert(1), 0);
  ASSERT_TRUE(connection->SetDurable(false).ok());
  EXPECT_EQ(syncs_of_insert(2), 0);
  ASSERT_TRUE(connection->SetDurable(true).ok());
  EXPECT_GT(syncs_of_insert(3), 0);
}

TEST_F(SqliteConnectionTest, ASecondConnectionLeavesTheLocksOfTheFirst) {
  const std::unique_ptr<Connection> first = OpenWithTable();
  ASSERT_TRUE(IsLocked(path_));

  const std::unique_ptr<Connection> second = Open();

  EXPECT_TRUE(IsLocked(path_));
}

TEST_F(SqliteConnectionTest, WhatIsReadTogetherIsOfOneInstant) {
  const std::unique_ptr<Connection> writer = OpenWithTable();
  const std::unique_ptr<Connection> reader = Open();
  {
    const auto transaction = ReadTransaction::Begin(*reader);
    ASSERT_TRUE(transaction.ok());
    ASSERT_EQ(Count(*reader), 0);

    ASSERT_TRUE(Insert(*writer, 1, "a").ok());

    EXPECT_EQ(Count(*reader), 0);
  }
  EXPECT_EQ(Count(*reader), 1);
}

TEST_F(SqliteConnectionTest, ASecondWriterIsToldToTryLater) {
  const std::unique_ptr<Connection> first = OpenWithTable();
  const std::unique_ptr<Connection> second = Open();
  auto transaction = Transaction::Begin(*first);

  EXPECT_TRUE(absl::IsUnavailable(Transaction::Begin(*second).status()));
}

TEST_F(SqliteConnectionTest, ATakenIdIsAlreadyExistsAndTheMessageHoldsNoValue) {
  const std::unique_ptr<Connection> connection = OpenWithTable();
  ASSERT_TRUE(Insert(*connection, 77123, "canary-body").ok());

  const absl::Status status = Insert(*connection, 77123, "canary-body");

  EXPECT_TRUE(absl::IsAlreadyExists(status));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("canary")));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("77123")));
}

class ReadOnlyTest : public SqliteConnectionTest {
 protected:
  static absl::StatusOr<std::unique_ptr<Connection>> Read(
      const std::string& path) {
    SqliteOptions options;
    options.read_only = true;
    return OpenSqlite(path, options);
  }
};

TEST_F(ReadOnlyTest, AFileIsReadAndNothingIsWrittenToItOrBesideIt) {
  path_ = absl::StrCat(testing::TempDir(), "/100%?#1.db");
  ASSERT_TRUE(Insert(*OpenWithTable(), 1, "x").ok());
  const std::string before = *ReadFile(path_, 1 << 20);
  {
    const auto read = Read(path_);
    ASSERT_TRUE(read.ok()) << read.status();

    EXPECT_EQ(Count(**read), 1);
    EXPECT_TRUE(absl::IsPermissionDenied(Insert(**read, 2, "y")));
    EXPECT_NE(access((path_ + "-wal").c_str(), F_OK), 0);
    EXPECT_NE(access((path_ + "-shm").c_str(), F_OK), 0);
  }
  EXPECT_EQ(*ReadFile(path_, 1 << 20), before);
}

TEST_F(ReadOnlyTest, WhatStandsInAJournalIsReadToo) {
  const std::unique_ptr<Connection> writer = OpenWithTable();
  ASSERT_TRUE(Insert(*writer, 1, "x").ok());

  EXPECT_EQ(Count(**Read(path_)), 1);
}

TEST_F(ReadOnlyTest, AMissingFileAndOneThatIsNoDatabaseAreRefused) {
  EXPECT_TRUE(absl::IsNotFound(Read(path_).status()));
  ASSERT_TRUE(ReplaceFile(path_, std::string(8192, 'x'), 0600).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Read(path_).status()));
}

TEST_F(SqliteConnectionTest, AMissingFileIsNotFoundUnlessItMayBeMade) {
  EXPECT_TRUE(absl::IsNotFound(OpenSqlite(path_, {}).status()));
}

TEST_F(SqliteConnectionTest, AFileThatIsNoDatabaseIsRefused) {
  ASSERT_TRUE(ReplaceFile(path_, std::string(8192, 'x'), 0600).ok());

  EXPECT_TRUE(absl::IsFailedPrecondition(OpenSqlite(path_, {}).status()));
}

TEST_F(SqliteConnectionTest, ADirectoryIsNotADatabase) {
  EXPECT_FALSE(OpenSqlite(testing::TempDir(), {}).ok());
}

TEST_F(SqliteConnectionTest, AWrongStatementIsOurBug) {
  const std::unique_ptr<Connection> connection = OpenWithTable();

  EXPECT_TRUE(absl::IsInternal(connection->Prepare("SELEC").status()));
  auto statement = connection->Prepare("SELECT 1");
  (*statement)->BindInt(5, 1);
  EXPECT_TRUE(absl::IsInternal((*statement)->Step().status()));
}

TEST_F(SqliteConnectionTest, DeletedBytesStandInNoFileOnceTheJournalIsFlushed) {
  const std::unique_ptr<Connection> connection = OpenWithTable();
  const std::string canary = "canary-5c1f-canary";
  ASSERT_TRUE(Insert(*connection, 1, canary).ok());
  ASSERT_TRUE(connection->FlushJournal(absl::Seconds(1)).ok());
  ASSERT_THAT(*ReadFile(path_, 1 << 20), HasSubstr(canary));

  ASSERT_TRUE(connection->Execute("DELETE FROM item").ok());
  ASSERT_TRUE(connection->FlushJournal(absl::Seconds(1)).ok());

  EXPECT_THAT(*ReadFile(path_, 1 << 20), Not(HasSubstr(canary)));
  EXPECT_THAT(*ReadFile(absl::StrCat(path_, "-wal"), 1 << 20),
              Not(HasSubstr(canary)));
}

TEST_F(SqliteConnectionTest, AJournalThatIsBeingReadIsNotWaitedForInVain) {
  const std::unique_ptr<Connection> connection = OpenWithTable();
  ASSERT_TRUE(Insert(*connection, 1, "x").ok());
  ASSERT_TRUE(Insert(*connection, 2, "y").ok());
  const std::unique_ptr<Connection> other = Open();
  auto read = other->Prepare("SELECT id FROM item");
  ASSERT_TRUE((*read)->Step().value());
  ASSERT_TRUE(connection->Execute("DELETE FROM item").ok());

  EXPECT_TRUE(
      absl::IsUnavailable(connection->FlushJournal(absl::ZeroDuration())));

  (*read)->Reset();
  EXPECT_TRUE(connection->FlushJournal(absl::ZeroDuration()).ok());
}

TEST_F(SqliteConnectionTest, WhoEmptiesTheJournalWaitsForOthersWhoDo) {
  OpenWithTable();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 3; ++thread) {
    threads.emplace_back([this, thread] {
      const auto connection =
          std::move(OpenSqlite(path_, SqliteOptions())).value();
      for (int i = 0; i < 100; ++i) {
        EXPECT_TRUE(Insert(*connection, 1000 * thread + i, "x").ok());
        const absl::Status flushed =
            connection->FlushJournal(absl::Seconds(60));
        EXPECT_TRUE(flushed.ok()) << flushed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace subrosa
