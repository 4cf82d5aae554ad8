#include "src/consent/consent_ledger.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/base/file.h"
#include "src/consent/ledger_seal.h"
#include "src/crypto/commitment.h"
#include "src/crypto/secret_key.h"
#include "src/store/outbox.h"
#include "src/vault/choice_states.h"
#include "src/vault/consumer_erasure.h"
#include "src/vault/key_store.h"
#include "src/vault/key_tables.h"
#include "src/vault/scratch_vault.h"

namespace subrosa {
namespace {

constexpr char kConsent[] =
    "choice { kind: CHOICE_KIND_CONSENT action: ACTION_SHARE"
    " purpose: 'coaching' category: 1 jurisdiction: 'US-WA'"
    " actor { kind: ACTOR_KIND_SELF } method: 'button' }";
constexpr char kWithdrawal[] =
    "choice { kind: CHOICE_KIND_WITHDRAWAL jurisdiction: 'US-WA'"
    " actor { kind: ACTOR_KIND_SELF } }";
constexpr char kFacts[] = "facts { residence: 'US-NV' born: '1990-05-01' }";

absl::Status TakeAll(const v1::LedgerEntry&, const v1::Standing&) {
  return absl::OkStatus();
}

v1::LedgerEntry EntryOf(const std::string& consumer, const std::string& text) {
  v1::LedgerEntry entry;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &entry));
  entry.set_consumer(consumer);
  return entry;
}

class ConsentLedgerTest : public testing::Test {
 protected:
  ConsentLedgerTest() { Reopen(); }

  void Reopen() {
    auto ledger = ConsentLedger::Open(scratch_.vault(), scratch_.clock());
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    ledger_ = *std::move(ledger);
  }

  absl::StatusOr<std::vector<EntryResult>> Append(
      const std::vector<v1::LedgerEntry>& entries,
      ConsentLedger::EntryCheck check = TakeAll) {
    std::vector<const v1::LedgerEntry*> pointers;
    for (const v1::LedgerEntry& entry : entries) pointers.push_back(&entry);
    return ledger_->Append(pointers, check);
  }
  void MustAppend(const std::string& consumer, const std::string& text) {
    const auto results = Append({EntryOf(consumer, text)});
    ASSERT_TRUE(results.ok()) << results.status();
    ASSERT_TRUE((*results)[0].status.ok()) << (*results)[0].status;
  }
  StandingState StandingOf(const std::string& consumer) {
    const auto state = ledger_->ReadStanding(consumer);
    EXPECT_TRUE(state.ok()) << state.status();
    return state.value_or(StandingState());
  }
  std::vector<uint64_t> NumbersOf(const std::string& consumer) {
    std::vector<uint64_t> numbers;
    const absl::Status visited =
        ledger_->Visit(consumer, [&](uint64_t number, const v1::LedgerEntry&) {
          numbers.push_back(number);
          return absl::OkStatus();
        });
    EXPECT_TRUE(visited.ok()) << visited;
    return numbers;
  }
  std::vector<std::string> ChangedConsumers() {
    std::vector<std::string> changed;
    const absl::Status visited = ledger_->VisitChanged(
        [&](absl::string_view ref) { changed.emplace_back(ref); });
    EXPECT_TRUE(visited.ok()) << visited;
    return changed;
  }

  ScratchVault scratch_;
  std::unique_ptr<ConsentLedger> ledger_;
};

TEST_F(ConsentLedgerTest, WhatIsAppendedStandsAndIsReadBackInOrder) {
  MustAppend("ada", kFacts);
  MustAppend("ada", kConsent);
  MustAppend("ada", kWithdrawal);
  MustAppend("luz", kConsent);
  Reopen();

  EXPECT_EQ(NumbersOf("ada"), (std::vector<uint64_t>{1, 2, 3}));
  const StandingState state = StandingOf("ada");
  EXPECT_EQ(state.choices, 3u);
  EXPECT_FALSE(state.ask_again);
  EXPECT_EQ(state.standing.facts().residence(), "US-NV");
  ASSERT_EQ(state.standing.choice_size(), 1);
  EXPECT_EQ(state.standing.choice(0).kind(), v1::CHOICE_KIND_WITHDRAWAL);
  EXPECT_EQ(StandingOf("luz").standing.choice(0).kind(),
            v1::CHOICE_KIND_CONSENT);
}

