#include "src/audit/log_agreement.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/audit/checkpoint.h"
#include "src/audit/log_keys.h"
#include "src/audit/log_state.h"
#include "src/audit/merkle.h"
#include "src/audit/scratch_log.h"
#include "src/audit/sequencer.h"
#include "src/crypto/token_provider.h"
#include "src/store/connection.h"

namespace subrosa {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

namespace fs = std::filesystem;

constexpr const char* kParts[] = {"keys.db", "records.db", "log"};

class LogAgreementTest : public testing::Test {
 protected:
  void CommitAndTake(const std::vector<std::string>& entries,
                     int64_t keys_seen = 0) {
    log_.Commit("records", entries, keys_seen);
    const auto sequencer = log_.Open();
    log_.TakeAll(*sequencer);
    ASSERT_TRUE(sequencer->Release().ok());
  }

  // Keeps copies of all parts; then the log grows in both stores.
  void SaveAndGrow() {
    CommitAndTake({"r1", "r2"});
    for (const char* part : kParts) log_.Save(part);
    log_.Commit("keys", {"k1"}, 2);
    CommitAndTake({"r3"}, 1);
  }

  std::string Refusal() {
    const absl::Status status = log_.TryOpen().status();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    return std::string(status.message());
  }
  std::string DamageFound() {
    const absl::Status status = log_.TryOpen().status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    return std::string(status.message());
  }

