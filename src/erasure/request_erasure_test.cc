#include "src/erasure/request_erasure.h"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/erasure/certificate_file.h"
#include "src/erasure/connector.h"
#include "src/erasure/connector_file.h"
#include "src/erasure/owed_parts.h"
#include "src/erasure/request_parts.h"
#include "src/request/request_erasing.h"
#include "src/request/request_machine.h"
#include "src/steward/scratch_home.h"
#include "src/store/connection.h"
#include "src/vault/record_store.h"
#include "src/vault/vault.h"
#include "subrosa/v1/certificate.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::Pair;

class RequestErasureTest : public testing::Test {
 protected:
  RequestErasureTest() { PutDataOf("ada"); }

  void PutDataOf(const std::string& consumer) {
    v1::MoodCheckIn check_in;
    check_in.set_score(3);
    home_.Put({RecordOf(consumer, "1", check_in)});
  }

  // Stores whose programs end as their scripts say.
  void Connect(const std::string& id, const std::string& script) {
    absl::StrAppend(&connectors_, "connector { id: '", id,
                    "' kind: PARTY_KIND_STORE command { argument: '/bin/sh'"
                    " argument: '-c' argument: '",
                    script, "' } }\n");
    ASSERT_TRUE(
        ReplaceFile(absl::StrCat(home_.folder(), "/", kConnectorFileName),
                    connectors_, 0600)
            .ok());
  }

  RequestErasure& erasures() {
    if (erasures_ == nullptr) {
      erasures_ = RequestErasure::Open(home_.steward()).value();
    }
    return *erasures_;
  }

  // Opens the home again, as after a kill.
  void Restart() {
    erasures_.reset();
    home_.Close();
    ASSERT_TRUE(home_.Open().ok());
  }

  // Returns the reference of a request that is being worked on.
  std::string Receive(v1::RequestKind kind, const std::string& residence) {
    const std::string ref = ReceiveOnly(kind, residence);
    v1::RequestEvent event;
    event.set_by(v1::REQUEST_ACTOR_OFFICER);
    event.mutable_authentication()->set_account_login(true);
    EXPECT_TRUE(erasures().desk().Authenticate(ref, "", event).ok());
    return ref;
  }

  std::string ReceiveOnly(v1::RequestKind kind, const std::string& residence) {
    v1::Request request;
    request.set_kind(kind);
    request.set_consumer("ada");
    request.set_residence(residence);
    request.set_channel(v1::REQUEST_CHANNEL_FORM);
    request.mutable_requester()->set_kind(v1::REQUESTER_KIND_SELF);
    request.mutable_requester()->set_contact("ada@mail.example");
    request.mutable_received_at()->set_seconds(
        absl::ToUnixSeconds(home_.clock().Now()));
    const auto view = erasures().desk().Receive(request);
    EXPECT_TRUE(view.ok()) << view.status();
    return view->kept.request_ref;
  }

  absl::Status OrderFor(const std::string& ref) {
    const auto order = erasures().OrderFor(ref);
    return order.ok() ? erasures().Order(*order) : order.status();
  }

  // A step of a part, by hand.
  absl::Status Say(const std::string& ref, v1::RequestEventKind kind,
                   const std::string& part) {
    v1::RequestEvent event;
    event.set_kind(kind);
    event.set_by(v1::REQUEST_ACTOR_OFFICER);
    event.set_part(part);
    if (kind == v1::REQUEST_EVENT_KIND_PART_SENT) {
      event.set_part_kind(v1::REQUEST_PART_KIND_STORE);
    }
    return erasures().desk().Take(ref, event).status();
  }

  std::set<std::string> OwedBy(const std::string& consumer) {
    const auto vault = home_.steward().OpenUngatedVault();
    EXPECT_TRUE(vault.ok()) << vault.status();
    const auto owed = ReadOwedParts(**vault, home_.clock(), consumer);
    EXPECT_TRUE(owed.ok()) << owed.status();
    return owed.value_or(std::set<std::string>());
  }

  absl::Status Complete(const std::string& ref) {
    v1::RequestEvent event;
    event.set_kind(v1::REQUEST_EVENT_KIND_COMPLETED);
    event.set_by(v1::REQUEST_ACTOR_OFFICER);
    return erasures().desk().Take(ref, event).status();
  }

  ErasureProgress Continue() {
    const auto progress = erasures().Continue();
    EXPECT_TRUE(progress.ok()) << progress.status();
    return progress.value_or(ErasureProgress());
  }

