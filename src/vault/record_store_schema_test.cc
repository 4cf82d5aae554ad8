#include "src/vault/record_store_schema.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/store/migrations.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/record_counts.h"

namespace subrosa {
namespace {

// How many steps there were when choices stood in an index.
constexpr size_t kStepsWithChoiceIndex = 10;

// How many there were before the one that has `sql`.
size_t StepsBefore(absl::string_view sql) {
  const absl::Span<const Migration> steps = RecordStoreMigrations();
  const auto found =
      std::find_if(steps.begin(), steps.end(), [sql](const Migration& step) {
        return absl::StrContains(step.sql, sql);
      });
  return static_cast<size_t>(found - steps.begin());
}

class RecordStoreSchemaTest : public testing::Test {
 protected:
  void MigrateBy(size_t steps) {
    ASSERT_TRUE(
        Migrate(*database_, "records", RecordStoreMigrations().first(steps))
            .ok());
  }
  void MigrateToTheEnd() { MigrateBy(RecordStoreMigrations().size()); }

  // The first column of each row.
  std::vector<int64_t> Read(const std::string& sql) {
    std::vector<int64_t> numbers;
    const std::unique_ptr<Statement> statement =
        database_->Prepare(sql).value();
    while (*statement->Step()) numbers.push_back(statement->ColumnInt(0));
    return numbers;
  }

