// A consent that was withdrawn stays so when an older record store is put back.
#include "src/vault/choice_restore.h"

#include <unistd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/audit/log_reader.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/consent/consent_ledger.h"
#include "src/crypto/keyring.h"
#include "src/steward/home.h"
#include "src/steward/home_restore.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/choice_states.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"
#include "src/vault/signal_counts.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

// What a service has of the home: its ledger of choices.
class ConsentRoom {
 public:
  ConsentRoom(const std::string& folder, Keyring& provider, const Clock& clock)
      : vault_(std::move(OpenVault(folder, provider, clock)).value()),
        ledger_(std::move(ConsentLedger::Open(*vault_, clock)).value()) {}

  // With `answers_all`, the consumer was asked again.
  uint64_t Choose(const std::string& consumer, bool allows,
                  bool answers_all = false) {
    v1::LedgerEntry entry;
    entry.set_consumer(consumer);
    entry.set_answers_all(answers_all);
    entry.mutable_choice()->set_kind(allows ? v1::CHOICE_KIND_CONSENT
                                            : v1::CHOICE_KIND_WITHDRAWAL);
    const auto results = ledger_->Append(
        {&entry}, [](const v1::LedgerEntry&, const v1::Standing&) {
          return absl::OkStatus();
        });
    EXPECT_TRUE(results.ok() && (*results)[0].status.ok());
    return (*results)[0].number;
  }

  void Signal(const std::string& consumer) {
    v1::LedgerEntry entry;
    entry.set_consumer(consumer);
    entry.mutable_choice()->set_kind(v1::CHOICE_KIND_SIGNAL);
    entry.mutable_choice()->set_jurisdiction("US-CA");
    const auto results = ledger_->Append(
        {&entry}, [](const v1::LedgerEntry&, const v1::Standing&) {
          return absl::OkStatus();
        });
    EXPECT_TRUE(results.ok() && (*results)[0].status.ok());
  }

  // Counts a choice whose leaf reaches no log.
  void ChooseUnheard(const std::string& consumer) {
    const std::string ref = ledger_->ReadStanding(consumer)->consumer_ref;
    ChoiceStates states = ChoiceStates::Open(records()).value();
    ChoiceState state = states.Read(ref).value();
    ++state.choices;
    EXPECT_TRUE(states.Write(ref, state).ok());
  }

  bool Permits(const std::string& consumer) {
    const StandingState state = ledger_->ReadStanding(consumer).value();
    return !state.ask_again && state.standing.choice_size() > 0 &&
           state.standing.choice(0).kind() == v1::CHOICE_KIND_CONSENT;
  }

  KeyStore& keys() { return vault_->keys(); }
  RecordStore& records() { return vault_->records(); }

 private:
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<ConsentLedger> ledger_;
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

  // Of `years` from now; nothing if the log has to be read.
  std::optional<int64_t> SignalsCounted(int years) {
    const int32_t today = DayOf(home_.clock().Now());
    const auto read =
        SignalCounts(room_->records())
            .Read(static_cast<int32_t>(CivilDayOf(today).year()) + years,
                  today);
    EXPECT_TRUE(read.ok()) << read.status();
    if (!read.ok() || !read->has_value()) return std::nullopt;
    return (*read)->all;
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

  ASSERT_TRUE(home_.Erase("ada").ok());

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
  ChoiceStates states = ChoiceStates::Open(*copy).value();
  EXPECT_EQ(states.Read(ada->consumer_ref)->choices, 4u);
}

TEST_F(ChoiceRestoreTest, SignalsThatAnOlderCopyLacksAreLeftToTheLog) {
  room_->Signal("ada");
  ASSERT_EQ(SignalsCounted(0), 1);

  PutBack(false, true);

  EXPECT_EQ(SignalsCounted(0), std::nullopt);
  EXPECT_EQ(SignalsCounted(-1), std::nullopt);
  home_.clock().Advance(absl::Hours(24 * 366));
  room_->Signal("luz");
  EXPECT_EQ(SignalsCounted(0), 1);
  EXPECT_EQ(SignalsCounted(-1), std::nullopt);
}

TEST_F(ChoiceRestoreTest, ARestoreOfNothingThatIsOlderLosesNoSignal) {
  room_->Signal("ada");

  PutBack(false, false);

  EXPECT_EQ(SignalsCounted(0), 1);
}

// As a kill leaves it, or a full disk, between the two stores' transactions.
// The copies are as quiet as backups are: all that they know is in the log.
TEST_F(ChoiceRestoreTest, ARestoreThatWasStoppedHalfwayLetsNobodyDecide) {
  room_->Choose("ada", false);
  EXPECT_TRUE(home_.steward().AwaitCheckpoint().ok());
  Close();
  ASSERT_TRUE((*OpenSqlite(Path("records.db.old"), SqliteOptions()))
                  ->Execute("CREATE TRIGGER stop BEFORE UPDATE ON outbox_state "
                            "BEGIN SELECT RAISE(ABORT, 'stopped'); END")
                  .ok());
  RestoreOptions options;
  options.keys_file = Path("keys.db.old");
  options.records_file = Path("records.db.old");
  ASSERT_FALSE(
      RestoreHome(home_.folder(), home_.passphrase(), home_.clock(), options)
          .ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(home_.Open()));
  home_.Close();
  ASSERT_TRUE((*OpenSqlite(Path("records.db"), SqliteOptions()))
                  ->Execute("DROP TRIGGER stop")
                  .ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(home_.Open()));
  home_.Close();

  EXPECT_EQ(RunRestore(RestoreOptions()).must_ask_again, 1);

  Open();
  EXPECT_FALSE(room_->Permits("ada"));
  EXPECT_TRUE(room_->Permits("luz"));
  EXPECT_EQ(SignalsCounted(0), std::nullopt);
}

}  // namespace
}  // namespace subrosa
