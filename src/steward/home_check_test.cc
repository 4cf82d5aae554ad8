#include "src/steward/home_check.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/secret_buffer.h"
#include "src/steward/home_backup.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;
using testing::IsEmpty;

constexpr size_t kMaxBytes = size_t{64} << 20;

class HomeCheckTest : public testing::Test {
 protected:
  HomeCheckTest()
      : keys_copy_(home_.folder() + "-keys.db"),
        records_copy_(home_.folder() + "-records.db") {
    PutRecords("ada");
    PutRecords("bea");
    home_.Close();
    whole_.passphrase = &home_.passphrase();
  }

  void PutRecords(const std::string& consumer) {
    std::vector<v1::HealthRecord> records;
    for (int i = 0; i < 20; ++i) {
      v1::JournalEntry entry;
      entry.set_text(std::string(9000, 'x'));
      records.push_back(RecordOf(consumer, absl::StrCat(i), entry));
    }
    home_.Put(records);
  }

  HomeCheck Check(const HomeCheckOptions& options) {
    const auto check = CheckHome(home_.folder(), options, home_.clock());
    EXPECT_TRUE(check.ok()) << check.status();
    return check.ok() ? *check : HomeCheck();
  }

  std::string FaultsOf(const HomeCheckOptions& options) {
    return absl::StrJoin(Check(options).faults, "\n");
  }

  // Makes copies, and the options to check them.
  HomeCheckOptions BackUp() {
    BackupOptions options;
    options.keys_file = keys_copy_;
    options.records_file = records_copy_;
    const auto copies = BackUpHome(home_.folder(), options);
    EXPECT_TRUE(copies.ok()) << copies.status();
    HomeCheckOptions check = whole_;
    check.keys_file = keys_copy_;
    check.records_file = records_copy_;
    return check;
  }

  std::string StoreOf(const std::string& name) {
    return absl::StrCat(home_.folder(), "/", name);
  }

  static std::unique_ptr<Connection> Connect(const std::string& path) {
    return std::move(OpenSqlite(path, {})).value();
  }

  void Execute(const std::string& store, const std::string& sql) {
    ASSERT_TRUE(Connect(StoreOf(store))->Execute(sql).ok());
  }

  // Flips one bit of the file `path` where `sql` finds bytes of it.
  static void FlipWhere(const std::string& path, const std::string& sql) {
    std::string bytes;
    {
      SqliteOptions options;
      options.read_only = true;
      auto database = OpenSqlite(path, options);
      auto statement = (*database)->Prepare(sql);
      ASSERT_TRUE((*statement)->Step().value());
      bytes = std::string((*statement)->ColumnBytes(0));
    }
    std::string content = *ReadFile(path, kMaxBytes);
    const size_t at = content.find(bytes);
    ASSERT_NE(at, std::string::npos);
    content[at] ^= 0x10;
    ASSERT_TRUE(ReplaceFile(path, content, 0600).ok());
  }

  ScratchHome home_;
  const std::string keys_copy_;
  const std::string records_copy_;
  HomeCheckOptions whole_;
};

constexpr char kInAnEnvelope[] =
    "SELECT substr(envelope, 5000, 32) FROM record WHERE row = 17";

TEST_F(HomeCheckTest, AWholeHomeHasNoFault) {
  const HomeCheck check = Check(whole_);

  EXPECT_THAT(check.faults, IsEmpty());
  ASSERT_EQ(check.stores.size(), 2u);
  EXPECT_EQ(check.stores[1].kind, StoreKind::kRecords);
  EXPECT_EQ(check.stores[1].bytes,
            static_cast<int64_t>(fs::file_size(StoreOf("records.db"))));
  EXPECT_EQ(check.records->consumers, 2);
  EXPECT_EQ(check.records->rows, 40);
  EXPECT_EQ(check.orphans->rows, 0);
}

TEST_F(HomeCheckTest, WithoutAPassphraseNothingIsOpenedAndNothingIsSaidOfIt) {
  const HomeCheck check = Check({});

  EXPECT_THAT(check.faults, IsEmpty());
  EXPECT_FALSE(check.records.has_value());
  EXPECT_FALSE(check.orphans.has_value());
  EXPECT_EQ(check.stores[0].facts->epoch, 1u);
}

TEST_F(HomeCheckTest, AHomeInUseCanBeChecked) {
  ASSERT_TRUE(home_.Open().ok());

  EXPECT_EQ(FaultsOf(whole_), "");
}

