#include "src/vault/vault.h"

#include <sys/stat.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/key_store.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Forwards to a connection, and runs something just before it commits.
class HookedConnection final : public Connection {
 public:
  HookedConnection(std::unique_ptr<Connection> inner,
                   std::function<void()>* before_commit)
      : inner_(std::move(inner)), before_commit_(before_commit) {}

  absl::Status Execute(const std::string& sql) override {
    if (sql == "COMMIT" && *before_commit_) {
      std::exchange(*before_commit_, nullptr)();
    }
    return inner_->Execute(sql);
  }
  absl::StatusOr<std::unique_ptr<Statement>> Prepare(
      absl::string_view sql) override {
    return inner_->Prepare(sql);
  }
  int64_t Changes() const override { return inner_->Changes(); }
  absl::Status SetCacheBytes(int64_t bytes) override {
    return inner_->SetCacheBytes(bytes);
  }
  absl::Status SetOverwriting(bool overwrites) override {
    return inner_->SetOverwriting(overwrites);
  }
  absl::Status SetDurable(bool durable) override {
    return inner_->SetDurable(durable);
  }
  absl::Status FlushJournal(absl::Duration patience) override {
    return inner_->FlushJournal(patience);
  }

 private:
  std::unique_ptr<Connection> inner_;
  std::function<void()>* before_commit_;
};