TEST_F(ConsentLedgerTest, OfWhoIsNotKnownNothingStands) {
  const StandingState state = StandingOf("nobody");

  EXPECT_EQ(state.choices, 0u);
  EXPECT_EQ(state.consumer_ref, "");
  EXPECT_TRUE(absl::IsNotFound(ledger_->Visit(
      "nobody",
      [](uint64_t, const v1::LedgerEntry&) { return absl::OkStatus(); })));
}

TEST_F(ConsentLedgerTest, ARefusedEntryStopsNoOtherAndLeavesNoTrace) {
  const auto results =
      Append({EntryOf("ada", kConsent), EntryOf("ada", kWithdrawal),
              EntryOf("luz", kConsent)},
             [](const v1::LedgerEntry& entry, const v1::Standing& standing) {
               if (entry.choice().kind() != v1::CHOICE_KIND_WITHDRAWAL) {
                 return absl::OkStatus();
               }
               EXPECT_EQ(standing.choice_size(), 1) << "what the batch added";
               return absl::InvalidArgumentError("choice.method: no");
             });

  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_EQ((*results)[0].number, 1u);
  EXPECT_TRUE(absl::IsInvalidArgument((*results)[1].status));
  EXPECT_EQ((*results)[2].number, 1u);
  EXPECT_EQ(NumbersOf("ada"), std::vector<uint64_t>{1});
  EXPECT_EQ(StandingOf("ada").standing.choice(0).kind(),
            v1::CHOICE_KIND_CONSENT);
}

TEST_F(ConsentLedgerTest, OfWhoIsNotKnownARefusedEntryMakesNobody) {
  const auto refuse_consents = [](const v1::LedgerEntry& entry,
                                  const v1::Standing&) {
    return entry.has_facts() ? absl::OkStatus()
                             : absl::InvalidArgumentError("choice: no");
  };

  const auto results =
      Append({EntryOf("typo", kConsent), EntryOf("ada", kConsent),
              EntryOf("typo", kWithdrawal), EntryOf("ada", kFacts)},
             refuse_consents);

  ASSERT_TRUE(results.ok()) << results.status();
  for (const size_t refused : {0, 1, 2}) {
    EXPECT_EQ((*results)[refused].status,
              absl::InvalidArgumentError("choice: no"));
  }
  EXPECT_EQ((*results)[3].number, 1u);
  EXPECT_TRUE(absl::IsNotFound(scratch_.vault().keys().Find("typo").status()));
  EXPECT_TRUE(scratch_.vault().keys().Find("ada").ok());
}

TEST_F(ConsentLedgerTest, WhatIsNoEntryIsRefused) {
  v1::LedgerEntry large = EntryOf("ada", kConsent);
  large.mutable_choice()->set_method(std::string(kMaxLedgerEntryBytes, 'm'));
  const auto results =
      Append({EntryOf("", kConsent), EntryOf("ada", ""),
              EntryOf(std::string(257, 'c'), kConsent), large});

  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_EQ((*results)[0].status.message(),
            "entry.consumer: want 1 to 256 bytes, got 0");
  EXPECT_EQ((*results)[1].status.message(),
            "entry: want a choice or facts, got neither");
  EXPECT_EQ((*results)[2].status.message(),
            "entry.consumer: want 1 to 256 bytes, got 257");
  EXPECT_TRUE(absl::IsInvalidArgument((*results)[3].status));
  EXPECT_EQ(scratch_.Number("records", "SELECT count(*) FROM choice"), 0);
}

TEST_F(ConsentLedgerTest, EachEntryLeavesALeafThatNamesNobody) {
  MustAppend("ada", kConsent);

  auto outbox = scratch_.vault().records().database().Prepare(
      "SELECT entry FROM outbox ORDER BY sequence DESC LIMIT 1");
  ASSERT_TRUE((*outbox)->Step().value());
  const absl::StatusOr<Leaf> leaf = ParseLeaf((*outbox)->ColumnBytes(0));
  ASSERT_TRUE(leaf.ok()) << leaf.status();
  EXPECT_EQ(leaf->kind, LeafKind::kChoice);
  EXPECT_EQ(leaf->jurisdiction, "US-WA");
  EXPECT_EQ(leaf->numbers, std::vector<uint64_t>{v1::CHOICE_KIND_CONSENT});
  ASSERT_EQ(leaf->commitments.size(), 3u);
  // Whoever has the key shows whose it is, as of any other leaf.
  KeyStore& keys = scratch_.vault().keys();
  const auto ada = keys.Find("ada");
  ASSERT_TRUE(ada.ok());
  const Opening opening = DeriveOpening(*keys.StableSecretOf(**ada), leaf->tag);
  EXPECT_TRUE(VerifyCommitment(leaf->commitments[0], opening,
                               kLeafConsumerLabel, {"ada", ""})
                  .ok());
  EXPECT_FALSE(VerifyCommitment(leaf->commitments[0], opening,
                                kLeafConsumerLabel, {"luz", ""})
                   .ok());
}

