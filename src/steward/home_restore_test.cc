#include "src/steward/home_restore.h"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/audit/log_files.h"
#include "src/audit/merkle.h"
#include "src/audit/tile.h"
#include "src/base/file.h"
#include "src/crypto/keyring.h"
#include "src/steward/home.h"
#include "src/steward/home_lease.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/vault.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

v1::HealthRecord MoodOf(const std::string& consumer, const std::string& id) {
  v1::MoodCheckIn mood;
  mood.set_score(3);
  return RecordOf(consumer, id, mood);
}

class HomeRestoreTest : public testing::Test {
 protected:
  // Ada and Bea are held; copies of both stores are made; Ada is erased, Bea
  // gets another record and Cleo is new.
  HomeRestoreTest() {
    home_.Put({MoodOf("ada", "1"), MoodOf("ada", "2"), MoodOf("bea", "1")});
    Restart();
    CopyStores(".old");
    EXPECT_TRUE(home_.Erase("ada").ok());
    home_.Put({MoodOf("bea", "2"), MoodOf("cleo", "1")});
    home_.Close();
  }

  void Restart() {
    home_.Close();
    ASSERT_TRUE(home_.Open().ok());
  }

  std::string Path(const std::string& name) {
    return absl::StrCat(home_.folder(), "/", name);
  }

  // Copies of closed databases are files like others.
  void CopyStores(const std::string& suffix) {
    home_.Close();
    for (const std::string name : {"keys.db", "records.db"}) {
      const auto database = OpenSqlite(Path(name), SqliteOptions());
      EXPECT_TRUE((*database)->FlushJournal(absl::Seconds(1)).ok());
      const auto content = ReadFile(Path(name), size_t{64} << 20);
      EXPECT_TRUE(ReplaceFile(Path(name + suffix), *content, 0600).ok());
    }
    EXPECT_TRUE(home_.Open().ok());
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

  // Puts the old copies in place and does nothing else.
  void PutBack(bool keys, bool records) {
    for (const std::string name : {"keys.db", "records.db"}) {
      if (name == "keys.db" ? !keys : !records) continue;
      const auto content = ReadFile(Path(name + ".old"), size_t{64} << 20);
      EXPECT_TRUE(ReplaceFile(Path(name), *content, 0600).ok());
      for (const char* suffix : {"-wal", "-shm"}) {
        unlink((Path(name) + suffix).c_str());
      }
    }
  }

  int64_t RowsHeld() {
    const auto database = OpenSqlite(Path("records.db"), SqliteOptions());
    auto count = (*database)->Prepare("SELECT count(*) FROM record");
    EXPECT_TRUE((*count)->Step().value());
    return (*count)->ColumnInt(0);
  }

  ScratchHome home_;
};

TEST_F(HomeRestoreTest, AHomeWithAnOlderCopyDoesNotOpen) {
  PutBack(true, false);
  EXPECT_TRUE(absl::IsFailedPrecondition(home_.Open()));
}

TEST_F(HomeRestoreTest, AnOlderKeyStoreBringsNobodyBack) {
  const auto report = Restore(Old(true, false));

  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->erasures_since, 1);
  EXPECT_EQ(report->erased_again, 1);
  ASSERT_TRUE(home_.Open().ok());
  EXPECT_EQ(home_.RecordsOf("ada"), -1);
  EXPECT_EQ(home_.RecordsOf("bea"), 2);
  // Made after the copy: her key is lost.
  EXPECT_EQ(home_.RecordsOf("cleo"), -1);
}

// A program that is killed right after it may not have told the log.
TEST_F(HomeRestoreTest, WhoWasErasedBeforeTheLogWasToldStaysErased) {
  {
    const auto keyring =
        Keyring::Open(KeyringOf(home_.folder()), home_.passphrase());
    const auto vault = Vault::Open(*OpenKeyDatabase(home_.folder()),
                                   *OpenRecordDatabase(home_.folder()),
                                   **keyring, home_.clock());
    ASSERT_TRUE((*vault)->DestroyKeys("bea").ok());
  }

  const auto report = Restore(Old(true, true));

  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->erased_again, 2);
  ASSERT_TRUE(home_.Open().ok());
  EXPECT_EQ(home_.RecordsOf("bea"), -1);
}

TEST_F(HomeRestoreTest, WhoWasErasedIsStillNotTakenIn) {
  ASSERT_TRUE(Restore(Old(true, true)).ok());
  ASSERT_TRUE(home_.Open().ok());

  const v1::HealthRecord record = MoodOf("ada", "3");
  const auto results = home_.steward().Put({&record});
  ASSERT_TRUE(results.ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(results->front().status));
}

