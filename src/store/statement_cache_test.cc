#include "src/store/statement_cache.h"

#include <sqlite3.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

class StatementCacheTest : public testing::Test {
 protected:
  StatementCacheTest() {
    EXPECT_EQ(sqlite3_open(":memory:", &database_), SQLITE_OK);
  }
  ~StatementCacheTest() override {
    cache_.Close();
    EXPECT_EQ(sqlite3_close(database_), SQLITE_OK) << "a statement is left";
  }

  sqlite3_stmt* Prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(
        sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr),
        SQLITE_OK);
    return statement;
  }

  sqlite3* database_ = nullptr;
  StatementCache cache_;
};

TEST_F(StatementCacheTest, AStatementIsHadAgainByItsText) {
  sqlite3_stmt* const statement = Prepare("SELECT 1");
  cache_.Give(statement);

  sqlite3_stmt* const again = cache_.Take("SELECT 1");

  EXPECT_EQ(again, statement);
  EXPECT_EQ(cache_.Take("SELECT 1"), nullptr) << "it is one caller's alone";
  cache_.Give(again);
}

TEST_F(StatementCacheTest, AnotherTextIsAnotherStatement) {
  cache_.Give(Prepare("SELECT 1"));

  EXPECT_EQ(cache_.Take("SELECT 12"), nullptr);
  EXPECT_EQ(cache_.Take("SELECT "), nullptr);
  EXPECT_EQ(cache_.Take(""), nullptr);
}

TEST_F(StatementCacheTest, WhatIsKeptHoldsNoValueAndIsAtItsBeginning) {
  sqlite3_stmt* statement = Prepare("SELECT $1");
  sqlite3_bind_int64(statement, 1, 7);
  ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
  cache_.Give(statement);

  statement = cache_.Take("SELECT $1");

  ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
  EXPECT_EQ(sqlite3_column_type(statement, 0), SQLITE_NULL);
  cache_.Give(statement);
}

TEST_F(StatementCacheTest, WhatWasUsedLeastLatelyGoesFirst) {
  for (size_t i = 0; i <= StatementCache::kMaxKept; ++i) {
    cache_.Give(Prepare(absl::StrCat("SELECT ", i)));
  }

  EXPECT_EQ(cache_.Take("SELECT 0"), nullptr);
  sqlite3_stmt* const second = cache_.Take("SELECT 1");
  EXPECT_NE(second, nullptr);
  cache_.Give(second);
}

TEST_F(StatementCacheTest, AfterTheEndOfTheConnectionNothingIsKept) {
  sqlite3_stmt* const statement = Prepare("SELECT 1");
  cache_.Close();

  cache_.Give(statement);

  EXPECT_EQ(cache_.Take("SELECT 1"), nullptr);
}

}  // namespace
}  // namespace subrosa
