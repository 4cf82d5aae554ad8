// What a restore makes of the copies that it is given before it replaces a
// store.
#include <unistd.h>

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/crypto/keyring.h"
#include "src/steward/home.h"
#include "src/steward/home_restore.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/key_custody.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

v1::HealthRecord MoodOf(const std::string& consumer, const std::string& id) {
  v1::MoodCheckIn mood;
  mood.set_score(3);
  return RecordOf(consumer, id, mood);
}

class RestoredCopiesTest : public testing::Test {
 protected:
  // Ada and Bea are held; copies of both stores are made; Ada is erased, Bea
  // gets another record and Cleo is new.
  RestoredCopiesTest() {
    home_.Put({MoodOf("ada", "1"), MoodOf("bea", "1")});
    home_.Close();
    for (const std::string name : {"keys.db", "records.db"}) {
      const auto database = OpenSqlite(Path(name), SqliteOptions());
      EXPECT_TRUE((*database)->FlushJournal(absl::Seconds(1)).ok());
      const auto content = ReadFile(Path(name), size_t{64} << 20);
      EXPECT_TRUE(ReplaceFile(Path(name + ".old"), *content, 0600).ok());
    }
    EXPECT_TRUE(home_.Open().ok());
    EXPECT_TRUE(home_.Erase("ada").ok());
    home_.Put({MoodOf("bea", "2"), MoodOf("cleo", "1")});
    home_.Close();
  }

  std::string Path(const std::string& name) {
    return absl::StrCat(home_.folder(), "/", name);
  }

  absl::StatusOr<RestoreReport> Restore(const RestoreOptions& options) {
    return RestoreHome(home_.folder(), home_.passphrase(), home_.clock(),
                       options);
  }

  RestoreOptions Old(bool keys, bool records) {
    RestoreOptions options;
    if (keys) options.keys_file = Path("keys.db.old");
    if (records) options.records_file = Path("records.db.old");
    return options;
  }

  // The home opens, with all that it held when the test began, and nothing that
  // a restore made is left in it.
  void ExpectNothingReplaced() {
    for (const std::string name : {"keys.db", "records.db"}) {
      for (const char* suffix :
           {".offered", ".offered-wal", ".offered-shm", ".restored"}) {
        EXPECT_NE(access((Path(name) + suffix).c_str(), F_OK), 0)
            << name << suffix;
      }
    }
    ASSERT_TRUE(home_.Open().ok());
    EXPECT_EQ(home_.RecordsOf("ada"), -1);
    EXPECT_EQ(home_.RecordsOf("bea"), 2);
    EXPECT_EQ(home_.RecordsOf("cleo"), 1);
    home_.Close();
  }

  // Another home of the same entity, with the same passphrase. Returns its
  // folder.
  std::string MakeOtherHome() {
    NewHome other;
    other.entity = "rosewater";
    other.cost = KeyringCost::kInteractive;
    other.policy = ScratchHomePolicy();
    const std::string folder = Path("other");
    EXPECT_TRUE(
        CreateHome(folder, other, home_.passphrase(), home_.clock()).ok());
    return folder;
  }

  // Writes over the page of `table`, which nothing reads when the store opens.
  void DamageTable(const std::string& file, const std::string& table) {
    int64_t page = 0;
    {
      const auto database = OpenSqlite(file, SqliteOptions());
      auto find = (*database)->Prepare(
          "SELECT rootpage FROM sqlite_master WHERE name = $1");
      (*find)->BindText(1, table);
      ASSERT_TRUE((*find)->Step().value());
      page = (*find)->ColumnInt(0);
    }
    constexpr size_t kPageBytes = 4096;
    std::string content = *ReadFile(file, size_t{64} << 20);
    content.replace(static_cast<size_t>(page - 1) * kPageBytes, kPageBytes,
                    std::string(kPageBytes, 'n'));
    ASSERT_TRUE(ReplaceFile(file, content, 0600).ok());
  }

  ScratchHome home_;
};

TEST_F(RestoredCopiesTest, NothingIsReplacedByACopyThatIsNotThere) {
  RestoreOptions options = Old(true, false);
  options.records_file = Path("nowhere");

  EXPECT_TRUE(absl::IsNotFound(Restore(options).status()));

  ExpectNothingReplaced();
  // Nor by what that call had put beside them.
  EXPECT_EQ(Restore(RestoreOptions())->erased_again, 0);
  ExpectNothingReplaced();
}

