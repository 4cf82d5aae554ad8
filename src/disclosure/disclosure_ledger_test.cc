#include "src/disclosure/disclosure_ledger.h"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/base/file.h"
#include "src/crypto/commitment.h"
#include "src/disclosure/scratch_disclosure.h"
#include "src/vault/key_store.h"
#include "src/vault/scratch_vault.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

class DisclosureLedgerTest : public testing::Test {
 protected:
  DisclosureLedgerTest()
      : ledger_(std::move(
                    DisclosureLedger::Open(scratch_.vault(), scratch_.clock()))
                    .value()) {}

  absl::StatusOr<std::vector<DisclosureResult>> Append(
      const std::vector<v1::Disclosure>& entries) {
    std::vector<const v1::Disclosure*> pointers;
    for (const v1::Disclosure& entry : entries) pointers.push_back(&entry);
    return ledger_->Append(pointers);
  }
  void MustAppend(const std::vector<v1::Disclosure>& entries) {
    const auto results = Append(entries);
    ASSERT_TRUE(results.ok()) << results.status();
    for (const DisclosureResult& result : *results) {
      ASSERT_TRUE(result.status.ok()) << result.status;
    }
  }
  // The recipients of each entry, in order, by its number.
  std::vector<std::string> EntriesOf(const std::string& consumer) {
    std::vector<std::string> entries;
    const absl::Status visited = ledger_->Visit(
        consumer, [&](uint64_t number, const v1::Disclosure& entry) {
          entries.push_back(absl::StrCat(number, " ", entry.recipient()));
          return absl::OkStatus();
        });
    EXPECT_TRUE(visited.ok()) << visited;
    return entries;
  }
  std::set<std::string> ConsumersOf(const std::string& recipient) {
    std::set<std::string> consumers;
    const absl::Status visited = ledger_->VisitConsumersOf(
        recipient,
        [&](absl::string_view consumer, const ReceivedByOne& received) {
          EXPECT_EQ(recipient, received.recipient);
          EXPECT_TRUE(consumers.insert(std::string(consumer)).second);
          return absl::OkStatus();
        });
    EXPECT_TRUE(visited.ok()) << visited;
    return consumers;
  }

  ScratchVault scratch_;
  std::unique_ptr<DisclosureLedger> ledger_;
};

using Strings = std::vector<std::string>;

TEST_F(DisclosureLedgerTest, ADeclarationStandsOnceHoweverOftenItIsMade) {
  const v1::Disclosure entry = ScratchDisclosure("ada", "coach");
  v1::Disclosure renamed = entry;
  renamed.set_recipient_name("Coach & Co.");
  renamed.add_rule("wa-mhmda/sell");
  EXPECT_FALSE(*ledger_->IsOnRecord(entry));

  const auto results =
      Append({entry, entry, ScratchDisclosure("luz", "coach"),
              ScratchDisclosure("ada", "coach", "note: 'coach-api v2'"),
              ScratchDisclosure("ada", "coach", "at { nanos: 1 }")});

  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_EQ((*results)[0].number, 1u);
  EXPECT_TRUE(absl::IsAlreadyExists((*results)[1].status));
  EXPECT_EQ((*results)[2].number, 1u);
  EXPECT_EQ((*results)[3].number, 2u);
  EXPECT_EQ((*results)[4].number, 3u);
  const auto again = Append({renamed});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(absl::IsAlreadyExists((*again)[0].status));
  EXPECT_TRUE(*ledger_->IsOnRecord(renamed));
  EXPECT_EQ(EntriesOf("ada"), (Strings{"1 coach", "2 coach", "3 coach"}));
}

TEST_F(DisclosureLedgerTest, WhatIsAppendedIsReadBackTheNewestLast) {
  MustAppend({ScratchDisclosure("ada", "coach"),
              ScratchDisclosure("luz", "coach"),
              ScratchDisclosure("ada", "broker")});
  MustAppend({ScratchDisclosure("ada", "coach", "note: 'again'")});

  EXPECT_EQ((Strings{"1 coach", "2 broker", "3 coach"}), EntriesOf("ada"));
  EXPECT_EQ((Strings{"1 coach"}), EntriesOf("luz"));
}