  const std::unique_ptr<Connection> database_ = [] {
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

TEST_F(RecordStoreSchemaTest, AnswersOfAnOlderStoreSayOfWhichDaysTheyAre) {
  MigrateBy(StepsBefore("CREATE TABLE aggregate_lost"));
  const auto insert = [](absl::string_view question, absl::string_view measure,
                         absl::string_view period, absl::string_view number) {
    return absl::StrCat("INSERT INTO aggregate_answer VALUES(1, '", question,
                        "', '", measure, "', 20000, '{\"period\": \"", period,
                        "\", \"type\": \"demo.Mood\", \"mean_of\": \"", number,
                        "\"}');");
  };
  ASSERT_TRUE(database_
                  ->Execute(absl::StrCat(
                      insert("count", "", "2025", ""),
                      insert("leap-month", "0a1b", "2024-02", "score"),
                      insert("quarter", "2c3d", "2025-Q4", "part.score"),
                      insert("december", "4e5f", "1999-12", "score")))
                  .ok());

  MigrateToTheEnd();

  const auto days = [](int year, int month, int day) -> int64_t {
    return absl::CivilDay(year, month, day) - absl::CivilDay(1970, 1, 1);
  };
  EXPECT_EQ(Read("SELECT first_day FROM aggregate_answer ORDER BY question"),
            (std::vector<int64_t>{days(2025, 1, 1), days(1999, 12, 1),
                                  days(2024, 2, 1), days(2025, 10, 1)}));
  EXPECT_EQ(Read("SELECT last_day FROM aggregate_answer ORDER BY question"),
            (std::vector<int64_t>{days(2025, 12, 31), days(1999, 12, 31),
                                  days(2024, 2, 29), days(2025, 12, 31)}));
  EXPECT_EQ(Read("SELECT count(*) FROM aggregate_answer"
                 " WHERE measure = 'demo.Mood score'"),
            std::vector<int64_t>{2});
  EXPECT_EQ(Read("SELECT count(*) FROM aggregate_answer"
                 " WHERE measure IN ('', 'demo.Mood part.score')"),
            std::vector<int64_t>{2});
}

TEST_F(RecordStoreSchemaTest, ChoicesOfAnOlderStoreNameTheOnesBeforeThem) {
  MigrateBy(kStepsWithChoiceIndex);
  ASSERT_TRUE(database_
                  ->Execute("INSERT INTO choice_state(entity, consumer_ref,"
                            " choices, ask_again)"
                            " VALUES(1, 'ada', 9, 1), (1, 'luz', 1, 0),"
                            " (2, 'ada', 1, 0), (1, 'eve', 4, 1);"
                            "INSERT INTO choice(row, entity, consumer_ref,"
                            " number, sealed) VALUES(2, 1, 'ada', 1, 'a'),"
                            " (3, 1, 'luz', 1, 'b'), (5, 1, 'ada', 2, 'c'),"
                            " (6, 2, 'ada', 1, 'd'), (7, 1, 'ada', 9, 'e')")
                  .ok());

  MigrateToTheEnd();

  EXPECT_EQ(Read("SELECT row FROM choice ORDER BY row"),
            (std::vector<int64_t>{2, 3, 5, 6, 7}));
  EXPECT_EQ(Read("SELECT previous FROM choice ORDER BY row"),
            (std::vector<int64_t>{0, 0, 2, 0, 5}));
  EXPECT_EQ(Read("SELECT last_row FROM choice_state"
                 " ORDER BY entity, consumer_ref"),
            (std::vector<int64_t>{7, 0, 3, 6}));
  EXPECT_EQ(Read("SELECT last_row FROM choice_issued"),
            std::vector<int64_t>{7});
}

TEST_F(RecordStoreSchemaTest, RecordsOfAnOlderStoreAreCountedOnce) {
  MigrateBy(StepsBefore("CREATE TABLE record_count"));
  // Two records of one shape; one whose newest revision is of another; one of
  // another entity.
  ASSERT_TRUE(
      database_
          ->Execute("INSERT INTO record(entity, data_ref, record_ref,"
                    " revision, schema, source, purpose, categories,"
                    " labels, collected_day, effective_day, digest,"
                    " row_tag, envelope) VALUES"
                    " (1, 'a', 'x', 1, 2, 3, 4, 5, 6, 0, 0, '', '', ''),"
                    " (1, 'b', 'x', 1, 2, 3, 4, 5, 6, 9, 9, '', '', ''),"
                    " (1, 'b', 'y', 1, 2, 3, 4, 5, 6, 0, 0, '', '', ''),"
                    " (1, 'b', 'y', 3, 2, 3, 4, 7, 6, 0, 0, '', '', ''),"
                    " (8, 'a', 'x', 1, 2, 3, 4, 5, 6, 0, 0, '', '', '')")
          .ok());

  MigrateToTheEnd();

  EXPECT_EQ(Read("SELECT records FROM record_count"
                 " ORDER BY entity, categories"),
            (std::vector<int64_t>{2, 1, 1}));
  const absl::StatusOr<CountsCheck> check = CheckRecordCounts(*database_);
  ASSERT_TRUE(check.ok()) << check.status();
  EXPECT_EQ(check->shapes_off, 0);
  EXPECT_EQ(check->records, 4);
}

TEST_F(RecordStoreSchemaTest, RequestsOfAnOlderStoreAreLeftToWhoHasTheKeys) {
  MigrateBy(StepsBefore("CREATE TABLE record_count"));
  ASSERT_TRUE(database_
                  ->Execute("INSERT INTO request VALUES"
                            " (1, 'a', 1, 1, 0, 2028, '', ''),"
                            " (1, 'b', 1, 1, 0, 2028, '', '')")
                  .ok());

  MigrateToTheEnd();

  EXPECT_EQ(Read("SELECT entity FROM request_uncounted"),
            std::vector<int64_t>{1});
}

TEST_F(RecordStoreSchemaTest, SignalsOfAnOlderStoreAreLeftToTheLog) {
  const absl::Span<const Migration> steps = RecordStoreMigrations();
  const auto signals =
      std::find_if(steps.begin(), steps.end(), [](const Migration& step) {
        return absl::StrContains(step.sql, "signal_count_from");
      });
  MigrateBy(static_cast<size_t>(signals - steps.begin()));
  // Whoever's choices there were was erased: the log still has them.
  ASSERT_TRUE(database_
                  ->Execute("INSERT INTO installation VALUES('here');"
                            "UPDATE choice_issued SET last_row = 5")
                  .ok());

  MigrateToTheEnd();

  EXPECT_EQ(Read("SELECT day FROM signal_count_from"), std::vector<int64_t>{0});
  EXPECT_EQ(Read("SELECT count(*) FROM signal_count"), std::vector<int64_t>{0});
}

TEST_F(RecordStoreSchemaTest, ANewStoreCountsSignalsFromItsFirst) {
  MigrateToTheEnd();

  EXPECT_EQ(Read("SELECT count(*) FROM signal_count_from"),
            std::vector<int64_t>{0});
}

}  // namespace
}  // namespace subrosa