TEST_F(HomeRestoreTest, AnOlderRecordStoreBringsNoRowsThatOpen) {
  const auto report = Restore(Old(false, true));

  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->erased_again, 0);
  EXPECT_EQ(report->rows_back + report->rows_lost, 0)
      << "two rows of Ada's came back, two new ones are lost";
  ASSERT_TRUE(home_.Open().ok());
  EXPECT_EQ(home_.RecordsOf("ada"), -1);
  EXPECT_EQ(home_.RecordsOf("bea"), 1);
  EXPECT_EQ(home_.RecordsOf("cleo"), 0);
}

TEST_F(HomeRestoreTest, RowsOfTheErasedThatCameBackAreSwept) {
  // The key store forgets after a month whose rows are due.
  ASSERT_TRUE((*OpenSqlite(Path("keys.db"), SqliteOptions()))
                  ->Execute("DELETE FROM due_deletion")
                  .ok());

  const auto report = Restore(Old(false, true));

  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->rows_swept, 2);
  EXPECT_EQ(RowsHeld(), 1);
  ASSERT_TRUE(home_.Open().ok());
  EXPECT_TRUE(home_.steward().AwaitCheckpoint().ok());
}

TEST_F(HomeRestoreTest, RowsOfWhoeverTheKeyStoreIsTooOldToKnowAreKept) {
  const auto report = Restore(Old(true, false));

  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->rows_swept, 0);
  // Bea's two, and Cleo's, who came after the copy.
  EXPECT_EQ(RowsHeld(), 3);
  // A second call knows no better.
  EXPECT_EQ(Restore(RestoreOptions())->rows_swept, 0);
  EXPECT_EQ(RowsHeld(), 3);
}

// Covers: co-cpa/delete-backups
TEST_F(HomeRestoreTest, BothOldCopiesTogetherBringNobodyBack) {
  const auto report = Restore(Old(true, true));

  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->erased_again, 1);
  ASSERT_TRUE(home_.Open().ok());
  EXPECT_EQ(home_.RecordsOf("ada"), -1);
  EXPECT_EQ(home_.RecordsOf("bea"), 1);
}

TEST_F(HomeRestoreTest, TheLogGoesOnAndSaysWhatWasPutBack) {
  const auto report = Restore(Old(true, true));
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_TRUE(home_.Open().ok());
  home_.Put({MoodOf("dora", "1")});

  ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());
  home_.Close();
  EXPECT_TRUE(home_.Open().ok());
}

TEST_F(HomeRestoreTest, ADryRunChangesNothingAndSaysTheSame) {
  PutBack(true, false);
  RestoreOptions options;
  options.dry_run = true;

  const auto planned = Restore(options);

  ASSERT_TRUE(planned.ok()) << planned.status();
  EXPECT_EQ(planned->erased_again, 1);
  EXPECT_TRUE(absl::IsFailedPrecondition(home_.Open()));
  options.dry_run = false;
  EXPECT_EQ(Restore(options)->erased_again, 1);
  EXPECT_TRUE(home_.Open().ok());
}

TEST_F(HomeRestoreTest, RestoringTwiceIsRestoringOnce) {
  ASSERT_TRUE(Restore(Old(true, true)).ok());
  const auto again = Restore(RestoreOptions());

  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->erased_again, 0);
  EXPECT_TRUE(home_.Open().ok());
}

TEST_F(HomeRestoreTest, AHomeThatAgreesIsLeftAsItIs) {
  const auto report = Restore(RestoreOptions());

  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->keys_log_size, report->log_size);
  ASSERT_TRUE(home_.Open().ok());
  EXPECT_EQ(home_.RecordsOf("bea"), 2);
}

TEST_F(HomeRestoreTest, AnOlderLogCannotBeRestoredFromTheStores) {
  ASSERT_EQ(std::system(absl::StrCat("rm -r ", Path("log/tile")).c_str()), 0);

  EXPECT_FALSE(Restore(RestoreOptions()).ok());
}

TEST_F(HomeRestoreTest, AHomeInUseIsRefused) {
  ASSERT_TRUE(home_.Open().ok());
  home_.Put({MoodOf("bea", "9")});
  ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());

  EXPECT_TRUE(absl::IsFailedPrecondition(Restore(RestoreOptions()).status()));
}

TEST_F(HomeRestoreTest, AServiceThatHasItOpenKeepsItsStores) {
  ASSERT_TRUE(home_.Open().ok());
  ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());

  EXPECT_TRUE(absl::IsFailedPrecondition(Restore(Old(true, true)).status()));

  home_.Put({MoodOf("bea", "9")});
  Restart();
  EXPECT_EQ(home_.RecordsOf("bea"), 3);
}

