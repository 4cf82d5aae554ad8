#include "src/vault/store_facts.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/scratch_vault.h"

namespace subrosa {
namespace {

using testing::HasSubstr;

class StoreFactsTest : public testing::Test {
 protected:
  absl::StatusOr<StoreFacts> Read(const std::string& store) {
    SqliteOptions options;
    options.read_only = true;
    return ReadStoreFacts(**OpenSqlite(scratch_.PathOf(store), options));
  }

  ScratchVault scratch_;
};

TEST_F(StoreFactsTest, EachStoreSaysWhatItIs) {
  scratch_.Put({"ada", "bo"}, "1", "calm");

  const auto keys = Read("keys");
  const auto records = Read("records");

  ASSERT_TRUE(keys.ok() && records.ok()) << keys.status() << records.status();
  EXPECT_EQ(keys->kind, StoreKind::kKeys);
  EXPECT_EQ(records->kind, StoreKind::kRecords);
  EXPECT_TRUE(keys->is_up_to_date() && records->is_up_to_date());
  EXPECT_EQ(keys->installation, scratch_.vault().installation());
  EXPECT_EQ(keys->entity, scratch_.vault().entity());
  EXPECT_EQ(keys->epoch, 1u);
  EXPECT_EQ(keys->key_backup_days, 30);
  EXPECT_EQ(records->epoch, 0u);
  // An epoch was opened and keys were made; records were put, after both.
  EXPECT_EQ(keys->issued, 2);
  EXPECT_EQ(keys->waiting, 2);
  EXPECT_EQ(records->issued, 1);
  EXPECT_EQ(records->seen, 2);
  EXPECT_TRUE(CheckPair(*keys, *records).ok());
}

TEST_F(StoreFactsTest, TheEpochIsTheOneThatOpensACopyTheLongest) {
  scratch_.Put({"ada"}, "1", "calm");
  ASSERT_TRUE(scratch_.vault().Custody().Rotate(nullptr).ok());

  EXPECT_EQ(Read("keys")->epoch, 2u);
}

TEST_F(StoreFactsTest, AKeyStoreThatIsOlderThanTheRecordsIsNoPair) {
  scratch_.CopyStore("keys", scratch_.PathOf("old-keys"));
  const StoreFacts old_records = *Read("records");
  scratch_.Put({"ada"}, "1", "calm");

  const absl::Status refused = CheckPair(*Read("old-keys"), *Read("records"));
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("got an older one"));

  EXPECT_TRUE(CheckPair(*Read("keys"), old_records).ok());
}

TEST_F(StoreFactsTest, AKeyStoreThatKnowsAShorterLogIsNoPair) {
  StoreFacts keys = *Read("keys");
  StoreFacts records = *Read("records");
  records.log_size = 7;
  keys.log_size = 6;

  EXPECT_TRUE(absl::IsFailedPrecondition(CheckPair(keys, records)));
}

TEST_F(StoreFactsTest, StoresOfTwoInstallationsAreNoPair) {
  StoreFacts records = *Read("records");
  records.installation = std::string(16, 'x');

  EXPECT_TRUE(absl::IsFailedPrecondition(CheckPair(*Read("keys"), records)));
}

TEST_F(StoreFactsTest, AnOlderVersionSaysWhatItIsAndNoMore) {
  scratch_.Execute("keys", "UPDATE schema_version SET version = version - 1");

  const auto keys = Read("keys");

  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_FALSE(keys->is_up_to_date());
  EXPECT_EQ(keys->installation, scratch_.vault().installation());
  EXPECT_EQ(keys->issued, 0);
}

TEST_F(StoreFactsTest, ANewerVersionIsRefused) {
  scratch_.Execute("keys", "UPDATE schema_version SET version = 99");

  EXPECT_TRUE(absl::IsFailedPrecondition(Read("keys").status()));
}

TEST_F(StoreFactsTest, AnotherDatabaseIsNeither) {
  scratch_.Execute("keys", "UPDATE schema_version SET kind = 'ledger'");
  scratch_.Execute("records", "DROP TABLE schema_version");

  EXPECT_TRUE(absl::IsNotFound(Read("keys").status()));
  EXPECT_TRUE(absl::IsNotFound(Read("records").status()));
}

}  // namespace
}  // namespace subrosa
