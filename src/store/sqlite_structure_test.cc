#include "src/store/sqlite_structure.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

using testing::IsEmpty;

constexpr size_t kMaxBytes = 1 << 20;

class SqliteStructureTest : public testing::Test {
 protected:
  // A database of 100 rows of a kibibyte, closed.
  SqliteStructureTest()
      : path_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name(),
            ".db")) {
    SqliteOptions options;
    options.create = true;
    EXPECT_TRUE(OpenSqlite(path_, options)
                    .value()
                    ->Execute("CREATE TABLE item(id INTEGER NOT NULL, body);"
                              "CREATE UNIQUE INDEX item_id ON item(id);"
                              "WITH RECURSIVE n(i) AS (SELECT 7000 UNION ALL"
                              "  SELECT i + 1 FROM n WHERE i < 7099)"
                              " INSERT INTO item SELECT i, zeroblob(1024)"
                              " FROM n")
                    .ok());
  }

  // Changes the file's content.
  void Change(const std::function<void(std::string*)>& change) {
    std::string content = *ReadFile(path_, kMaxBytes);
    change(&content);
    ASSERT_TRUE(ReplaceFile(path_, content, 0600).ok());
  }

  std::vector<std::string> Faults(StructureCheck check) {
    std::vector<std::string> faults;
    SqliteOptions options;
    options.read_only = true;
    auto database = OpenSqlite(path_, options);
    EXPECT_TRUE(database.ok()) << database.status();
    if (!database.ok()) return {};
    EXPECT_TRUE(
        CheckSqliteStructure(**database, check, [&](absl::string_view fault) {
          faults.emplace_back(fault);
        }).ok());
    return faults;
  }

  std::string path_;
};

TEST_F(SqliteStructureTest, AWholeDatabaseHasNoFault) {
  EXPECT_THAT(Faults(StructureCheck::kWhole), IsEmpty());
  EXPECT_THAT(Faults(StructureCheck::kQuick), IsEmpty());
}

TEST_F(SqliteStructureTest, AFlippedByteInAPagesHeaderIsFound) {
  Change([](std::string* content) { (*content)[3 * 4096] ^= 0x40; });

  EXPECT_FALSE(Faults(StructureCheck::kWhole).empty());
  EXPECT_FALSE(Faults(StructureCheck::kQuick).empty());
}

TEST_F(SqliteStructureTest, AChangedKeyIsFoundByTheWholeCheckAlone) {
  // 7042 as it stands in the table's row; in the index it stays.
  Change([](std::string* content) {
    const size_t at = content->rfind("\x1b\x82");
    ASSERT_NE(at, std::string::npos);
    (*content)[at + 1] ^= 0x01;
  });

  EXPECT_FALSE(Faults(StructureCheck::kWhole).empty());
  EXPECT_THAT(Faults(StructureCheck::kQuick), IsEmpty());
}

TEST_F(SqliteStructureTest, AFileThatWasCutShortDoesNotEvenOpen) {
  Change([](std::string* content) { content->resize(content->size() / 2); });
  SqliteOptions options;
  options.read_only = true;

  EXPECT_TRUE(absl::IsDataLoss(OpenSqlite(path_, options).status()));
}

TEST_F(SqliteStructureTest, NoMoreThanAHundredFaultsAreTold) {
  Change([](std::string* content) {
    for (size_t at = 4096; at < content->size(); at += 4096) {
      content->replace(at, 64, std::string(64, '\xff'));
    }
  });

  const std::vector<std::string> faults = Faults(StructureCheck::kWhole);

  EXPECT_GT(faults.size(), 0u);
  EXPECT_LE(faults.size(), 110u);
}

}  // namespace
}  // namespace subrosa