TEST_F(ConsentLedgerTest, AnErasedConsumerHasNoLedgerAndGetsNone) {
  MustAppend("ada", kConsent);
  ASSERT_TRUE(scratch_.vault().DestroyKeys("ada").ok());

  EXPECT_EQ(scratch_.Number("records", "SELECT count(*) FROM choice"), 0);
  EXPECT_EQ(StandingOf("ada").choices, 0u);
  const auto results = Append({EntryOf("ada", kConsent)});
  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_TRUE(absl::IsFailedPrecondition((*results)[0].status));
  EXPECT_EQ(scratch_.Number("records", "SELECT count(*) FROM choice"), 0);
}

TEST_F(ConsentLedgerTest, AnErasureThatWasStoppedForgetsChoicesOnTheNextStart) {
  MustAppend("ada", kConsent);
  MustAppend("luz", kConsent);
  // As a kill leaves it: the key is gone, the rows are not.
  ASSERT_TRUE(scratch_.vault().keys().Erase("ada", 0).ok());
  ASSERT_EQ(scratch_.Number("records", "SELECT count(*) FROM choice"), 2);

  ASSERT_TRUE(scratch_.vault().FinishErasures().ok());

  EXPECT_EQ(scratch_.Number("records", "SELECT count(*) FROM choice"), 1);
  EXPECT_EQ(StandingOf("luz").choices, 1u);
}

TEST_F(ConsentLedgerTest, WhoIsErasedWhileTheyChooseIsForgotten) {
  MustAppend("ada", kConsent);
  const auto other = scratch_.OpenAnother();
  ASSERT_TRUE(other.ok()) << other.status();

  const auto results =
      Append({EntryOf("ada", kWithdrawal), EntryOf("luz", kConsent)},
             [&](const v1::LedgerEntry& entry, const v1::Standing&) {
               // The key store is not locked while the record store is.
               if (entry.consumer() == "ada") {
                 EXPECT_TRUE((*other)->keys().Erase("ada", 0).ok());
               }
               return absl::OkStatus();
             });

  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_TRUE(absl::IsFailedPrecondition((*results)[0].status));
  EXPECT_TRUE((*results)[1].status.ok());
  EXPECT_EQ(scratch_.Number("records", "SELECT count(*) FROM choice"), 1);
}

TEST_F(ConsentLedgerTest, WhoIsErasedAndTakenInAgainMeanwhileIsToldOfIt) {
  MustAppend("ada", kConsent);
  const auto other = scratch_.OpenAnother();
  ASSERT_TRUE(other.ok()) << other.status();

  const auto results = Append(
      {EntryOf("ada", kWithdrawal)},
      [&](const v1::LedgerEntry&, const v1::Standing&) {
        KeyStore& keys = (*other)->keys();
        PreparedErasure erasure =
            keys.PrepareErasure("ada", *keys.FindShared("ada").value()).value();
        erasure.suppression = Suppression::kNone;
        EXPECT_TRUE(keys.EraseAll({erasure}, 0).ok());
        EXPECT_TRUE(keys.FindOrCreate({std::string("ada")}).ok());
        return absl::OkStatus();
      });

  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_TRUE(absl::IsFailedPrecondition((*results)[0].status));
  EXPECT_EQ(StandingOf("ada").choices, 0u);
  EXPECT_EQ(scratch_.Number("records", "SELECT count(*) FROM choice"), 0);
}