TEST_F(HomeCheckTest, AFlippedByteInTheMiddleOfARecordIsFound) {
  FlipWhere(StoreOf("records.db"), kInAnEnvelope);

  EXPECT_EQ(FaultsOf(whole_),
            "records.db: want rows that open at their place, got 1 of 40 that "
            "do not");
  // SQLite keeps no checksums.
  EXPECT_EQ(FaultsOf({}), "");
}

TEST_F(HomeCheckTest, AFlippedByteInAPagesHeaderIsFoundWithoutAPassphrase) {
  std::string content = *ReadFile(StoreOf("records.db"), kMaxBytes);
  content[content.size() / 2 / 4096 * 4096] ^= 0x10;
  content[3 * 4096] ^= 0x10;
  ASSERT_TRUE(ReplaceFile(StoreOf("records.db"), content, 0600).ok());
  HomeCheckOptions quick;
  quick.quick = true;

  EXPECT_THAT(FaultsOf({}), HasSubstr("records.db: "));
  EXPECT_THAT(FaultsOf(quick), HasSubstr("records.db: "));
}

TEST_F(HomeCheckTest, AFlippedByteInAKeyOrAnEntryIsFound) {
  FlipWhere(StoreOf("keys.db"), "SELECT wrapped FROM consumer_key");
  FlipWhere(StoreOf("keys.db"), "SELECT pointer FROM directory_odd");

  const std::string faults = FaultsOf(whole_);

  EXPECT_THAT(faults, HasSubstr("keys.db: 1 consumers' keys do not open"));
  EXPECT_THAT(faults, HasSubstr("keys.db: 1 directory entries do not open"));
}

TEST_F(HomeCheckTest, APartThatIsAnOlderCopyIsNamed) {
  BackUp();
  ASSERT_TRUE(home_.Open().ok());
  PutRecords("cleo");
  ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());
  home_.Close();
  fs::copy_file(records_copy_, StoreOf("records.db"),
                fs::copy_options::overwrite_existing);

  EXPECT_THAT(FaultsOf({}), HasSubstr("records.db (behind): "));
}

TEST_F(HomeCheckTest, RowsOfTheErasedThatCameBackAreFoundAndSwept) {
  Execute("keys.db", "DELETE FROM due_deletion");
  Execute("records.db",
          "UPDATE record SET data_ref = zeroblob(16) WHERE row < 4");

  const HomeCheck found = Check(whole_);
  HomeCheckOptions sweeping = whole_;
  sweeping.sweep = true;
  const HomeCheck swept = Check(sweeping);

  EXPECT_EQ(found.orphans->consumers, 1);
  EXPECT_EQ(found.orphans->rows, 3);
  EXPECT_FALSE(found.ok());
  EXPECT_THAT(swept.faults, IsEmpty());
  EXPECT_TRUE(swept.is_swept);
  EXPECT_EQ(swept.orphans->rows, 3);
  EXPECT_EQ(FaultsOf(whole_), "");
  EXPECT_EQ(Check(whole_).records->rows, 37);
}

TEST_F(HomeCheckTest, RecordsThatAreCountedWronglyAreFoundAndCountedAnew) {
  Execute("records.db", "UPDATE record_count SET records = records + 2");

  const std::string without_keys = FaultsOf({});
  HomeCheckOptions recounting = whole_;
  recounting.recount = true;
  const HomeCheck recounted = Check(recounting);

  EXPECT_THAT(without_keys,
              HasSubstr("records.db: want records counted as the rows say, "
                        "40, got "));
  EXPECT_THAT(without_keys, HasSubstr("--recount counts them anew"));
  EXPECT_THAT(recounted.faults, IsEmpty());
  EXPECT_TRUE(recounted.is_recounted);
  EXPECT_EQ(FaultsOf(whole_), "");
  EXPECT_FALSE(Check(recounting).is_recounted);
}

TEST_F(HomeCheckTest, NothingIsCountedAnewWhileAnythingElseIsWrong) {
  Execute("records.db", "DELETE FROM record_count");
  Execute("keys.db", "DROP TABLE installation");
  HomeCheckOptions recounting = whole_;
  recounting.recount = true;

  const HomeCheck check = Check(recounting);

  EXPECT_FALSE(check.is_recounted);
  EXPECT_THAT(check.faults.back(), HasSubstr("40, got 0 and "));
}

TEST_F(HomeCheckTest, ARoomAboveChecksWhatItKeepsThere) {
  HomeCheckOptions checking = whole_;
  checking.check_more = [](Vault& vault, const auto& fault) {
    EXPECT_EQ(vault.entity(), "rosewater");
    fault("want another thorn");
    return absl::DataLossError("want a rose");
  };

  EXPECT_EQ(FaultsOf(checking),
            "records.db: want another thorn\nrecords.db: want a rose");
  checking.passphrase = nullptr;
  EXPECT_EQ(FaultsOf(checking), "");
}

