#include "src/vault/lost_answers.h"

#include <memory>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/store/migrations.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/record_store_schema.h"

namespace subrosa {
namespace {

class LostAnswersTest : public testing::Test {
 protected:
  LostAnswersTest() {
    EXPECT_TRUE(
        Migrate(*records_, "record store", RecordStoreMigrations()).ok());
  }

  const std::unique_ptr<Connection> records_ = [] {
    SqliteOptions options;
    options.create = true;
    return OpenSqlite(testing::TempDir() + "/" +
                          testing::UnitTest::GetInstance()
                              ->current_test_info()
                              ->name(),
                      options)
        .value();
  }();
};

TEST_F(LostAnswersTest, AStoreThatWasNeverPutBackLacksNone) {
  ASSERT_TRUE(MarkLostAnswers(*records_, 0, 0).ok());

  EXPECT_EQ(ReadLostAnswers(*records_)->answers, 0);
}

TEST_F(LostAnswersTest, WhatTwoRestoresLoseAddsUpAndIsSettledNoMore) {
  ASSERT_TRUE(MarkLostAnswers(*records_, 2, 20500).ok());
  ASSERT_TRUE(SettleLostAnswers(*records_).ok());
  EXPECT_TRUE(ReadLostAnswers(*records_)->is_settled);

  ASSERT_TRUE(MarkLostAnswers(*records_, 3, 20400).ok());

  const LostAnswers lost = ReadLostAnswers(*records_).value();
  EXPECT_EQ(lost.answers, 5);
  EXPECT_EQ(lost.last_day, 20500);
  EXPECT_FALSE(lost.is_settled);
}

TEST_F(LostAnswersTest, ARestoreThatLosesNoneLeavesWhatWasSettledSo) {
  ASSERT_TRUE(MarkLostAnswers(*records_, 2, 20500).ok());
  ASSERT_TRUE(SettleLostAnswers(*records_).ok());

  ASSERT_TRUE(MarkLostAnswers(*records_, 0, 0).ok());

  EXPECT_TRUE(ReadLostAnswers(*records_)->is_settled);
}

TEST_F(LostAnswersTest, AStoreOfAnOlderVersionDoesNotSay) {
  ASSERT_TRUE(records_->Execute("DROP TABLE aggregate_lost").ok());

  EXPECT_FALSE(ReadLostAnswers(*records_).ok());
}

}  // namespace
}  // namespace subrosa