TEST_F(ConsentLedgerTest, AChangedMovedOrSwappedEntryDoesNotOpen) {
  MustAppend("ada", kConsent);
  MustAppend("ada", kWithdrawal);
  MustAppend("luz", kConsent);
  const auto opens = [&] {
    return ledger_->Visit("ada", [](uint64_t, const v1::LedgerEntry&) {
      return absl::OkStatus();
    });
  };
  ASSERT_TRUE(opens().ok());
  scratch_.Execute("records", "CREATE TABLE good AS SELECT * FROM choice");
  for (const char* change :
       {"UPDATE choice SET sealed = (SELECT sealed FROM choice WHERE row = 2)"
        " WHERE row = 1",
        "UPDATE choice SET sealed = (SELECT sealed FROM choice WHERE row = 3)"
        " WHERE row = 1",
        "UPDATE choice SET sealed = zeroblob(80) WHERE row = 1"}) {
    scratch_.Execute("records", change);
    EXPECT_TRUE(absl::IsDataLoss(opens())) << change;
    scratch_.Execute("records",
                     "UPDATE choice SET sealed = (SELECT sealed FROM good"
                     " WHERE good.row = choice.row)");
  }
  scratch_.Execute("records",
                   "UPDATE choice_state SET standing = zeroblob(90)");
  EXPECT_TRUE(absl::IsDataLoss(ledger_->ReadStanding("ada").status()));
}

TEST_F(ConsentLedgerTest, AfterAnAnswerToAllNothingBeforeItStands) {
  MustAppend("ada", kFacts);
  MustAppend("ada", kConsent);
  const std::string ref = StandingOf("ada").consumer_ref;
  ChoiceStates states = *ChoiceStates::Open(scratch_.vault().records());
  ChoiceState state = *states.Read(ref);
  state.ask_again = true;
  ASSERT_TRUE(states.Write(ref, state).ok());
  MustAppend("ada", kWithdrawal);
  EXPECT_TRUE(StandingOf("ada").ask_again) << "one choice answers not all";

  MustAppend("ada", absl::StrCat(kConsent, " answers_all: true"));

  EXPECT_FALSE(StandingOf("ada").ask_again);
  EXPECT_EQ(StandingOf("ada").standing.choice_size(), 1);
  EXPECT_EQ(StandingOf("ada").standing.facts().residence(), "US-NV");
}

TEST_F(ConsentLedgerTest, ANewVersionOfTheKeyChangesNothing) {
  MustAppend("ada", kConsent);

  ASSERT_TRUE(scratch_.vault().ErasePart("ada", {}).ok());

  MustAppend("ada", kWithdrawal);
  EXPECT_EQ(NumbersOf("ada"), (std::vector<uint64_t>{1, 2}));
}

TEST_F(ConsentLedgerTest, AConsentIsNamedByTheTagOfItsLeafUntilItIsWithdrawn) {
  const auto appended =
      Append({EntryOf("ada", kConsent), EntryOf("ada", kFacts)}, TakeAll);
  ASSERT_TRUE(appended.ok()) << appended.status();
  const auto standing = ledger_->ReadConsents("ada");
  ASSERT_TRUE(standing.ok()) << standing.status();
  ASSERT_EQ(standing->size(), 1u);
  EXPECT_EQ((*standing)[0].consent_ref, (*appended)[0].consent_ref);
  EXPECT_EQ((*standing)[0].consent_ref.size(), kConsentRefBytes);
  EXPECT_TRUE((*appended)[1].consent_ref.empty()) << "facts are no consent";

  MustAppend("ada", kWithdrawal);

  EXPECT_TRUE(ledger_->ReadConsents("ada")->empty());
  EXPECT_TRUE(ledger_->ReadConsents("nobody")->empty());
}

TEST_F(ConsentLedgerTest, AnotherProcessLearnsWhoseChoicesChanged) {
  MustAppend("ada", kConsent);
  const auto other = scratch_.OpenAnother();
  ASSERT_TRUE(other.ok()) << other.status();
  const auto theirs = ConsentLedger::Open(**other, scratch_.clock());
  ASSERT_TRUE(theirs.ok()) << theirs.status();
  const v1::LedgerEntry entry = EntryOf("luz", kConsent);
  ASSERT_TRUE((*theirs)->Append({&entry}, TakeAll).ok());

  EXPECT_EQ(ChangedConsumers(),
            std::vector<std::string>{StandingOf("luz").consumer_ref});
  EXPECT_TRUE(ChangedConsumers().empty()) << "they are told of once";
}

TEST_F(ConsentLedgerTest, WhoChoseAfterAnErasureIsStillTold) {
  const auto other = scratch_.OpenAnother();
  ASSERT_TRUE(other.ok()) << other.status();
  const auto theirs = ConsentLedger::Open(**other, scratch_.clock());
  ASSERT_TRUE(theirs.ok()) << theirs.status();
  MustAppend("ada", kConsent);
  MustAppend("luz", kConsent);
  ASSERT_TRUE(scratch_.vault().DestroyKeys("luz").ok());
  const v1::LedgerEntry entry = EntryOf("eve", kConsent);

  ASSERT_TRUE((*theirs)->Append({&entry}, TakeAll).ok());

  EXPECT_EQ(ChangedConsumers(),
            std::vector<std::string>{StandingOf("eve").consumer_ref});
}

