// A consent that was withdrawn stays so when an older record store is put back.
#include "src/vault/choice_restore.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/audit/log_reader.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/crypto/commitment.h"
#include "src/crypto/keyring.h"
#include "src/steward/home.h"
#include "src/steward/home_restore.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/choice_tags.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

// What a room that holds choices does with tags: it keeps each consumer's last
// choice in a table of its own, and denies as it has to.
class ConsentRoom {
 public:
  ConsentRoom(const std::string& folder, Keyring& provider, const Clock& clock)
      : keys_(
            std::move(KeyStore::Open(*OpenKeyDatabase(folder), provider, clock))
                .value()),
        records_(
            std::move(RecordStore::Open(*OpenRecordDatabase(folder),
                                        keys_->entity(), keys_->installation()))
                .value()),
        tags_(keys_->entity(), *records_),
        today_(DayOf(clock.Now())) {
    EXPECT_TRUE(records_->database()
                    .Execute("CREATE TABLE IF NOT EXISTS choice_of_test("
                             "consumer_ref BLOB UNIQUE, allows INTEGER)")
                    .ok());
  }

  // With `answers_all`, the consumer was asked again.
  uint64_t Choose(const std::string& consumer, bool allows,
                  bool answers_all = false) {
    const auto handle = std::move(keys_->Find(consumer)).value();
    Transaction transaction = std::move(records_->Begin()).value();
    const NumberedChoice next = tags_.CountNext(*handle).value();
    auto write = records_->database().Prepare(
        "INSERT INTO choice_of_test VALUES($1, $2)"
        " ON CONFLICT(consumer_ref) DO UPDATE SET allows = $2");
    (*write)->BindBytes(1, handle->consumer_ref);
    (*write)->BindInt(2, allows ? 1 : 0);
    EXPECT_TRUE((*write)->Run().ok());
    if (answers_all) {
      EXPECT_TRUE(tags_.Answered(handle->consumer_ref).ok());
    }
    Leaf leaf = NewLeaf(LeafKind::kChoice, today_);
    leaf.numbers = {allows ? uint64_t{1} : uint64_t{2}};
    const Opening opening = DeriveOpening(*handle->key, leaf.tag);
    leaf.commitments = {
        *Commit(opening, kLeafConsumerLabel, {consumer, ""}),
        *Commit(opening, "choice content", {allows ? "yes" : "no"}), next.tag};
    EXPECT_TRUE(
        records_->AppendEntries({*SerializeLeaf(leaf)}, *keys_->ReadIssued())
            .ok());
    EXPECT_TRUE(transaction.Commit().ok());
    return next.number;
  }

  // Counts a choice whose leaf reaches no log.
  void ChooseUnheard(const std::string& consumer) {
    const auto handle = std::move(keys_->Find(consumer)).value();
    Transaction transaction = std::move(records_->Begin()).value();
    EXPECT_TRUE(tags_.CountNext(*handle).ok());
    EXPECT_TRUE(transaction.Commit().ok());
  }

  bool Permits(const std::string& consumer) {
    const auto handle = std::move(keys_->Find(consumer)).value();
    if (*tags_.MustAskAgain(handle->consumer_ref)) return false;
    auto read = records_->database().Prepare(
        "SELECT allows FROM choice_of_test WHERE consumer_ref = $1");
    (*read)->BindBytes(1, handle->consumer_ref);
    return *(*read)->Step() && (*read)->ColumnInt(0) == 1;
  }

  KeyStore& keys() { return *keys_; }
  RecordStore& records() { return *records_; }

 private:
  std::unique_ptr<KeyStore> keys_;
  std::unique_ptr<RecordStore> records_;
  ChoiceTags tags_;
  int32_t today_;
};