  std::map<std::string, v1::RequestPartStatus> Parts(const std::string& ref) {
    const auto view = erasures().desk().Read(ref);
    EXPECT_TRUE(view.ok()) << view.status();
    std::map<std::string, v1::RequestPartStatus> parts;
    for (const auto& [name, part] : view->machine.parts()) {
      parts[name] = part.status;
    }
    return parts;
  }

  bool IsHeld() { return home_.steward().CountRows("ada").ok(); }

  ScratchHome home_;
  std::string connectors_;
  std::unique_ptr<RequestErasure> erasures_;
};

TEST_F(RequestErasureTest, WhoAsksToBeDeletedIsErasedAndTheRequestKnows) {
  const std::string ref = Receive(v1::REQUEST_KIND_DELETE, "US-WA");

  ASSERT_TRUE(OrderFor(ref).ok());
  EXPECT_TRUE(IsHeld());
  EXPECT_THAT(Parts(ref),
              ElementsAre(Pair(kRecordsPart, v1::REQUEST_PART_STATUS_SENT)));
  EXPECT_EQ(Continue().keys_destroyed, 1);

  EXPECT_FALSE(IsHeld());
  EXPECT_THAT(Parts(ref),
              ElementsAre(Pair(kRecordsPart, v1::REQUEST_PART_STATUS_DONE)));
  EXPECT_TRUE(Complete(ref).ok());
}

TEST_F(RequestErasureTest, TheCertificateProvesWhenDeletionWasAskedFor) {
  const std::string ref = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  const int32_t asked_day = DayOf(home_.clock().Now());
  home_.clock().Advance(absl::Hours(24 * 5));
  ASSERT_TRUE(OrderFor(ref).ok());
  Continue();

  const auto file = erasures().run().Certificate("ada");
  ASSERT_TRUE(file.ok()) << file.status();
  const auto verified =
      VerifyCertificate(*file, *home_.steward().LogKeys(), {});

  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->certificate.requested_day(), asked_day);
  EXPECT_EQ(verified->certificate.erased_day(), asked_day + 5);
}

TEST_F(RequestErasureTest, WhileAStoreIsSilentTheRequestCannotBeCompleted) {
  const std::string gate = home_.folder() + "/crm-is-back";
  Connect("crm", absl::StrCat("test -e ", gate));
  Connect("mail", "exit 10");
  const std::string ref = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  ASSERT_TRUE(OrderFor(ref).ok());

  EXPECT_EQ(Continue().open, 1);

  EXPECT_THAT(Parts(ref),
              ElementsAre(Pair("crm", v1::REQUEST_PART_STATUS_SENT),
                          Pair("mail", v1::REQUEST_PART_STATUS_ACKNOWLEDGED),
                          Pair(kRecordsPart, v1::REQUEST_PART_STATUS_DONE)));
  EXPECT_TRUE(absl::IsFailedPrecondition(Complete(ref)));

  ASSERT_TRUE(ReplaceFile(gate, "", 0600).ok());
  ASSERT_TRUE(
      erasures().run().Answer("ada", "mail", PartyAnswer::kRefused).ok());
  home_.clock().Advance(absl::Minutes(2));
  Restart();
  EXPECT_EQ(Continue().open, 0);

  EXPECT_THAT(Parts(ref),
              ElementsAre(Pair("crm", v1::REQUEST_PART_STATUS_DONE),
                          Pair("mail", v1::REQUEST_PART_STATUS_REFUSED),
                          Pair(kRecordsPart, v1::REQUEST_PART_STATUS_DONE)));
  EXPECT_TRUE(Complete(ref).ok());
  EXPECT_EQ(erasures().desk().Read(ref)->machine.status(),
            v1::REQUEST_STATUS_COMPLETED_IN_PART);
}

TEST_F(RequestErasureTest, WhatItHasStillToDoIsNotSaidByHand) {
  Connect("crm", "exit 1");
  Connect("mail", "exit 9");
  const std::string ref = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  ASSERT_TRUE(Say(ref, v1::REQUEST_EVENT_KIND_PART_SENT, kRecordsPart).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Say(ref, v1::REQUEST_EVENT_KIND_PART_DONE, kRecordsPart)));
  ASSERT_TRUE(OrderFor(ref).ok());
  for (const char* part : {kRecordsPart, "crm", "mail"}) {
    EXPECT_TRUE(absl::IsFailedPrecondition(
        Say(ref, v1::REQUEST_EVENT_KIND_PART_REFUSED, part)))
        << part;
  }

  Continue();

  EXPECT_TRUE(absl::IsFailedPrecondition(
      Say(ref, v1::REQUEST_EVENT_KIND_PART_DONE, "crm")));
  EXPECT_THAT(OwedBy("ada"), ElementsAre("crm", "mail"));
  ASSERT_TRUE(
      erasures().run().Answer("ada", "mail", PartyAnswer::kRefused).ok());
  EXPECT_THAT(OwedBy("ada"), ElementsAre("crm"));
  EXPECT_THAT(OwedBy("nobody"), ElementsAre());
}