  ScratchLog log_;
};

TEST_F(LogAgreementTest, PartsThatBelongTogetherOpen) {
  SaveAndGrow();

  EXPECT_TRUE(log_.TryOpen().ok());
}

TEST_F(LogAgreementTest, AStoreWithoutALogIsNotFound) {
  ASSERT_TRUE(log_.Connect("keys")->Execute("DELETE FROM log").ok());

  EXPECT_TRUE(absl::IsNotFound(log_.TryOpen().status()));
}

TEST_F(LogAgreementTest, AnOlderKeyStoreIsRefusedAndNamed) {
  SaveAndGrow();
  log_.PutBack("keys.db");

  EXPECT_THAT(Refusal(),
              AllOf(StartsWith("key store and log: an older copy: want 4 "),
                    HasSubstr("subrosa audit status")));
}

TEST_F(LogAgreementTest, AnOlderKeyStoreIsToldByTheCheckpointToo) {
  CommitAndTake({"r1", "r2"});
  log_.Save("keys.db");
  // The anchor of the new size is still to be written.
  log_.Commit("records", {"r3"});
  Stops stops;
  auto killed = log_.OpenStopping(stops);
  stops.Set(StopPoint::kRecordsForgotten,
            [] { return absl::AbortedError("killed"); });
  ASSERT_FALSE(killed->Step().ok());
  killed.reset();
  log_.PutBack("keys.db");

  EXPECT_THAT(Refusal(), StartsWith("key store: an older copy: want a log of 3 "
                                    "leaves, as log/checkpoint says, got 2"));
}

TEST_F(LogAgreementTest, AnOlderKeyStoreIsToldByTheRecordStoreToo) {
  CommitAndTake({"r1", "r2"});
  log_.Save("keys.db");
  log_.Save("log");
  log_.Commit("records", {"r3"});
  Stops stops;
  auto killed = log_.OpenStopping(stops);
  stops.Set(StopPoint::kRecordsForgotten,
            [] { return absl::AbortedError("killed"); });
  ASSERT_FALSE(killed->Step().ok());
  killed.reset();
  log_.PutBack("keys.db");
  log_.PutBack("log");

  EXPECT_THAT(Refusal(), StartsWith("key store: an older copy: want a log of 3 "
                                    "leaves, as the record store knows"));
}

TEST_F(LogAgreementTest, AKeyStoreOlderThanARecordHasSeenIsRefused) {
  CommitAndTake({"r1"});
  log_.Save("keys.db");
  log_.Commit("keys", {"k1"});
  log_.Commit("records", {"r2"}, 1);
  log_.PutBack("keys.db");

  EXPECT_THAT(Refusal(), StartsWith("key store: an older copy: want 1 entries "
                                    "or more, which the record store has seen, "
                                    "got 0"));
}

TEST_F(LogAgreementTest, AnOlderRecordStoreIsRefusedAndNamed) {
  SaveAndGrow();
  log_.PutBack("records.db");

  EXPECT_THAT(Refusal(),
              AllOf(StartsWith("record store: an older copy: want 3 entries or "
                               "more, which have places in the log, got 2"),
                    HasSubstr("subrosa audit status")));
}

TEST_F(LogAgreementTest, ARecordStoreOlderThanAKeyHasSeenIsRefused) {
  CommitAndTake({"r1"});
  log_.Save("records.db");
  log_.Commit("records", {"r2"});
  log_.Commit("keys", {"k1"}, 2);
  log_.PutBack("records.db");

  EXPECT_THAT(Refusal(), StartsWith("record store: an older copy: want 2 "
                                    "entries or more, which the key store has "
                                    "seen, got 1"));
}

TEST_F(LogAgreementTest, ARecordStoreWithoutEntriesThatHavePlacesIsRefused) {
  CommitAndTake({"r1"});
  log_.Save("records.db");
  log_.Commit("records", {"r2"});
  Stops stops;
  auto killed = log_.OpenStopping(stops);
  stops.Set(StopPoint::kSigning, [] { return absl::AbortedError("killed"); });
  ASSERT_FALSE(killed->Step().ok());
  killed.reset();
  log_.PutBack("records.db");
  // Would take the number of the one that is lost.
  log_.Commit("keys", {"k1"});

  EXPECT_THAT(Refusal(), StartsWith("record store: an older copy: want 2 "));
}

TEST_F(LogAgreementTest, AnOlderLogFolderIsRefusedAndNamed) {
  SaveAndGrow();
  log_.PutBack("log");

  EXPECT_THAT(Refusal(), AllOf(StartsWith("log: "), HasSubstr("tile/0/000.p/4"),
                               HasSubstr("subrosa audit verify --repair"),
                               HasSubstr("subrosa audit status")));
}

TEST_F(LogAgreementTest, BothStoresOlderThanTheLogAreRefused) {
  SaveAndGrow();
  log_.PutBack("keys.db");
  log_.PutBack("records.db");

  EXPECT_THAT(Refusal(), StartsWith("key store and log: an older copy"));
}

TEST_F(LogAgreementTest, AllPartsOlderThanTheKeyringRemembersAreRefused) {
  SaveAndGrow();
  for (const char* part : kParts) log_.PutBack(part);

  EXPECT_THAT(Refusal(), StartsWith("key store and log: an older copy: want 4 "
                                    "leaves or more, as the keyring remembers, "
                                    "got 2"));
}

TEST_F(LogAgreementTest, TheNewestCopiesOfAllPartsOpen) {
  SaveAndGrow();
  for (const char* part : kParts) log_.Save(part);
  for (const char* part : kParts) log_.PutBack(part);

  EXPECT_TRUE(log_.TryOpen().ok());
}

TEST_F(LogAgreementTest, ACopyOfTheRecordStoreThatLacksNothingOpens) {
  log_.Commit("records", {"r1", "r2"});
  log_.Save("records.db");
  CommitAndTake({});
  log_.PutBack("records.db");

  CommitAndTake({"r3"});

  EXPECT_THAT(log_.Entries(), ElementsAre("r1", "r2", "r3"));
}

TEST_F(LogAgreementTest, AKeyStoreFromBeforeTheLogMakesNoSecondLog) {
  SaveAndGrow();
  ASSERT_TRUE(log_.Connect("keys")
                  ->Execute("DELETE FROM log; DELETE FROM log_key")
                  .ok());

  const absl::Status status =
      Sequencer::CreateLog(log_.Parts(), ScratchLog::kOrigin);

  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              StartsWith("key store: an older copy: want the log of 4 leaves"));
}

