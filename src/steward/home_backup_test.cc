#include "src/steward/home_backup.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/steward/home_restore.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/store_facts.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

namespace fs = std::filesystem;

using testing::HasSubstr;

v1::HealthRecord JournalOf(const std::string& consumer, const std::string& id) {
  v1::JournalEntry entry;
  entry.set_text(std::string(4000, 'x'));
  return RecordOf(consumer, id, entry);
}

class HomeBackupTest : public testing::Test {
 protected:
  HomeBackupTest() : backups_(home_.folder() + "-backups") {
    fs::create_directory(backups_);
    PutRecords("ada", 1000);
    PutRecords("bea", 1000);
    options_.records_file = backups_ + "/records.db";
    options_.keys_file = backups_ + "/keys.db";
  }

  void PutRecords(const std::string& consumer, int count) {
    std::vector<v1::HealthRecord> records;
    for (int i = 0; i < count; ++i) {
      records.push_back(JournalOf(consumer, absl::StrCat(i)));
    }
    home_.Put(records);
  }

  absl::StatusOr<std::vector<StoreCopy>> BackUp() {
    return BackUpHome(home_.folder(), options_);
  }

  // A home of the same name, as it is after a disaster: the copies, and the
  // keyring and the log that were copied after them.
  void RebuildFromCopies() {
    home_.Close();
    // A copy has the lease of who was at the log then.
    home_.clock().Advance(absl::Minutes(1));
    for (const char* store : {"keys.db", "records.db"}) {
      for (const char* suffix : {"", "-wal", "-shm"}) {
        fs::remove(absl::StrCat(home_.folder(), "/", store, suffix));
      }
    }
    fs::copy_file(options_.records_file, home_.folder() + "/records.db");
    fs::copy_file(options_.keys_file, home_.folder() + "/keys.db");
  }

  int64_t RowsHeld() {
    const auto database = OpenSqlite(home_.folder() + "/records.db", {});
    auto count = (*database)->Prepare("SELECT count(*) FROM record");
    EXPECT_TRUE((*count)->Step().value());
    return (*count)->ColumnInt(0);
  }

  ScratchHome home_;
  const std::string backups_;
  BackupOptions options_;
};

TEST_F(HomeBackupTest, TheRecordStoreIsCopiedFirstAndEachSaysWhatItIs) {
  ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());

  const auto copies = BackUp();

  ASSERT_TRUE(copies.ok()) << copies.status();
  ASSERT_EQ(copies->size(), 2u);
  const StoreCopy& records = (*copies)[0];
  const StoreCopy& keys = (*copies)[1];
  EXPECT_EQ(records.facts.kind, StoreKind::kRecords);
  EXPECT_EQ(keys.facts.kind, StoreKind::kKeys);
  EXPECT_EQ(keys.facts.epoch, 1u);
  EXPECT_EQ(keys.facts.waiting, 0);
  EXPECT_GT(keys.facts.log_size, 0u);
  for (const StoreCopy& copy : *copies) {
    EXPECT_EQ(copy.bytes, static_cast<int64_t>(fs::file_size(copy.file)));
  }
  EXPECT_TRUE(CheckPair(keys.facts, records.facts).ok());
}

TEST_F(HomeBackupTest, CopiesOfAQuietHomeOpenAsTheyAre) {
  ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());
  home_.Close();
  ASSERT_TRUE(BackUp().ok());

  RebuildFromCopies();

  const absl::Status opened = home_.Open();
  ASSERT_TRUE(opened.ok()) << opened;
  EXPECT_EQ(home_.RecordsOf("ada"), 1000);
}