// Stopped after it began, with one copy still to be put in place.
TEST_F(HomeRestoreTest, WhatWasBegunIsFinished) {
  {
    const auto alone = HomeLease::TakeAlone(home_.folder());
    ASSERT_TRUE(alone.ok()) << alone.status();
    const auto content = ReadFile(Path("records.db.old"), size_t{64} << 20);
    ASSERT_TRUE(ReplaceFile(Path("records.db.restored"), *content, 0600).ok());
    ASSERT_TRUE(MarkRestoreBegun(*alone).ok());
  }
  PutBack(true, false);
  EXPECT_TRUE(absl::IsFailedPrecondition(home_.Open()));
  RestoreOptions dry;
  dry.dry_run = true;
  const auto tried = Restore(dry);
  ASSERT_TRUE(tried.ok()) << tried.status();
  EXPECT_LT(tried->records_log_size, tried->log_size) << "the one to come";
  // A copy that does not fit takes the place of neither.
  RestoreOptions swapped;
  swapped.records_file = Path("keys.db.old");
  EXPECT_FALSE(Restore(swapped).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(home_.Open()));

  ASSERT_TRUE(Restore(RestoreOptions()).ok());

  ASSERT_TRUE(home_.Open().ok());
  EXPECT_EQ(home_.RecordsOf("ada"), -1);
  EXPECT_EQ(home_.RecordsOf("bea"), 1);
}

// A key store that was an older copy stays one for a restore that is finished
// by a second call.
TEST_F(HomeRestoreTest, AStoppedRestoreSweepsNoRowsOfWhomACopyIsTooOldToKnow) {
  ASSERT_TRUE((*OpenSqlite(Path("records.db.old"), SqliteOptions()))
                  ->Execute("CREATE TRIGGER stop BEFORE UPDATE ON outbox_state "
                            "BEGIN SELECT RAISE(ABORT, 'stopped'); END")
                  .ok());
  ASSERT_FALSE(Restore(Old(true, true)).ok());
  ASSERT_TRUE((*OpenSqlite(Path("records.db"), SqliteOptions()))
                  ->Execute("DROP TRIGGER stop")
                  .ok());

  const auto report = Restore(RestoreOptions());

  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->rows_swept, 0);
  EXPECT_EQ(RowsHeld(), 3) << "Ada's two, which the home deletes when it opens";
  ASSERT_TRUE(home_.Open().ok());
  EXPECT_EQ(home_.RecordsOf("ada"), -1);
}

// Leaves below a full tile of hashes: nothing beside the root ties them to it.
TEST_F(HomeRestoreTest, ALeafThatWasNotSignedBringsNobodyBack) {
  ASSERT_TRUE(home_.Open().ok());
  for (uint64_t i = 0; *home_.steward().ReadLogSize() <= kTileWidth; ++i) {
    home_.Put({MoodOf("bea", absl::StrCat("more-", i))});
    ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());
  }
  home_.Close();
  LogFiles files(LogFolderOf(home_.folder()));
  const TileId tile{0, 0, static_cast<int>(kTileWidth)};
  const std::string bundle = *files.ReadBundle(tile);
  std::vector<MerkleHash> hashes = *files.ReadTile(tile);
  const std::vector<absl::string_view> entries =
      *ParseBundle(bundle, tile.width);
  std::string changed;
  int forged = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    std::string entry(entries[i]);
    const Leaf leaf = *ParseLeaf(entry);
    if (leaf.kind == LeafKind::kConsumerKeyDestroyed) {
      Leaf other = NewLeaf(LeafKind::kConsumerKeysMade, leaf.day);
      other.numbers = {1};
      entry = *SerializeLeaf(other);
      hashes[i] = MerkleHasher().Leaf(entry);
      ++forged;
    }
    AppendToBundle(entry, &changed);
  }
  ASSERT_EQ(forged, 1);
  ASSERT_TRUE(files.Write(BundlePath(tile), changed).ok());
  ASSERT_TRUE(files.Write(TilePath(tile), SerializeTile(hashes)).ok());

  const absl::Status refused = Restore(Old(true, true)).status();

  EXPECT_TRUE(absl::IsDataLoss(refused)) << refused;
  ASSERT_TRUE(home_.Open().ok());
  EXPECT_EQ(home_.RecordsOf("ada"), -1);
  home_.Close();
  // Nor where they stand in the home already.
  PutBack(true, true);
  const absl::Status restored = Restore(RestoreOptions()).status();
  EXPECT_TRUE(absl::IsDataLoss(restored)) << restored;
  EXPECT_TRUE(absl::IsFailedPrecondition(home_.Open()));
}

}  // namespace
}  // namespace subrosa
