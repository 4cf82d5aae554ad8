#include "src/notice/encryption_inventory.h"

#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/store/connection.h"
#include "src/store/migrations.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/key_store_schema.h"
#include "src/vault/record_store_schema.h"

namespace subrosa {
namespace {

using ::testing::HasSubstr;

// The tables of a new store, as "keys.epoch".
std::set<std::string> TablesOf(const std::string& store,
                               absl::Span<const Migration> migrations) {
  SqliteOptions options;
  options.create = true;
  const std::unique_ptr<Connection> database =
      OpenSqlite(absl::StrCat(testing::TempDir(), "/", store, ".db"), options)
          .value();
  EXPECT_TRUE(Migrate(*database, store, migrations).ok());
  const std::unique_ptr<Statement> read =
      database
          ->Prepare(
              "SELECT name FROM sqlite_master WHERE type = 'table'"
              " AND name NOT LIKE 'sqlite%'")
          .value();
  std::set<std::string> tables;
  while (*read->Step()) {
    tables.insert(absl::StrCat(store, ".", read->ColumnBytes(0)));
  }
  return tables;
}

TEST(EncryptionInventoryTest, EveryTableIsToldOfAndNoOther) {
  const auto inventory = BuiltInEncryptionInventory();
  ASSERT_TRUE(inventory.ok()) << inventory.status();
  std::set<std::string> told;
  for (const auto& kind : inventory->kind()) {
    told.insert(kind.table().begin(), kind.table().end());
  }
  std::set<std::string> there = TablesOf("keys", KeyStoreMigrations());
  there.merge(TablesOf("records", RecordStoreMigrations()));

  EXPECT_EQ(told, there);
}

TEST(EncryptionInventoryTest, AKindThatDoesNotSayHowItRestsIsRefused) {
  const absl::Status status =
      ParseEncryptionInventory(
          "kind { what: \"x\" store: \"log\" protection: \"clear\" key: "
          "\"none\" }"
          "\nkind { what: \"x\" store: \"log\" key: \"none\" }")
          .status();

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("textproto:2: kind.protection: want a text"));
}

TEST(EncryptionInventoryTest, ATableOfNoStoreIsRefused) {
  const absl::Status status =
      ParseEncryptionInventory(
          "kind { what: \"x\" store: \"log\" protection: \"clear\""
          " key: \"none\" table: \"record\" }")
          .status();

  EXPECT_THAT(std::string(status.message()), HasSubstr("got `record`"));
}

TEST(EncryptionInventoryTest, AnUnknownFieldIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      ParseEncryptionInventory("kind { cipher: \"none\" }").status()));
}

}  // namespace
}  // namespace subrosa
