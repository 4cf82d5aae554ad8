#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

class SqliteChangeMarkTest : public testing::Test {
 protected:
  SqliteChangeMarkTest()
      : path_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name(),
            ".db")),
        mine_(Open()),
        other_(Open()) {
    Run(*mine_, "CREATE TABLE item(id INTEGER)");
  }

  std::unique_ptr<Connection> Open() {
    SqliteOptions options;
    options.create = true;
    return std::move(OpenSqlite(path_, options)).value();
  }

  static void Run(Connection& connection, const std::string& sql) {
    const absl::Status status = connection.Execute(sql);
    EXPECT_TRUE(status.ok()) << status;
  }

  std::optional<ChangeMark> Mark() { return mine_->ReadChangeMark(); }

  const std::string path_;
  const std::unique_ptr<Connection> mine_;
  const std::unique_ptr<Connection> other_;
};

TEST_F(SqliteChangeMarkTest, EveryCommitOfAnyConnectionChangesTheMark) {
  std::optional<ChangeMark> before = Mark();
  ASSERT_TRUE(before.has_value());
  for (Connection* const connection : {mine_.get(), other_.get()}) {
    for (int i = 0; i < 3; ++i) {
      Run(*connection, "INSERT INTO item VALUES(1)");

      const std::optional<ChangeMark> after = Mark();

      ASSERT_TRUE(after.has_value());
      EXPECT_NE(after, before);
      before = after;
    }
  }
}

TEST_F(SqliteChangeMarkTest, WhatIsReadOrTakenBackLeavesTheMark) {
  const std::optional<ChangeMark> before = Mark();

  Run(*other_, "SELECT count(*) FROM item");
  Run(*other_, "BEGIN IMMEDIATE; INSERT INTO item VALUES(1); ROLLBACK");

  EXPECT_EQ(Mark(), before);
}

TEST_F(SqliteChangeMarkTest, ACommitAfterTheJournalWasEmptiedChangesTheMark) {
  Run(*other_, "INSERT INTO item VALUES(1)");
  const std::optional<ChangeMark> before = Mark();
  ASSERT_TRUE(other_->FlushJournal(absl::Seconds(10)).ok());

  // As many frames as there were.
  Run(*other_, "UPDATE item SET id = 2");
  Run(*other_, "UPDATE item SET id = 1");

  EXPECT_NE(Mark(), before);
}

TEST_F(SqliteChangeMarkTest, WithinATransactionThereIsNoMark) {
  Run(*mine_, "BEGIN IMMEDIATE");

  EXPECT_FALSE(Mark().has_value());

  Run(*mine_, "ROLLBACK");
  EXPECT_TRUE(Mark().has_value());
}

TEST_F(SqliteChangeMarkTest, AFileThatIsOnlyReadHasNoMarkAndGetsNoIndex) {
  ASSERT_TRUE(mine_->FlushJournal(absl::Seconds(10)).ok());
  const std::string copy = path_ + ".copy";
  Run(*mine_, absl::StrCat("VACUUM INTO '", copy, "'"));
  SqliteOptions options;
  options.read_only = true;
  const auto read = std::move(OpenSqlite(copy, options)).value();

  EXPECT_FALSE(read->ReadChangeMark().has_value());
  EXPECT_NE(access((copy + "-shm").c_str(), F_OK), 0);
}

}  // namespace
}  // namespace subrosa