class VaultTest : public testing::Test {
 protected:
  VaultTest()
      : folder_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    mkdir(folder_.c_str(), 0700);
    EXPECT_TRUE(ReplaceFile(folder_ + "/passphrase", "rose garden", 0600).ok());
    const auto passphrase = ReadSecretFile(folder_ + "/passphrase");
    provider_ = std::move(Keyring::Create(folder_ + "/keyring", *passphrase,
                                          KeyringCost::kInteractive))
                    .value();
    vault_ = std::move(Vault::Create(Database("keys", true),
                                     Database("records", true), *provider_,
                                     clock_, "rosewater"))
                 .value();
  }

  std::unique_ptr<Connection> Database(const std::string& name,
                                       bool create = false) {
    SqliteOptions options;
    options.create = create;
    return std::move(
               OpenSqlite(absl::StrCat(folder_, "/", name, ".db"), options))
        .value();
  }

  absl::StatusOr<std::unique_ptr<Vault>> OpenVault() {
    absl::StatusOr<std::unique_ptr<Vault>> vault =
        Vault::Open(Database("keys"), Database("records"), *provider_, clock_);
    if (!vault.ok()) return vault;
    const absl::Status finished = (*vault)->FinishErasures();
    if (!finished.ok()) return finished;
    return vault;
  }

  int64_t RowsHeld() {
    const std::unique_ptr<Connection> database = Database("records");
    auto count = database->Prepare("SELECT count(*) FROM record");
    EXPECT_TRUE((*count)->Step().value());
    return (*count)->ColumnInt(0);
  }

  void Damage(const std::string& sql) {
    const std::unique_ptr<Connection> database = Database("records");
    ASSERT_TRUE(database->Execute(sql).ok());
    ASSERT_EQ(database->Changes(), 1);
  }

  std::vector<PutOutcome> Put(const std::vector<v1::HealthRecord>& records) {
    return PutInto(*vault_, records);
  }

  static std::vector<PutOutcome> PutInto(
      Vault& vault, const std::vector<v1::HealthRecord>& records) {
    std::vector<PutItem> items;
    items.reserve(records.size());
    for (const v1::HealthRecord& record : records) {
      items.push_back({&record,
                       {1 << v1::HEALTH_CATEGORY_CONDITIONS,
                        uint64_t{1} << v1::HEALTH_LABEL_MOOD}});
    }
    auto outcomes = vault.PutBatch(items);
    EXPECT_TRUE(outcomes.ok()) << outcomes.status();
    return outcomes.ok() ? *outcomes : std::vector<PutOutcome>();
  }

  absl::StatusOr<std::vector<std::string>> NotesOf(
      const std::string& consumer) {
    std::vector<std::string> notes;
    const absl::Status status = vault_->Scan(
        consumer, [&notes](const v1::HealthRecord& record, const RowFacts&) {
          v1::MoodCheckIn check_in;
          EXPECT_TRUE(record.payload().UnpackTo(&check_in));
          notes.push_back(check_in.note());
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
    std::sort(notes.begin(), notes.end());
    return notes;
  }

  std::string folder_;
  FixedClock clock_{absl::FromUnixSeconds(1782864000)};
  std::unique_ptr<Keyring> provider_;
  std::unique_ptr<Vault> vault_;
};

v1::HealthRecord CheckIn(const std::string& consumer, const std::string& id,
                         const std::string& note) {
  v1::HealthRecord record;
  record.set_consumer(consumer);
  record.set_id(id);
  record.set_source("ios-app");
  record.set_purpose("mood-tracking");
  record.set_basis(v1::BASIS_CONSENT);
  record.mutable_collected_at()->set_seconds(1782000000);
  v1::MoodCheckIn check_in;
  check_in.set_score(4);
  check_in.set_note(note);
  record.mutable_payload()->PackFrom(check_in);
  return record;
}

TEST_F(VaultTest, APutRecordComesBackToItsConsumerAlone) {
  EXPECT_THAT(Put({CheckIn("ada", "1", "calm"), CheckIn("bo", "1", "tired")}),
              ElementsAre(PutOutcome::kAdded, PutOutcome::kAdded));

  EXPECT_THAT(*NotesOf("ada"), ElementsAre("calm"));
  EXPECT_THAT(*NotesOf("bo"), ElementsAre("tired"));
}

TEST_F(VaultTest, TheSameRecordAgainChangesNothing) {
  Put({CheckIn("ada", "1", "calm")});

  EXPECT_THAT(Put({CheckIn("ada", "1", "calm")}),
              ElementsAre(PutOutcome::kUnchanged));
  EXPECT_EQ(RowsHeld(), 1);
}

TEST_F(VaultTest, AChangedRecordIsANewRevisionAndTheNewestIsShown) {
  Put({CheckIn("ada", "1", "calm")});

  EXPECT_THAT(
      Put({CheckIn("ada", "1", "calmer"), CheckIn("ada", "1", "calmest")}),
      ElementsAre(PutOutcome::kRevised, PutOutcome::kRevised));

  EXPECT_THAT(*NotesOf("ada"), ElementsAre("calmest"));
  EXPECT_EQ(*vault_->CountRows("ada"), 3);
}

TEST_F(VaultTest, ARecordWithoutAnIdIsKnownByItsContent) {
  Put({CheckIn("ada", "", "calm")});

  EXPECT_THAT(Put({CheckIn("ada", "", "calm"), CheckIn("ada", "", "sad")}),
              ElementsAre(PutOutcome::kUnchanged, PutOutcome::kAdded));
}

TEST_F(VaultTest, TheSameContentOfTwoConsumersLooksUnrelated) {
  Put({CheckIn("ada", "1", "calm"), CheckIn("bo", "1", "calm")});

  const std::unique_ptr<Connection> database = Database("records");
  auto distinct = database->Prepare(
      "SELECT count(DISTINCT record_ref), count(DISTINCT digest) FROM record");
  ASSERT_TRUE((*distinct)->Step().value());
  EXPECT_EQ((*distinct)->ColumnInt(0), 2);
  EXPECT_EQ((*distinct)->ColumnInt(1), 2);
}

TEST_F(VaultTest, RecordsAreThereAfterOpeningAgain) {
  Put({CheckIn("ada", "1", "calm")});

  vault_ = std::move(OpenVault()).value();

  EXPECT_THAT(*NotesOf("ada"), ElementsAre("calm"));
}

TEST_F(VaultTest, AnUnknownConsumerIsNotFoundAndNotNamed) {
  const absl::Status status = NotesOf("canary-consumer").status();

  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("canary")));
  EXPECT_TRUE(absl::IsNotFound(vault_->CountRows("canary-consumer").status()));
  EXPECT_TRUE(absl::IsNotFound(vault_->Erase("canary-consumer").status()));
}