TEST_F(DisclosureLedgerTest, WhatIsNoDisclosureIsRefusedAndTheOthersAreTaken) {
  const auto results = Append({ScratchDisclosure("ada", "coach", "purpose: ''"),
                               ScratchDisclosure("ada", "coach")});

  ASSERT_TRUE(results.ok()) << results.status();
  EXPECT_TRUE(absl::IsInvalidArgument((*results)[0].status));
  EXPECT_EQ(1u, (*results)[1].number);
  EXPECT_EQ((Strings{"1 coach"}), EntriesOf("ada"));
  const auto none = Append({ScratchDisclosure("", "coach")});
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(absl::IsInvalidArgument((*none)[0].status));
}

TEST_F(DisclosureLedgerTest,
       AConsumersListSaysWhoHasTheirDataAndHowToReachThem) {
  MustAppend({ScratchDisclosure("ada", "coach", "records: 3 pseudonym: 'p1'"),
              ScratchDisclosure("ada", "broker", "action: ACTION_SELL"),
              ScratchDisclosure(
                  "ada", "coach",
                  absl::StrCat("purpose: 'safety' records: 4 pseudonym: 'p2'"
                               " category: HEALTH_CATEGORY_MEDICATION"
                               " recipient_contact: 'new@coach.example'"
                               " at { seconds: ",
                               kDisclosureSeconds + 86400, " }")),
              ScratchRevocation("ada", "stranger")});

  const auto recipients = ledger_->ReadRecipients("ada");

  ASSERT_TRUE(recipients.ok()) << recipients.status();
  ASSERT_EQ(2u, recipients->size());
  const ReceivedByOne& coach = (*recipients)[0];
  EXPECT_EQ("coach", coach.recipient);
  EXPECT_EQ("coach, Inc.", coach.name);
  EXPECT_EQ("new@coach.example", coach.contact);
  EXPECT_EQ(kDisclosureDay, coach.first_day);
  EXPECT_EQ(kDisclosureDay + 1, coach.last_day);
  EXPECT_EQ(2, coach.disclosures);
  EXPECT_EQ(7, coach.records);
  EXPECT_FALSE(coach.sold);
  EXPECT_EQ((std::set<std::string>{"coaching", "safety"}), coach.purposes);
  EXPECT_EQ(2u, coach.categories.size());
  EXPECT_EQ((std::set<std::string>{"p1", "p2"}), coach.pseudonyms);
  EXPECT_FALSE(coach.has_unnamed);
  EXPECT_TRUE((*recipients)[1].sold);
  EXPECT_TRUE((*recipients)[1].has_unnamed);
}

TEST_F(DisclosureLedgerTest, ARevocationHoldsUntilDataIsGivenAgain) {
  MustAppend(
      {ScratchDisclosure("ada", "coach"), ScratchRevocation("ada", "coach")});
  EXPECT_TRUE(ledger_->ReadRecipients("ada")->at(0).is_revoked);
  EXPECT_EQ(1, ledger_->ReadRecipients("ada")->at(0).disclosures);

  MustAppend({ScratchDisclosure("ada", "coach", "note: 'again'")});
  EXPECT_FALSE(ledger_->ReadRecipients("ada")->at(0).is_revoked);
}

TEST_F(DisclosureLedgerTest, ARecipientsListSaysWhoseDataItHas) {
  MustAppend(
      {ScratchDisclosure("ada", "coach"), ScratchDisclosure("luz", "coach"),
       ScratchDisclosure("luz", "broker"), ScratchRevocation("mei", "coach")});

  EXPECT_EQ((std::set<std::string>{"ada", "luz"}), ConsumersOf("coach"));
  EXPECT_EQ((std::set<std::string>{"luz"}), ConsumersOf("broker"));
  EXPECT_TRUE(ConsumersOf("nobody").empty());
}

TEST_F(DisclosureLedgerTest, AVisitStopsAtTheFirstError) {
  MustAppend(
      {ScratchDisclosure("ada", "coach"), ScratchDisclosure("ada", "broker")});
  int visited = 0;

  const absl::Status status =
      ledger_->Visit("ada", [&](uint64_t, const v1::Disclosure&) {
        ++visited;
        return absl::CancelledError("enough");
      });

  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_EQ(1, visited);
  EXPECT_EQ(2u, EntriesOf("ada").size());
}