TEST_F(ConsentLedgerTest, AnotherEntitysEntriesAreNotThisOnes) {
  MustAppend("ada", kConsent);
  scratch_.Execute("records",
                   "INSERT INTO choice SELECT row + 10, entity + 1,"
                   " consumer_ref, number + 1, row, sealed FROM choice");
  scratch_.Execute("records",
                   "INSERT INTO choice_state SELECT entity + 1, consumer_ref,"
                   " 7, 1, standing, 11 FROM choice_state");

  EXPECT_EQ(NumbersOf("ada"), std::vector<uint64_t>{1});
  EXPECT_FALSE(StandingOf("ada").ask_again);

  scratch_.Execute("records", "UPDATE choice_state SET last_row = 11");
  const absl::Status mixed = ledger_->Visit(
      "ada", [](uint64_t, const v1::LedgerEntry&) { return absl::OkStatus(); });
  EXPECT_TRUE(absl::IsDataLoss(mixed)) << mixed;
}

TEST_F(ConsentLedgerTest, WhatWasSealedForOneEntityOpensForNoOther) {
  const SecretKey key = SecretKey::Random().value();
  const std::string ref(16, 'a');
  const auto sealed = SealLedger(key, {"rosewater", ref, 1}, "");
  ASSERT_TRUE(sealed.ok()) << sealed.status();
  v1::LedgerEntry entry;

  EXPECT_TRUE(OpenLedger(key, {"rosewater", ref, 1}, *sealed, &entry).ok());
  EXPECT_TRUE(
      absl::IsDataLoss(OpenLedger(key, {"harbor", ref, 1}, *sealed, &entry)));
}

TEST_F(ConsentLedgerTest, AnEntryThatIsMissingOrAnothersIsNoticed) {
  for (const std::string who : {"ada", "luz", "ada", "ada"}) {
    MustAppend(who, kConsent);
  }
  const auto read = [&] {
    return ledger_->Visit("ada", [](uint64_t, const v1::LedgerEntry&) {
      return absl::OkStatus();
    });
  };
  ASSERT_TRUE(read().ok());
  scratch_.Execute("records", "CREATE TABLE good AS SELECT * FROM choice");
  for (const char* change :
       {"DELETE FROM choice WHERE row = 1", "DELETE FROM choice WHERE row = 3",
        "DELETE FROM choice WHERE row = 4",
        "UPDATE choice SET previous = 2 WHERE row = 3",
        "UPDATE choice SET previous = 4 WHERE row = 3"}) {
    scratch_.Execute("records", change);
    EXPECT_TRUE(absl::IsDataLoss(read())) << change;
    scratch_.Execute("records", "DELETE FROM choice");
    scratch_.Execute("records", "INSERT INTO choice SELECT * FROM good");
  }
}

TEST_F(ConsentLedgerTest, ARowIsNeverGivenTwice) {
  MustAppend("ada", kConsent);
  MustAppend("luz", kConsent);
  ASSERT_TRUE(scratch_.vault().DestroyKeys("luz").ok());
  ASSERT_EQ(scratch_.Number("records", "SELECT max(row) FROM choice"), 1);

  MustAppend("eve", kConsent);

  EXPECT_EQ(scratch_.Number("records", "SELECT max(row) FROM choice"), 3);
}

TEST_F(ConsentLedgerTest, NothingOfAnEntryRestsInClear) {
  MustAppend("canary-account",
             "choice { kind: CHOICE_KIND_CONSENT action: ACTION_SHARE"
             " purpose: 'canary-purpose' method: 'canary-method'"
             " notice { interface: 'canary-interface' } }");
  MustAppend("canary-account",
             "facts { residence: 'US-CANARY' guardian: 'canary-guardian' }");
  for (const std::string store : {"keys", "records"}) {
    for (const std::string suffix : {"", "-wal"}) {
      const auto bytes =
          ReadFile(scratch_.PathOf(store) + suffix, size_t{64} << 20);
      if (!bytes.ok()) continue;
      EXPECT_EQ(bytes->find("canary"), std::string::npos) << store << suffix;
      EXPECT_EQ(bytes->find("CANARY"), std::string::npos) << store << suffix;
    }
  }
}

}  // namespace
}  // namespace subrosa
