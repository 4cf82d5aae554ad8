#include "src/vault/record_store_schema.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/store/migrations.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

// How many steps there were when choices stood in an index.
constexpr size_t kStepsWithChoiceIndex = 10;

TEST(RecordStoreSchemaTest, ChoicesOfAnOlderStoreNameTheOnesBeforeThem) {
  SqliteOptions options;
  options.create = true;
  const std::unique_ptr<Connection> database =
      OpenSqlite(testing::TempDir() + "/older.db", options).value();
  const absl::Span<const Migration> steps = RecordStoreMigrations();
  ASSERT_TRUE(
      Migrate(*database, "records", steps.first(kStepsWithChoiceIndex)).ok());
  ASSERT_TRUE(database
                  ->Execute("INSERT INTO choice_state(entity, consumer_ref,"
                            " choices, ask_again)"
                            " VALUES(1, 'ada', 9, 1), (1, 'luz', 1, 0),"
                            " (2, 'ada', 1, 0), (1, 'eve', 4, 1);"
                            "INSERT INTO choice(row, entity, consumer_ref,"
                            " number, sealed) VALUES(2, 1, 'ada', 1, 'a'),"
                            " (3, 1, 'luz', 1, 'b'), (5, 1, 'ada', 2, 'c'),"
                            " (6, 2, 'ada', 1, 'd'), (7, 1, 'ada', 9, 'e')")
                  .ok());

  ASSERT_TRUE(Migrate(*database, "records", steps).ok());

  const auto read = [&](const std::string& sql) {
    std::vector<int64_t> numbers;
    const std::unique_ptr<Statement> statement = database->Prepare(sql).value();
    while (*statement->Step()) numbers.push_back(statement->ColumnInt(0));
    return numbers;
  };
  EXPECT_EQ(read("SELECT row FROM choice ORDER BY row"),
            (std::vector<int64_t>{2, 3, 5, 6, 7}));
  EXPECT_EQ(read("SELECT previous FROM choice ORDER BY row"),
            (std::vector<int64_t>{0, 0, 2, 0, 5}));
  EXPECT_EQ(read("SELECT last_row FROM choice_state"
                 " ORDER BY entity, consumer_ref"),
            (std::vector<int64_t>{7, 0, 3, 6}));
  EXPECT_EQ(read("SELECT last_row FROM choice_issued"),
            std::vector<int64_t>{7});
}

}  // namespace
}  // namespace subrosa