TEST_F(RequestErasureTest, AKillAfterAnyStepLosesNothing) {
  Connect("mail", "exit 0");
  const std::string ref = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  Restart();
  ASSERT_TRUE(OrderFor(ref).ok());
  Restart();
  ASSERT_TRUE(OrderFor(ref).ok());
  Restart();
  // Killed when the erasure was done, and the request did not know.
  ASSERT_TRUE(erasures().run().Continue().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Complete(ref)));
  Restart();

  EXPECT_EQ(Continue().keys_destroyed, 0);

  EXPECT_THAT(Parts(ref),
              ElementsAre(Pair("mail", v1::REQUEST_PART_STATUS_DONE),
                          Pair(kRecordsPart, v1::REQUEST_PART_STATUS_DONE)));
  const int steps = erasures().desk().Read(ref)->request().event_size();
  Continue();
  EXPECT_EQ(erasures().desk().Read(ref)->request().event_size(), steps);
}

TEST_F(RequestErasureTest, WhoAsksTwiceIsErasedOnceAndBothRequestsKnow) {
  const std::string first = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  const std::string second = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  ASSERT_TRUE(OrderFor(first).ok());
  Continue();

  ASSERT_TRUE(OrderFor(second).ok());
  EXPECT_EQ(Continue().keys_destroyed, 0);

  EXPECT_TRUE(Complete(first).ok());
  EXPECT_TRUE(Complete(second).ok());
}

TEST_F(RequestErasureTest, WhoCameBackAndIsErasedAgainHasACertificateOfEach) {
  ASSERT_TRUE(OrderFor(Receive(v1::REQUEST_KIND_DELETE, "US-WA")).ok());
  Continue();
  const std::string before = erasures().run().Find("ada")->certificate().id();
  PutDataOf("ada");

  ASSERT_TRUE(OrderFor(Receive(v1::REQUEST_KIND_DELETE, "US-WA")).ok());
  EXPECT_EQ(Continue().keys_destroyed, 1);

  EXPECT_FALSE(IsHeld());
  EXPECT_NE(erasures().run().Find("ada")->certificate().id(), before);
}

TEST_F(RequestErasureTest, NobodyIsErasedBeforeItIsKnownWhoAsks) {
  const std::string ref = ReceiveOnly(v1::REQUEST_KIND_DELETE, "US-WA");

  EXPECT_TRUE(absl::IsFailedPrecondition(OrderFor(ref)));

  Continue();
  EXPECT_TRUE(IsHeld());
}

TEST_F(RequestErasureTest, WhoAsksForACopyIsNotErased) {
  const std::string ref = Receive(v1::REQUEST_KIND_ACCESS, "US-WA");

  EXPECT_TRUE(absl::IsFailedPrecondition(OrderFor(ref)));

  EXPECT_TRUE(Parts(ref).empty());
  EXPECT_TRUE(IsHeld());
}

// Covers: co-cpa/erase-withdrawn
TEST_F(RequestErasureTest, AWithdrawalErasesWhereAStatuteWantsItAlone) {
  const std::string washington = Receive(v1::REQUEST_KIND_WITHDRAW, "US-WA");
  EXPECT_TRUE(absl::IsFailedPrecondition(OrderFor(washington)));

  const std::string colorado = Receive(v1::REQUEST_KIND_WITHDRAW, "US-CO");
  ASSERT_TRUE(OrderFor(colorado).ok());
  Continue();

  EXPECT_FALSE(IsHeld());
  EXPECT_TRUE(Complete(colorado).ok());
}

TEST_F(RequestErasureTest, ARequestOfSomebodyWhoIsNotHeldIsLeftToTheOfficer) {
  const std::string ref = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  ASSERT_TRUE(home_.Erase("ada").ok());

  EXPECT_TRUE(absl::IsNotFound(OrderFor(ref)));

  EXPECT_TRUE(Parts(ref).empty());
}