class ChoiceRestoreTest : public testing::Test {
 protected:
  // Ada and Luz allow; copies of both stores are made; then they go on. Ursula
  // has chosen nothing yet.
  ChoiceRestoreTest() {
    v1::MoodCheckIn mood;
    mood.set_score(3);
    home_.Put({RecordOf("ada", "1", mood), RecordOf("luz", "1", mood),
               RecordOf("ursula", "1", mood)});
    provider_ =
        std::move(Keyring::Open(KeyringOf(home_.folder()), home_.passphrase()))
            .value();
    OpenRoom();
    room_->Choose("ada", true);
    room_->Choose("luz", true);
    EXPECT_TRUE(home_.steward().AwaitCheckpoint().ok());
    Close();
    for (const std::string name : {"keys.db", "records.db"}) {
      const auto database = OpenSqlite(Path(name), SqliteOptions());
      EXPECT_TRUE((*database)->FlushJournal(absl::Seconds(1)).ok());
      const auto content = ReadFile(Path(name), size_t{64} << 20);
      EXPECT_TRUE(ReplaceFile(Path(name + ".old"), *content, 0600).ok());
    }
    Open();
  }

  std::string Path(const std::string& name) {
    return absl::StrCat(home_.folder(), "/", name);
  }
  void OpenRoom() {
    room_ = std::make_unique<ConsentRoom>(home_.folder(), *provider_,
                                          home_.clock());
  }
  void Open() {
    ASSERT_TRUE(home_.Open().ok());
    OpenRoom();
  }
  void Close() {
    room_.reset();
    home_.Close();
  }

  RestoreReport RunRestore(const RestoreOptions& options) {
    const auto report =
        RestoreHome(home_.folder(), home_.passphrase(), home_.clock(), options);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.value_or(RestoreReport());
  }

  // Lets the log have what was done, and puts older copies back.
  RestoreReport PutBack(bool keys, bool records) {
    EXPECT_TRUE(home_.steward().AwaitCheckpoint().ok());
    Close();
    RestoreOptions options;
    if (keys) options.keys_file = Path("keys.db.old");
    if (records) options.records_file = Path("records.db.old");
    const RestoreReport report = RunRestore(options);
    Open();
    return report;
  }

  int64_t StatesHeld() {
    const auto database = OpenRecordDatabase(home_.folder());
    auto count = (*database)->Prepare("SELECT count(*) FROM choice_state");
    EXPECT_TRUE((*count)->Step().value());
    return (*count)->ColumnInt(0);
  }

  ScratchHome home_;
  std::unique_ptr<Keyring> provider_;
  std::unique_ptr<ConsentRoom> room_;
};

TEST_F(ChoiceRestoreTest, AWithdrawnConsentIsNotRevived) {
  room_->Choose("ada", false);
  ASSERT_FALSE(room_->Permits("ada"));

  const RestoreReport report = PutBack(false, true);

  EXPECT_EQ(report.must_ask_again, 1);
  EXPECT_FALSE(room_->Permits("ada"));
  EXPECT_TRUE(room_->Permits("luz"));
}

TEST_F(ChoiceRestoreTest, OnceAskedAgainWhatTheySayCounts) {
  room_->Choose("ada", false);
  PutBack(false, true);

  EXPECT_EQ(room_->Choose("ada", true, true), 3u);

  EXPECT_TRUE(room_->Permits("ada"));
}

TEST_F(ChoiceRestoreTest, SomeoneWhoseFirstChoiceIsLostIsAskedAgain) {
  room_->Choose("ursula", true);
  room_->Choose("ursula", false);

  EXPECT_EQ(PutBack(false, true).must_ask_again, 1);

  EXPECT_FALSE(room_->Permits("ursula"));
  EXPECT_EQ(room_->Choose("ursula", true), 3u);
  EXPECT_FALSE(room_->Permits("ursula"));
}

TEST_F(ChoiceRestoreTest, NoNumberIsUsedTwiceHoweverOftenACopyIsPutBack) {
  room_->Choose("ada", false);
  PutBack(false, true);
  EXPECT_EQ(room_->Choose("ada", true, true), 3u);

  EXPECT_EQ(PutBack(false, true).must_ask_again, 1);

  EXPECT_FALSE(room_->Permits("ada"));
  EXPECT_EQ(room_->Choose("ada", true, true), 4u);
}

TEST_F(ChoiceRestoreTest, OlderCopiesOfBothStoresReviveNothingEither) {
  room_->Choose("ada", false);

  EXPECT_EQ(PutBack(true, true).must_ask_again, 1);

  EXPECT_FALSE(room_->Permits("ada"));
  EXPECT_TRUE(room_->Permits("luz"));
}