// Each would be the erasure of everybody, if it were put in place.
TEST_F(RestoredCopiesTest, NothingIsReplacedByAFileThatIsNoCopyOfItsStore) {
  const std::string other = MakeOtherHome();
  ASSERT_TRUE(ReplaceFile(Path("noise"), std::string(4096, 'n'), 0600).ok());
  ASSERT_TRUE(ReplaceFile(Path("empty"), "", 0600).ok());
  const std::string keys = Path("keys.db.old");
  const std::string records = Path("records.db.old");
  const std::pair<std::string, std::string> wrong[] = {
      {records, keys},
      {records, ""},
      {"", keys},
      {Path("noise"), ""},
      {Path("empty"), ""},
      {keys, Path("noise")},
      {keys, Path("empty")},
      {KeyStoreOf(other), ""},
      {"", RecordStoreOf(other)},
      {keys, RecordStoreOf(other)},
      {KeyStoreOf(other), RecordStoreOf(other)},
  };
  for (const bool dry_run : {true, false}) {
    for (const auto& [keys_file, records_file] : wrong) {
      SCOPED_TRACE(absl::StrCat(keys_file, " ", records_file));
      RestoreOptions options;
      options.keys_file = keys_file;
      options.records_file = records_file;
      options.dry_run = dry_run;

      EXPECT_FALSE(Restore(options).ok());

      ExpectNothingReplaced();
    }
  }
}

TEST_F(RestoredCopiesTest, NothingIsReplacedByACopyWhosePagesAreDamaged) {
  DamageTable(Path("keys.db.old"), "suppression");

  const absl::Status refused = Restore(Old(true, true)).status();

  EXPECT_TRUE(absl::IsDataLoss(refused)) << refused;
  EXPECT_TRUE(absl::StrContains(refused.message(), Path("keys.db.old")))
      << refused;
  ExpectNothingReplaced();
}

TEST_F(RestoredCopiesTest, NothingIsReplacedByACopyOfAnEpochThatIsRetired) {
  ASSERT_TRUE(home_.Open().ok());
  ASSERT_TRUE(home_.steward().Custody().Rotate(nullptr).ok());
  home_.clock().Advance(absl::Hours(24 * 366));
  const auto retired = home_.steward().Custody().Retire();
  ASSERT_TRUE(retired.ok() && retired->size() == 1);
  home_.Close();

  const absl::Status refused = Restore(Old(true, true)).status();

  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_TRUE(absl::StrContains(refused.message(), "closed for good"))
      << refused;
  ExpectNothingReplaced();
}

TEST_F(RestoredCopiesTest, ADryRunOfCopiesSaysWhatTheyWouldComeTo) {
  RestoreOptions options = Old(true, true);
  options.dry_run = true;

  const auto tried = Restore(options);

  ASSERT_TRUE(tried.ok()) << tried.status();
  EXPECT_EQ(tried->erased_again, 1);
  ExpectNothingReplaced();
  const auto done = Restore(Old(true, true));
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(tried->erased_again, done->erased_again);
  EXPECT_EQ(tried->log_size, done->log_size);
  EXPECT_EQ(tried->keys_log_size, done->keys_log_size);
  EXPECT_EQ(tried->records_log_size, done->records_log_size);
  EXPECT_EQ(tried->rows_back, done->rows_back);
  EXPECT_EQ(tried->rows_lost, done->rows_lost);
}

// What a call left that was stopped while it looked, or before it began.
TEST_F(RestoredCopiesTest, LeftoversOfAStoppedCallAreNotLookedAt) {
  for (const char* name : {"keys.db.offered", "keys.db.offered-wal",
                           "records.db.offered", "records.db.restored"}) {
    ASSERT_TRUE(ReplaceFile(Path(name), std::string(4096, 'n'), 0600).ok());
  }
  RestoreOptions options = Old(true, false);
  options.dry_run = true;
  ASSERT_TRUE(Restore(options).ok());

  const auto report = Restore(Old(true, false));

  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_TRUE(home_.Open().ok());
  EXPECT_EQ(home_.RecordsOf("bea"), 2);
}

}  // namespace
}  // namespace subrosa