TEST_F(DisclosureLedgerTest, OfAStrangerNothingIsKnown) {
  EXPECT_TRUE(absl::IsNotFound(ledger_->ReadRecipients("nobody").status()));
}

TEST_F(DisclosureLedgerTest, AnErasureEndsTheEntriesAndTakesNoNewOnes) {
  MustAppend(
      {ScratchDisclosure("ada", "coach"), ScratchDisclosure("luz", "coach")});
  ASSERT_TRUE(scratch_.vault().Erase("ada").ok());

  EXPECT_EQ(1, scratch_.Number("records", "SELECT count(*) FROM disclosure"));
  EXPECT_TRUE(absl::IsNotFound(ledger_->ReadRecipients("ada").status()));
  EXPECT_EQ((std::set<std::string>{"luz"}), ConsumersOf("coach"));
  const auto late = Append({ScratchDisclosure("ada", "coach")});
  ASSERT_TRUE(late.ok()) << late.status();
  EXPECT_TRUE(absl::IsFailedPrecondition((*late)[0].status));
}

TEST_F(DisclosureLedgerTest, ANewVersionOfTheKeyChangesNothing) {
  scratch_.Put({"ada"}, "r-1", "a note");
  MustAppend({ScratchDisclosure("ada", "coach")});

  ASSERT_TRUE(scratch_.vault().ErasePart("ada", {}).ok());

  EXPECT_EQ((Strings{"1 coach"}), EntriesOf("ada"));
}

TEST_F(DisclosureLedgerTest, AnEntryThatWasMovedOrChangedDoesNotOpen) {
  const char* const kChanges[] = {
      "UPDATE disclosure SET recipient = 'broker'",
      "UPDATE disclosure SET day = day + 1",
      "UPDATE disclosure SET number = 7",
      "UPDATE disclosure SET sealed = zeroblob(100)",
  };
  MustAppend({ScratchDisclosure("ada", "coach")});
  for (const char* change : kChanges) {
    scratch_.Execute("records", change);
    EXPECT_TRUE(absl::IsDataLoss(ledger_->ReadRecipients("ada").status()))
        << change;
    scratch_.Execute("records", "DELETE FROM disclosure");
    MustAppend({ScratchDisclosure("ada", "coach")});
  }
}

TEST_F(DisclosureLedgerTest, TheLogIsToldOfEachAndOnlyItsConsumerCanTell) {
  MustAppend({ScratchDisclosure("ada", "coach", "action: ACTION_SELL")});

  const auto newest = scratch_.vault().records().database().Prepare(
      "SELECT entry FROM outbox ORDER BY sequence DESC LIMIT 1");
  ASSERT_TRUE((*newest)->Step().value());
  const absl::StatusOr<Leaf> leaf = ParseLeaf((*newest)->ColumnBytes(0));
  ASSERT_TRUE(leaf.ok()) << leaf.status();
  EXPECT_EQ(LeafKind::kGrant, leaf->kind);
  EXPECT_EQ(uint64_t{v1::ACTION_SELL}, leaf->numbers[0]);
  KeyStore& keys = scratch_.vault().keys();
  const auto secret = keys.StableSecretOf(**keys.Find("ada"));
  ASSERT_TRUE(secret.ok());
  const Opening opening = DeriveOpening(*secret, leaf->tag);
  EXPECT_TRUE(VerifyCommitment(leaf->commitments[0], opening,
                               kLeafConsumerLabel, {"ada", ""})
                  .ok());
  EXPECT_TRUE(absl::IsPermissionDenied(VerifyCommitment(
      leaf->commitments[0], opening, kLeafConsumerLabel, {"luz", ""})));
}

TEST_F(DisclosureLedgerTest, NothingOfAnEntryRestsInClearButRecipientAndDay) {
  MustAppend({ScratchDisclosure(
      "canary-account", "coach",
      "note: 'canary-note' pseudonym: 'canary-name' purpose: 'canary-why'"
      " recipient_contact: 'canary@coach.example'")});

  for (const char* store : {"records", "keys"}) {
    for (const char* suffix : {"", "-wal"}) {
      const auto bytes = ReadFile(scratch_.PathOf(store) + suffix, 1 << 24);
      if (!bytes.ok()) continue;
      EXPECT_FALSE(absl::StrContains(*bytes, "canary")) << store << suffix;
    }
  }
}

}  // namespace
}  // namespace subrosa