TEST_F(HomeCheckTest, NothingIsSweptWhileAnythingElseIsWrong) {
  Execute("records.db",
          "UPDATE record SET data_ref = zeroblob(16) WHERE row < 4");
  Execute("keys.db",
          "DELETE FROM directory_odd WHERE row ="
          " (SELECT max(row) FROM directory_odd)");
  HomeCheckOptions sweeping = whole_;
  sweeping.sweep = true;

  const HomeCheck check = Check(sweeping);

  EXPECT_FALSE(check.is_swept);
  EXPECT_THAT(check.faults.front(), HasSubstr("led to by no directory entry"));
  // Those of the consumer whose entry is gone would have been deleted too.
  EXPECT_GT(check.orphans->rows, 3);
}

TEST_F(HomeCheckTest, CopiesAreCheckedToTheLastRecordAndNotChanged) {
  const HomeCheckOptions copies = BackUp();
  const std::string before = *ReadFile(records_copy_, kMaxBytes);

  const HomeCheck check = Check(copies);

  EXPECT_THAT(check.faults, IsEmpty());
  EXPECT_EQ(check.records->rows, 40);
  EXPECT_FALSE(check.orphans.has_value());
  EXPECT_TRUE(*ReadFile(records_copy_, kMaxBytes) == before);
  EXPECT_FALSE(fs::exists(records_copy_ + "-wal"));
  FlipWhere(records_copy_, kInAnEnvelope);
  EXPECT_THAT(FaultsOf(copies), HasSubstr("got 1 of 40 that do not"));
}

TEST_F(HomeCheckTest, OneCopyCanBeCheckedAlone) {
  HomeCheckOptions keys = BackUp();
  keys.records_file.clear();
  HomeCheckOptions records = whole_;
  records.records_file = records_copy_;

  EXPECT_EQ(FaultsOf(keys), "");
  EXPECT_EQ(Check(keys).stores.size(), 1u);
  EXPECT_EQ(Check(keys).records->consumers, 2);
  EXPECT_EQ(Check(records).records->rows, 40);

  FlipWhere(keys_copy_, "SELECT wrapped FROM consumer_key");
  EXPECT_THAT(FaultsOf(keys), HasSubstr(keys_copy_));
}

TEST_F(HomeCheckTest, AnOlderKeyStoreBesideANewerRecordStoreIsNoPair) {
  HomeCheckOptions copies = BackUp();
  ASSERT_TRUE(home_.Open().ok());
  PutRecords("cleo");
  BackupOptions newer;
  newer.records_file = records_copy_ + "-newer";
  ASSERT_TRUE(BackUpHome(home_.folder(), newer).ok());
  copies.records_file = newer.records_file;

  EXPECT_THAT(FaultsOf(copies), HasSubstr("got an older one"));
}

TEST_F(HomeCheckTest, AFileInTheWrongPlaceIsNamedForWhatItIs) {
  HomeCheckOptions copies = BackUp();
  std::swap(copies.keys_file, copies.records_file);

  EXPECT_THAT(FaultsOf(copies),
              HasSubstr("want a key store, got a record store"));

  ASSERT_TRUE(ReplaceFile(keys_copy_, std::string(9000, 'x'), 0600).ok());
  EXPECT_THAT(FaultsOf(copies), HasSubstr("file is not a database"));
}

TEST_F(HomeCheckTest, WhatIsNotThereOrNotAskedForRightlyIsAnError) {
  EXPECT_TRUE(absl::IsNotFound(
      CheckHome(home_.folder() + "-none", {}, home_.clock()).status()));
  HomeCheckOptions sweeping;
  sweeping.sweep = true;
  EXPECT_TRUE(absl::IsInvalidArgument(
      CheckHome(home_.folder(), sweeping, home_.clock()).status()));
  sweeping = BackUp();
  sweeping.sweep = true;
  EXPECT_TRUE(absl::IsInvalidArgument(
      CheckHome(home_.folder(), sweeping, home_.clock()).status()));
  HomeCheckOptions recounting = whole_;
  recounting.recount = true;
  recounting.quick = true;
  EXPECT_TRUE(absl::IsInvalidArgument(
      CheckHome(home_.folder(), recounting, home_.clock()).status()));
  HomeCheckOptions missing = whole_;
  missing.keys_file = home_.folder() + "-none";
  EXPECT_TRUE(absl::IsNotFound(
      CheckHome(home_.folder(), missing, home_.clock()).status()));
}

}  // namespace
}  // namespace subrosa