TEST_F(LogAgreementTest, AnotherHistoryOfTheSameSizeIsRefused) {
  CommitAndTake({"r1"});
  for (const char* part : kParts) log_.Save(part);
  log_.Commit("records", {"one history"});
  Stops stops;
  auto killed = log_.OpenStopping(stops);
  stops.Set(StopPoint::kRecordsForgotten,
            [] { return absl::AbortedError("killed"); });
  ASSERT_FALSE(killed->Step().ok());
  killed.reset();
  fs::rename(log_.log_folder() + "/checkpoint", log_.folder() + "/published");
  for (const char* part : kParts) log_.PutBack(part);
  CommitAndTake({"another"});
  fs::rename(log_.folder() + "/published", log_.log_folder() + "/checkpoint");

  EXPECT_THAT(Refusal(), StartsWith("key store: want the root that "
                                    "log/checkpoint says for 2 leaves"));
}

TEST_F(LogAgreementTest, ALogOfAnotherHistoryThanTheRecordStoresIsRefused) {
  CommitAndTake({"r1"});
  ASSERT_TRUE(log_.Connect("records")
                  ->Execute("UPDATE outbox_state SET log_root = "
                            "zeroblob(32)")
                  .ok());

  EXPECT_THAT(Refusal(), StartsWith("record store: want the log that it was "
                                    "written with"));
}

TEST_F(LogAgreementTest, AKeyringWithoutTheNewestSigningKeyIsRefused) {
  const auto sequencer = log_.Open();
  ASSERT_TRUE(sequencer->RotateKey().ok());
  log_.TakeAll(*sequencer);
  log_.provider().Forget("log/scratch.example/audit/2");

  EXPECT_THAT(Refusal(), StartsWith("keyring: want the key 2 of this log"));
}

TEST_F(LogAgreementTest, AnotherHomesKeyringIsRefused) {
  CommitAndTake({"r1"});
  ForgetfulProvider other;
  ASSERT_TRUE(other.CreateSigningKey("log/scratch.example/audit/1").ok());
  Sequencer::Parts parts = log_.Parts();
  parts.provider = &other;

  const absl::Status status = Sequencer::Open(std::move(parts)).status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("keyring"));
}

// What somebody can do who writes to every file and has no passphrase: tells
// the key store of a key of their own, and signs another history with it.
TEST_F(LogAgreementTest, AHistoryThatAnotherKeySignedIsRefused) {
  CommitAndTake({"r1", "r2"});
  TokenProvider forger;
  const LogKey own = *MakeLogKey(forger, ScratchLog::kOrigin, 1);
  const MerkleHash root = MerkleHasher().Leaf("forged");
  const std::string note = *SignCheckpoint(
      {std::string(ScratchLog::kOrigin), 2, root}, {own}, forger);
  const auto keys = log_.Connect("keys");
  const auto update =
      *keys->Prepare("UPDATE log SET root = $1, checkpoint = $2");
  update->BindBytes(1, BytesOf(root));
  update->BindBytes(2, note);
  ASSERT_TRUE(update->Run().ok());
  EXPECT_THAT(DamageFound(), HasSubstr("signed by a key of the keyring"));

  for (const int number : {0, 1, 2}) {
    ASSERT_TRUE(keys->Execute("DELETE FROM log_key WHERE number <> 1").ok());
    const auto insert = *keys->Prepare(
        "INSERT OR REPLACE INTO log_key VALUES($1, $2, $3, 0, 1)");
    insert->BindInt(1, number);
    insert->BindText(2, own.name);
    insert->BindText(3, own.vkey);
    ASSERT_TRUE(insert->Run().ok());
    EXPECT_FALSE(Refusal().empty()) << number;
  }
}

// The same while a sequencer runs that has not looked at the files since.
TEST_F(LogAgreementTest, ASequencerThatLooksAgainTakesNoOtherHistory) {
  const auto sequencer = log_.Open();
  log_.Commit("records", {"r1", "r2"});
  log_.TakeAll(*sequencer);
  ASSERT_TRUE(log_.Connect("keys")
                  ->Execute("UPDATE log SET size = 0, root = x'"
                            "e3b0c44298fc1c149afbf4c8996fb924"
                            "27ae41e4649b934ca495991b7852b855'")
                  .ok());
  log_.Commit("records", {"r3"});

  EXPECT_TRUE(absl::IsDataLoss(sequencer->Step().status()));
}

TEST_F(LogAgreementTest, AProviderOutOfReachIsToldAsSuch) {
  log_.provider().PullOut();

  EXPECT_TRUE(absl::IsUnavailable(log_.TryOpen().status()))
      << log_.TryOpen().status();
}