TEST_F(HomeBackupTest, WhoeverComesWhileItCopiesHasAKeyForEachRowInTheCopy) {
  int taken = 0;
  options_.on_progress = [&](StoreKind kind, int64_t, int64_t) {
    if (kind == StoreKind::kRecords && taken < 5) {
      PutRecords(absl::StrCat("new-", taken++), 1);
    }
  };
  ASSERT_TRUE(BackUp().ok());
  EXPECT_EQ(taken, 5);

  RebuildFromCopies();
  EXPECT_TRUE(absl::IsFailedPrecondition(home_.Open()));
  const auto restored =
      RestoreHome(home_.folder(), home_.passphrase(), home_.clock(), {});
  ASSERT_TRUE(restored.ok()) << restored.status();
  const absl::Status opened = home_.Open();
  ASSERT_TRUE(opened.ok()) << opened;

  int64_t rows = 0;
  for (const std::string consumer :
       {"ada", "bea", "new-0", "new-1", "new-2", "new-3", "new-4"}) {
    rows += std::max(0, home_.RecordsOf(consumer));
  }
  EXPECT_GE(rows, 2001);
  EXPECT_EQ(RowsHeld(), rows);
}

TEST_F(HomeBackupTest, WhoeverIsErasedBetweenTheTwoCopiesStaysErased) {
  BackupOptions records_alone = options_;
  records_alone.keys_file.clear();
  BackupOptions keys_alone = options_;
  keys_alone.records_file.clear();
  ASSERT_TRUE(BackUpHome(home_.folder(), records_alone).ok());
  ASSERT_TRUE(home_.Erase("ada").ok());
  ASSERT_TRUE(BackUpHome(home_.folder(), keys_alone).ok());

  RebuildFromCopies();
  const auto restored =
      RestoreHome(home_.folder(), home_.passphrase(), home_.clock(), {});
  ASSERT_TRUE(restored.ok()) << restored.status();

  ASSERT_TRUE(home_.Open().ok());
  EXPECT_EQ(home_.RecordsOf("ada"), -1);
  EXPECT_EQ(home_.RecordsOf("bea"), 1000);
  EXPECT_EQ(RowsHeld(), 1000);
}

TEST_F(HomeBackupTest, OneStoreCanBeCopiedAlone) {
  options_.keys_file.clear();
  ASSERT_EQ(BackUp()->size(), 1u);

  options_.records_file.clear();
  options_.keys_file = backups_ + "/keys.db";
  ASSERT_EQ(BackUp()->size(), 1u);

  EXPECT_TRUE(fs::exists(backups_ + "/records.db"));
  EXPECT_TRUE(fs::exists(backups_ + "/keys.db"));
}

TEST_F(HomeBackupTest, NothingIsCopiedWhereAFileIsInTheWay) {
  ASSERT_TRUE(ReplaceFile(options_.keys_file, "precious", 0600).ok());

  EXPECT_TRUE(absl::IsAlreadyExists(BackUp().status()));

  EXPECT_FALSE(fs::exists(options_.records_file));
  EXPECT_EQ(*ReadFile(options_.keys_file, 100), "precious");
}

TEST_F(HomeBackupTest, NoFileAndOneForBothAreRefused) {
  options_.keys_file = options_.records_file;
  EXPECT_TRUE(absl::IsInvalidArgument(BackUp().status()));

  options_.keys_file.clear();
  options_.records_file.clear();
  EXPECT_TRUE(absl::IsInvalidArgument(BackUp().status()));

  EXPECT_TRUE(fs::is_empty(backups_));
}

TEST_F(HomeBackupTest, AHomeWhosePartsDisagreeIsNotBackedUp) {
  const std::string old_keys = backups_ + "/old-keys.db";
  options_.records_file.clear();
  options_.keys_file = old_keys;
  ASSERT_TRUE(BackUp().ok());
  PutRecords("cleo", 1);
  home_.Close();
  fs::copy_file(old_keys, home_.folder() + "/keys.db",
                fs::copy_options::overwrite_existing);
  options_.keys_file = backups_ + "/keys.db";

  const absl::Status refused = BackUp().status();

  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("keys.db (behind)"));
  EXPECT_FALSE(fs::exists(options_.keys_file));
}

TEST_F(HomeBackupTest, AMissingHomeOrFolderIsRefused) {
  EXPECT_TRUE(absl::IsNotFound(
      BackUpHome(home_.folder() + "-none", options_).status()));
  options_.records_file = backups_ + "/none/records.db";
  EXPECT_TRUE(absl::IsInvalidArgument(BackUp().status()));
}

}  // namespace
}  // namespace subrosa