TEST_F(VaultTest, AnErasedConsumerIsGoneAndTheOthersStay) {
  Put({CheckIn("ada", "1", "calm"), CheckIn("bo", "1", "tired")});

  EXPECT_EQ(vault_->Erase("ada")->rows, 1);

  EXPECT_TRUE(absl::IsNotFound(NotesOf("ada").status()));
  EXPECT_THAT(*NotesOf("bo"), ElementsAre("tired"));
  EXPECT_EQ(RowsHeld(), 1);
}

TEST_F(VaultTest, AnErasedConsumerIsNotTakenInAgain) {
  Put({CheckIn("ada", "1", "calm")});
  ASSERT_TRUE(vault_->Erase("ada").ok());

  EXPECT_THAT(Put({CheckIn("ada", "2", "calm"), CheckIn("bo", "1", "tired")}),
              ElementsAre(PutOutcome::kSuppressed, PutOutcome::kAdded));
  EXPECT_EQ(RowsHeld(), 1);
}

TEST_F(VaultTest, AnotherProcessesErasureIsSeenByAWarmCache) {
  Put({CheckIn("ada", "1", "calm")});
  ASSERT_TRUE((*OpenVault())->Erase("ada").ok());

  EXPECT_THAT(Put({CheckIn("ada", "2", "calm")}),
              ElementsAre(PutOutcome::kSuppressed));
}

TEST_F(VaultTest, APutThatAnErasureOvertakesIsTakenBackAndSaysSo) {
  std::function<void()> before_commit;
  const std::unique_ptr<Vault> slow =
      std::move(Vault::Open(Database("keys"),
                            std::make_unique<HookedConnection>(
                                Database("records"), &before_commit),
                            *provider_, clock_))
          .value();
  PutInto(*slow, {CheckIn("ada", "1", "calm")});
  // The key goes while the put's transaction is open; the rows go later.
  before_commit = [this] {
    const auto keys = KeyStore::Open(Database("keys"), *provider_, clock_);
    EXPECT_TRUE((*keys)->Erase("ada", 0).ok());
  };

  EXPECT_THAT(
      PutInto(*slow, {CheckIn("ada", "2", "x"), CheckIn("bo", "1", "y")}),
      ElementsAre(PutOutcome::kErased, PutOutcome::kAdded));
  EXPECT_EQ(RowsHeld(), 1);
}

TEST_F(VaultTest, AnInterruptedErasureIsFinishedWhenTheVaultIsOpened) {
  Put({CheckIn("ada", "1", "calm"), CheckIn("bo", "1", "tired")});
  ASSERT_TRUE((*KeyStore::Open(Database("keys"), *provider_, clock_))
                  ->Erase("ada", 0)
                  .ok());
  ASSERT_EQ(RowsHeld(), 2);

  ASSERT_TRUE(OpenVault().ok());

  EXPECT_EQ(RowsHeld(), 1);
}

TEST_F(VaultTest, ReferencesOfErasedConsumersAreForgottenInTime) {
  Put({CheckIn("ada", "1", "calm")});
  ASSERT_TRUE(vault_->Erase("ada").ok());
  clock_.Advance(absl::Hours(24 * 31));

  ASSERT_TRUE(OpenVault().ok());

  const auto keys = KeyStore::Open(Database("keys"), *provider_, clock_);
  EXPECT_TRUE((*keys)->DueDeletions()->empty());
}

TEST_F(VaultTest, AChangedClearColumnIsLostData) {
  for (const char* change :
       {"categories = 4", "labels = 2", "collected_day = 3",
        "effective_day = 3", "source = 1", "purpose = 1", "schema = 1"}) {
    Put({CheckIn("ada", change, "calm")});
    Damage(absl::StrCat("UPDATE record SET ", change));

    EXPECT_TRUE(absl::IsDataLoss(NotesOf("ada").status())) << change;
    Damage("DELETE FROM record");
  }
}

TEST_F(VaultTest, ARowMovedToAnotherConsumerOrRevisionIsLostData) {
  Put({CheckIn("ada", "1", "calm")});
  Damage("UPDATE record SET revision = 2");
  EXPECT_TRUE(absl::IsDataLoss(NotesOf("ada").status()));
  Damage("UPDATE record SET revision = 1");
  ASSERT_TRUE(NotesOf("ada").ok());

  Put({CheckIn("bo", "1", "tired")});
  Damage(
      "UPDATE record SET record_ref = zeroblob(16), data_ref ="
      " (SELECT data_ref FROM record WHERE row = 2) WHERE row = 1");
  EXPECT_TRUE(absl::IsDataLoss(NotesOf("bo").status()));
}