TEST_F(ChoiceRestoreTest, AnOlderKeyStoreAloneAsksNobodyAgain) {
  room_->Choose("ada", false);
  room_->Choose("luz", true);

  EXPECT_EQ(PutBack(true, false).must_ask_again, 0);

  EXPECT_FALSE(room_->Permits("ada"));
  EXPECT_TRUE(room_->Permits("luz"));
}

TEST_F(ChoiceRestoreTest, ACopyThatKnowsAllChoicesAsksNobodyAgain) {
  v1::MoodCheckIn mood;
  mood.set_score(4);
  home_.Put({RecordOf("ada", "2", mood)});

  EXPECT_EQ(PutBack(false, true).must_ask_again, 0);

  EXPECT_TRUE(room_->Permits("ada"));
}

TEST_F(ChoiceRestoreTest, ChoicesAreFoundBehindOneThatTheLogLacks) {
  room_->ChooseUnheard("ada");
  room_->Choose("ada", false);

  EXPECT_EQ(PutBack(false, true).must_ask_again, 1);

  EXPECT_FALSE(room_->Permits("ada"));
  EXPECT_EQ(room_->Choose("ada", true), 4u);
}

TEST_F(ChoiceRestoreTest, ARotationBetweenCopyAndRestoreChangesNothing) {
  ASSERT_TRUE(home_.steward().Custody().Rotate(nullptr).ok());
  room_->Choose("ada", false);

  EXPECT_EQ(PutBack(false, true).must_ask_again, 1);

  EXPECT_FALSE(room_->Permits("ada"));
}

TEST_F(ChoiceRestoreTest, OfAnErasedConsumerNoChoiceIsHeldNorAskedFor) {
  room_->Choose("ada", false);
  ASSERT_EQ(StatesHeld(), 2);

  ASSERT_TRUE(home_.steward().Erase("ada").ok());

  EXPECT_EQ(StatesHeld(), 1);
  EXPECT_EQ(PutBack(true, true).must_ask_again, 0);
  EXPECT_EQ(StatesHeld(), 1);
}

TEST_F(ChoiceRestoreTest, ADryRunSaysHowManyAndMarksNobody) {
  room_->Choose("ada", false);
  ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());
  Close();
  const auto content = ReadFile(Path("records.db.old"), size_t{64} << 20);
  ASSERT_TRUE(ReplaceFile(Path("records.db"), *content, 0600).ok());
  for (const char* suffix : {"-wal", "-shm"}) {
    unlink((Path("records.db") + suffix).c_str());
  }
  RestoreOptions dry;
  dry.dry_run = true;

  EXPECT_EQ(RunRestore(dry).must_ask_again, 1);

  EXPECT_FALSE(home_.Open().ok());
  const auto database = OpenRecordDatabase(home_.folder());
  auto marked = (*database)->Prepare("SELECT sum(ask_again) FROM choice_state");
  EXPECT_TRUE((*marked)->Step().value());
  EXPECT_EQ((*marked)->ColumnInt(0), 0);
}

TEST_F(ChoiceRestoreTest, ChoicesAreFoundInAsManyRoundsAsMemoryAsksFor) {
  for (int i = 0; i < 3; ++i) {
    room_->Choose("ada", false);
    room_->Choose("ursula", false);
  }
  ASSERT_TRUE(home_.steward().AwaitCheckpoint().ok());
  const HomeLog log = std::move(ReadHomeLog(home_.folder())).value();
  LogReader reader =
      std::move(LogReader::AtCheckpoint(LogFolderOf(home_.folder()),
                                        log.status.checkpoint))
          .value();
  const auto copy =
      std::move(RecordStore::Open(*OpenSqlite(Path("records.db.old"), {}),
                                  room_->keys().entity(),
                                  room_->keys().installation()))
          .value();

  // All of the log: what the copy knows stands in it too.
  const auto marked = MarkOutdatedChoices(room_->keys().Tables(), *copy, reader,
                                          0, log.status.size, 1);

  ASSERT_TRUE(marked.ok()) << marked.status();
  EXPECT_EQ(*marked, 2);
  const auto ada = std::move(room_->keys().Find("ada")).value();
  EXPECT_EQ(ReadChoiceState(copy->database(), copy->entity_number(),
                            ada->consumer_ref)
                ->choices,
            4u);
}

}  // namespace
}  // namespace subrosa