TEST_F(LogAgreementTest, AChangedRowOfTheLogIsDamage) {
  for (const char* change : {"size = size + 1", "root = zeroblob(32)",
                             "root = 'short'", "checkpoint = 'none'"}) {
    log_.Save("keys.db");
    ASSERT_TRUE(log_.Connect("keys")
                    ->Execute(absl::StrCat("UPDATE log SET ", change))
                    .ok());
    EXPECT_THAT(DamageFound(), StartsWith("key store.log: ")) << change;
    log_.PutBack("keys.db");
  }
  ASSERT_TRUE(
      log_.Connect("keys")->Execute("UPDATE log_key SET vkey = 'x'").ok());
  EXPECT_THAT(DamageFound(), StartsWith("key store.log_key[1]: "));
}

TEST_F(LogAgreementTest, ALogThatTheKeyringHasNoKeyOfIsRefused) {
  ASSERT_TRUE(log_.Connect("keys")
                  ->Execute("UPDATE log SET origin = 'another.example'")
                  .ok());

  EXPECT_THAT(Refusal(), StartsWith("keyring: want the key 1 of this log"));
}

TEST_F(LogAgreementTest, AKeyStoreAtOddsWithItselfIsDamage) {
  CommitAndTake({"r1"});
  for (const char* change :
       {"log SET keys_sequenced = 5, keys_assigned = 5",
        "outbox_state SET sequenced = 5", "outbox_state SET log_size = 5",
        "outbox_state SET log_root = zeroblob(32)"}) {
    log_.Save("keys.db");
    ASSERT_TRUE(
        log_.Connect("keys")->Execute(absl::StrCat("UPDATE ", change)).ok());
    EXPECT_THAT(DamageFound(), StartsWith("key store.outbox: ")) << change;
    log_.PutBack("keys.db");
  }
}

TEST_F(LogAgreementTest, ALogWhoseKeysAreGoneIsDamage) {
  ASSERT_TRUE(log_.Connect("keys")->Execute("DELETE FROM log_key").ok());

  EXPECT_THAT(DamageFound(), StartsWith("key store.log_key: want a key"));
}

TEST_F(LogAgreementTest, ADamagedFileOfTheRightEdgeIsNamed) {
  std::vector<std::string> entries(300, "r");
  CommitAndTake(entries);
  for (const std::string path :
       {"tile/0/001.p/44", "tile/entries/001.p/44", "tile/1/000.p/1"}) {
    log_.Save("log");
    fs::resize_file(log_.log_folder() + "/" + path, 20);
    EXPECT_THAT(DamageFound(),
                AllOf(HasSubstr(path), HasSubstr("subrosa audit verify")));
    log_.PutBack("log");
  }
  std::ofstream(log_.log_folder() + "/tile/1/000.p/1") << std::string(32, 'x');
  EXPECT_THAT(DamageFound(), HasSubstr("which file differs"));
}

TEST_F(LogAgreementTest, NarrowTilesOfAnEarlierSizeAreNotNeeded) {
  CommitAndTake({"r1"});
  log_.Commit("records", {"r2"});
  Stops stops;
  auto killed = log_.OpenStopping(stops);
  stops.Set(StopPoint::kGrown, [] { return absl::AbortedError("killed"); });
  ASSERT_FALSE(killed->Step().ok());
  killed.reset();
  // What a copy of the newest checkpoint's files would not have.
  fs::remove(log_.log_folder() + "/tile/0/000.p/1");

  CommitAndTake({"r3"});

  EXPECT_THAT(log_.Entries(), ElementsAre("r1", "r2", "r3"));
}

TEST_F(LogAgreementTest, NoRefusalHoldsAByteOfAnEntry) {
  CommitAndTake({"canary-1", "canary-2"});
  for (const char* part : kParts) log_.Save(part);
  CommitAndTake({"canary-3"});
  for (const char* part : kParts) {
    log_.PutBack(part);
    const absl::Status status = log_.TryOpen().status();
    EXPECT_FALSE(status.ok());
    EXPECT_EQ(status.message().find("canary"), absl::string_view::npos)
        << status;
  }
}

}  // namespace
}  // namespace subrosa