TEST_F(VaultTest, ADamagedEnvelopeIsLostDataAndCanStillBeErased) {
  Put({CheckIn("ada", "1", "canary-note")});
  Damage("UPDATE record SET envelope = zeroblob(length(envelope))");

  const absl::Status status = NotesOf("ada").status();

  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("canary")));
  EXPECT_EQ(vault_->Erase("ada")->rows, 1);
}

TEST_F(VaultTest, StoresThatAreNoPairAreRefused) {
  ASSERT_TRUE(Vault::Create(Database("other-keys", true),
                            Database("other-records", true), *provider_, clock_,
                            "other")
                  .ok());

  const absl::Status status =
      Vault::Open(Database("keys"), Database("other-records"), *provider_,
                  clock_)
          .status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status));
}

TEST_F(VaultTest, TheKeyringOfAnotherInstallationOpensNothing) {
  const auto passphrase = ReadSecretFile(folder_ + "/passphrase");
  const auto other = Keyring::Create(folder_ + "/other-keyring", *passphrase,
                                     KeyringCost::kInteractive);

  EXPECT_FALSE(
      Vault::Open(Database("keys"), Database("records"), **other, clock_).ok());
}

TEST_F(VaultTest, FactsOfOneConsumerComeTogether) {
  Put({CheckIn("ada", "1", "a"), CheckIn("bo", "1", "b"),
       CheckIn("ada", "2", "c"), CheckIn("bo", "2", "d")});

  std::vector<std::string> refs;
  ASSERT_TRUE(vault_
                  ->VisitFacts([&refs](const RecordRow& row) {
                    refs.push_back(row.place.data_ref);
                    EXPECT_EQ(row.facts.source, "ios-app");
                    return absl::OkStatus();
                  })
                  .ok());

  ASSERT_EQ(refs.size(), 4u);
  EXPECT_EQ(refs[0], refs[1]);
  EXPECT_EQ(refs[2], refs[3]);
  EXPECT_NE(refs[1], refs[2]);
}

TEST_F(VaultTest, AVisitorsErrorStopsTheVisitAndComesBack) {
  Put({CheckIn("ada", "1", "a"), CheckIn("ada", "2", "b")});
  int visits = 0;

  const absl::Status status =
      vault_->Scan("ada", [&visits](const v1::HealthRecord&, const RowFacts&) {
        ++visits;
        return absl::CancelledError("enough");
      });

  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_EQ(visits, 1);
  EXPECT_TRUE(NotesOf("ada").ok());
}

TEST_F(VaultTest, NoFileOfTheStoresHoldsAValueOrAnId) {
  Put({CheckIn("canary-consumer", "canary-record", "canary-note")});
  Put({CheckIn("canary-consumer", "canary-record", "canary-note-2")});

  for (const char* name : {"keys", "records"}) {
    for (const char* suffix : {".db", ".db-wal", ".db-shm"}) {
      const auto content =
          ReadFile(absl::StrCat(folder_, "/", name, suffix), 1 << 24);
      ASSERT_TRUE(content.ok()) << name << suffix;
      EXPECT_EQ(content->find("canary"), std::string::npos) << name << suffix;
    }
  }
}

TEST_F(VaultTest, AnErasedKeysBytesStandInNoFileOfTheKeyStore) {
  Put({CheckIn("ada", "1", "calm")});
  std::string wrapped;
  {
    const std::unique_ptr<Connection> database = Database("keys");
    auto read = database->Prepare("SELECT wrapped FROM consumer_key");
    ASSERT_TRUE((*read)->Step().value());
    wrapped = std::string((*read)->ColumnBytes(0));
  }

  ASSERT_TRUE(vault_->Erase("ada").ok());

  for (const char* suffix : {".db", ".db-wal"}) {
    const auto content =
        ReadFile(absl::StrCat(folder_, "/keys", suffix), 1 << 24);
    EXPECT_EQ(content->find(wrapped), std::string::npos) << suffix;
  }
}

}  // namespace
}  // namespace subrosa