TEST_F(RequestErasureTest, AnAnsweredRequestIsNotErasedFor) {
  const std::string ref = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  v1::RequestEvent denied;
  denied.set_kind(v1::REQUEST_EVENT_KIND_DENIED);
  denied.set_by(v1::REQUEST_ACTOR_OFFICER);
  denied.set_denial(v1::DENIAL_REASON_FRAUDULENT);
  denied.set_reason("it was not theirs");
  const auto view = erasures().desk().Take(ref, denied);
  ASSERT_TRUE(view.ok()) << view.status();

  EXPECT_TRUE(absl::IsFailedPrecondition(OrderFor(ref)));

  EXPECT_TRUE(IsHeld());
}

TEST_F(RequestErasureTest, AHoldThatNoStatuteGivesLeavesTheRequestAsItIs) {
  const std::string ref = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  auto order = erasures().OrderFor(ref);
  ASSERT_TRUE(order.ok());
  order->hold = true;

  EXPECT_TRUE(absl::IsFailedPrecondition(erasures().Order(*order)));

  EXPECT_TRUE(Parts(ref).empty());
}

TEST_F(RequestErasureTest, AHeldErasureKeepsItsRequestOpenUntilItIsReleased) {
  const std::string ref = Receive(v1::REQUEST_KIND_DELETE, "US-CA");
  auto order = erasures().OrderFor(ref);
  ASSERT_TRUE(order.ok()) << order.status();
  order->hold = true;
  ASSERT_TRUE(erasures().Order(*order).ok());
  EXPECT_EQ(Continue().waiting, 1);
  EXPECT_TRUE(IsHeld());
  EXPECT_TRUE(absl::IsFailedPrecondition(Complete(ref)));

  ASSERT_TRUE(erasures().run().Release("ada").ok());
  EXPECT_EQ(Continue().keys_destroyed, 1);

  EXPECT_TRUE(Complete(ref).ok());
}

TEST(RequestPartsTest, AStoreAndARecipientOfOneNameAreTwoParts) {
  v1::StoredErasure erasure;
  v1::ErasureParty& store = *erasure.add_party();
  store.mutable_party()->set_kind(v1::PARTY_KIND_STORE);
  store.mutable_party()->set_id("acme");
  v1::ErasureParty& recipient = *erasure.add_party();
  recipient.mutable_party()->set_kind(v1::PARTY_KIND_RECIPIENT);
  recipient.mutable_party()->set_id("acme");
  v1::ErasureParty& records = *erasure.add_party();
  records.mutable_party()->set_kind(v1::PARTY_KIND_STORE);
  records.mutable_party()->set_id("records");

  EXPECT_EQ(PartOf(store, erasure), "acme");
  EXPECT_EQ(PartOf(recipient, erasure), "recipient-acme");
  EXPECT_EQ(PartOf(records, erasure), "store-records");
}

TEST_F(RequestErasureTest, AClockThatWasAheadForARunHoldsNobodyUp) {
  Connect("crm", "exit 1");
  const std::string ref = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  ASSERT_TRUE(OrderFor(ref).ok());
  Continue();
  home_.clock().Advance(absl::Hours(24 * 300));
  Continue();
  EXPECT_EQ(Parts(ref)["crm"], v1::REQUEST_PART_STATUS_OVERDUE);
  home_.clock().Advance(-absl::Hours(24 * 300));

  ASSERT_TRUE(erasures().run().Answer("ada", "crm", PartyAnswer::kDone).ok());
  EXPECT_EQ(Continue().requests_refused, 0);

  EXPECT_EQ(Parts(ref)["crm"], v1::REQUEST_PART_STATUS_DONE);
  EXPECT_TRUE(Complete(ref).ok());
}

TEST_F(RequestErasureTest, ARequestThatDoesNotOpenHoldsUpNoOther) {
  const std::string first = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  const std::string second = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  ASSERT_TRUE(OrderFor(first).ok());
  ASSERT_TRUE(OrderFor(second).ok());
  const auto vault = home_.steward().OpenUngatedVault().value();
  const auto damage = vault->records().database().Prepare(
      "UPDATE request SET sealed = zeroblob(60) WHERE request_ref = $1");
  (*damage)->BindBytes(1, first);
  ASSERT_TRUE((*damage)->Run().ok());

  const ErasureProgress progress = Continue();

  EXPECT_EQ(progress.requests_refused, 1);
  EXPECT_TRUE(absl::IsDataLoss(progress.why_refused));
  EXPECT_EQ(progress.keys_destroyed, 1);
  EXPECT_EQ(Parts(second)["records"], v1::REQUEST_PART_STATUS_DONE);
}

}  // namespace
}  // namespace subrosa
