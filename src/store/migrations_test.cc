#include "src/store/migrations.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

const std::vector<Migration> kTwoSteps = {
    {"CREATE TABLE a(x INTEGER)"},
    {"CREATE TABLE b(x INTEGER); INSERT INTO b VALUES(7)"},
};

std::unique_ptr<Connection> NewDatabase() {
  SqliteOptions options;
  options.create = true;
  options.busy_timeout = absl::Milliseconds(20);
  const std::string path = absl::StrCat(
      testing::TempDir(), "/",
      testing::UnitTest::GetInstance()->current_test_info()->name(), ".db");
  return std::move(OpenSqlite(path, options)).value();
}

bool HasTable(Connection& database, absl::string_view table) {
  return database.Prepare(absl::StrCat("SELECT 1 FROM ", table)).ok();
}

TEST(MigrationsTest, ANewDatabaseGetsEveryStep) {
  const std::unique_ptr<Connection> database = NewDatabase();

  ASSERT_TRUE(Migrate(*database, "key store", kTwoSteps).ok());

  EXPECT_TRUE(HasTable(*database, "a"));
  EXPECT_TRUE(HasTable(*database, "b"));
}

TEST(MigrationsTest, AStepIsTakenOnce) {
  const std::unique_ptr<Connection> database = NewDatabase();
  ASSERT_TRUE(
      Migrate(*database, "key store", absl::MakeSpan(kTwoSteps).first(1)).ok());

  ASSERT_TRUE(Migrate(*database, "key store", kTwoSteps).ok());
  ASSERT_TRUE(Migrate(*database, "key store", kTwoSteps).ok());

  auto count = database->Prepare("SELECT count(*) FROM b");
  ASSERT_TRUE((*count)->Step().value());
  EXPECT_EQ((*count)->ColumnInt(0), 1);
}

TEST(MigrationsTest, ADatabaseThatIsUpToDateIsOnlyRead) {
  const std::unique_ptr<Connection> database = NewDatabase();
  ASSERT_TRUE(Migrate(*database, "key store", kTwoSteps).ok());
  const std::unique_ptr<Connection> other = NewDatabase();
  const auto writing = Transaction::Begin(*other);

  EXPECT_TRUE(Migrate(*database, "key store", kTwoSteps).ok());
}

TEST(MigrationsTest, ADatabaseSaysWhatItIs) {
  const std::unique_ptr<Connection> database = NewDatabase();
  EXPECT_TRUE(absl::IsNotFound(ReadSchemaVersion(*database).status()));
  ASSERT_TRUE(Migrate(*database, "key store", kTwoSteps).ok());

  const auto version = ReadSchemaVersion(*database);

  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_EQ(version->kind, "key store");
  EXPECT_EQ(version->version, 2);
}

TEST(MigrationsTest, AFailingStepLeavesTheVersionBeforeIt) {
  const std::unique_ptr<Connection> database = NewDatabase();
  const std::vector<Migration> broken = {
      kTwoSteps[0], {"CREATE TABLE c(x INTEGER); CREATE TABLE a(x INTEGER)"}};

  EXPECT_FALSE(Migrate(*database, "key store", broken).ok());

  EXPECT_FALSE(HasTable(*database, "c"));
  EXPECT_TRUE(Migrate(*database, "key store", kTwoSteps).ok());
}

TEST(MigrationsTest, ADatabaseOfANewerProgramIsRefused) {
  const std::unique_ptr<Connection> database = NewDatabase();
  ASSERT_TRUE(Migrate(*database, "key store", kTwoSteps).ok());

  const absl::Status status =
      Migrate(*database, "key store", absl::MakeSpan(kTwoSteps).first(1));

  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_EQ(status.message(),
            "key store: want version 1 or less, got 2; a newer subrosa wrote "
            "it: use that one");
}

TEST(MigrationsTest, TheRecordStoreIsNotTakenForTheKeyStore) {
  const std::unique_ptr<Connection> database = NewDatabase();
  ASSERT_TRUE(Migrate(*database, "record store", kTwoSteps).ok());

  EXPECT_EQ(Migrate(*database, "key store", kTwoSteps).message(),
            "database: want a key store, got a record store");
}

}  // namespace
}  // namespace subrosa
