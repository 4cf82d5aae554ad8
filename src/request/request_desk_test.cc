#include "src/request/request_desk.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/consent/consent_ledger.h"
#include "src/request/request_clocks.h"
#include "src/request/request_counting.h"
#include "src/request/request_ledger.h"
#include "src/request/request_machine.h"
#include "src/request/request_tally.h"
#include "src/request/request_traits.h"
#include "src/request/sample_request.h"
#include "src/request/scratch_desk.h"
#include "src/vault/evidence_store.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

using RequestDeskTest = ScratchDesk;

TEST_F(RequestDeskTest, ADeletionGoesFromReceiptToItsClosing) {
  const RequestView view = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  EXPECT_EQ(view.clocks.front().last_day, absl::CivilDay(2026, 8, 14));
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_ACKNOWLEDGED));
  Authenticate(view);
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Take(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED)).status()));
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_DONE, "records"));
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED));
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_CLOSED));

  const RequestView closed = *desk_->Read(view.kept.request_ref);
  EXPECT_EQ(closed.machine.status(), v1::REQUEST_STATUS_CLOSED);
  EXPECT_EQ(closed.kept.stored.opening_size(), 7);
  EXPECT_EQ(*desk_->CountOpen(), 0);
}

TEST_F(RequestDeskTest, ADeletionIsNotDoneByHandWhileSomebodyIsHeld) {
  const RequestView view = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  Authenticate(view);
  Know(v1::ConsumerFacts());
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_SENT, "acme"));
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_DONE, "acme"));
  const absl::Status whole =
      Take(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED)).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(whole));
  EXPECT_TRUE(absl::StrContains(whole.message(), "request erase")) << whole;

  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  for (const auto by : {v1::REQUEST_ACTOR_OFFICER, v1::REQUEST_ACTOR_SERVICE}) {
    v1::RequestEvent done =
        PartStep(v1::REQUEST_EVENT_KIND_PART_DONE, "records");
    done.set_by(by);
    const absl::Status refused = Take(view, done).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(refused));
    EXPECT_TRUE(absl::StrContains(refused.message(), "request erase"));
    EXPECT_FALSE(absl::StrContains(refused.message(), "c-1"));
  }
  // What is kept for good is refused, and the request complete in part.
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_REFUSED, "records"));
  const auto in_part = Take(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED));
  ASSERT_TRUE(in_part.ok()) << in_part.status();
  EXPECT_EQ(in_part->machine.status(), v1::REQUEST_STATUS_COMPLETED_IN_PART);
}

TEST_F(RequestDeskTest, WhatAnErasureHasStillToDoIsSaidByItAlone) {
  const RequestView view = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  Authenticate(view);
  owed_ = {"records", "mail"};
  for (const char* part : {"records", "mail"}) {
    ASSERT_TRUE(
        desk_
            ->TakeOfErasure(view.kept.request_ref,
                            {PartStep(v1::REQUEST_EVENT_KIND_PART_SENT, part)})
            .ok());
    for (const auto kind : {v1::REQUEST_EVENT_KIND_PART_DONE,
                            v1::REQUEST_EVENT_KIND_PART_REFUSED}) {
      const absl::Status refused = Take(view, PartStep(kind, part)).status();
      EXPECT_TRUE(absl::IsFailedPrecondition(refused));
      EXPECT_TRUE(absl::StrContains(refused.message(), "erasure answer"));
    }
  }
  // A part of the officer's own is theirs.
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_SENT, "paper"));
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_DONE, "paper"));
  ASSERT_TRUE(desk_
                  ->TakeOfErasure(
                      view.kept.request_ref,
                      {PartStep(v1::REQUEST_EVENT_KIND_PART_DONE, "records"),
                       PartStep(v1::REQUEST_EVENT_KIND_PART_DONE, "mail")})
                  .ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Take(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED)).status()));
  owed_.clear();
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED));
}

TEST_F(RequestDeskTest, AStatuteThatIsOnlyOnRecordSetsItsClocksToo) {
  v1::ConsumerFacts facts;
  facts.set_residence("US-WA");
  facts.add_place_of_collection("US-NV");
  Know(facts);
  const RequestView view = Receive(v1::REQUEST_KIND_DELETE, "US-CA");
  EXPECT_EQ(view.request().residence(), "US-CA");
  EXPECT_EQ(view.request().recorded_residence(), "US-WA");
  for (const char* rule : {"ca-ccpa/acknowledge", "wa-mhmda/delete"}) {
    EXPECT_EQ(RulesOf(view).count(rule), 1U) << rule;
  }
}

TEST_F(RequestDeskTest, OnceItIsKnownWhoAsksTheirClocksRunFromReceipt) {
  v1::ConsumerFacts facts;
  facts.set_residence("US-CA");
  Know(facts);
  v1::Request request =
      SampleRequest(v1::REQUEST_KIND_DELETE, "", scratch_.clock().Now());
  request.clear_event();
  request.clear_consumer();
  const RequestView unknown = *desk_->Receive(request);
  EXPECT_EQ(RulesOf(unknown).count("ca-ccpa/acknowledge"), 0U);
  AdvanceDays(3);

  const auto known =
      desk_->Authenticate(unknown.kept.request_ref, "c-1",
                          Step(v1::REQUEST_EVENT_KIND_AUTHENTICATED));

  ASSERT_TRUE(known.ok()) << known.status();
  EXPECT_EQ(known->request().residence(), "US-CA");
  for (const RequestClock& clock : known->clocks) {
    if (clock.rule->id != "ca-ccpa/acknowledge") continue;
    EXPECT_EQ(clock.started_at, unknown.machine.received_at());
    EXPECT_EQ(clock.state, ClockState::kRunning);
  }
  EXPECT_EQ(RulesOf(*known).count("ca-ccpa/acknowledge"), 1U);
  // And is counted as one of California.
  int64_t counted = 0;
  ASSERT_TRUE(desk_
                  ->VisitCounts([&](const RequestTraits& traits, int64_t many) {
                    counted += traits.residence == "US-CA" ? many : 10 * many;
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(counted, 1);
}

TEST_F(RequestDeskTest, AGuardianIsOnRecordOrHasShownThatTheyAre) {
  v1::Request request =
      SampleRequest(v1::REQUEST_KIND_ACCESS, "US-WA", scratch_.clock().Now());
  request.clear_event();
  request.mutable_requester()->set_kind(v1::REQUESTER_KIND_GUARDIAN);
  request.mutable_requester()->set_permission("rosa");
  const RequestView view = *desk_->Receive(request);
  v1::RequestEvent event = Step(v1::REQUEST_EVENT_KIND_AUTHENTICATED);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      desk_->Authenticate(view.kept.request_ref, "", event).status()));
  event.mutable_authentication()->set_guardianship_seen(true);
  EXPECT_TRUE(desk_->Authenticate(view.kept.request_ref, "", event).ok());

  v1::ConsumerFacts facts;
  facts.add_guardian("rosa");
  Know(facts);
  const RequestView other = *desk_->Receive(request);
  event.mutable_authentication()->clear_guardianship_seen();
  EXPECT_TRUE(desk_->Authenticate(other.kept.request_ref, "", event).ok());
}

TEST_F(RequestDeskTest, ACorrectionIsCompleteOnceItSaysByWhatItWasMade) {
  const RequestView view = Receive(v1::REQUEST_KIND_CORRECT, "US-CA");
  Authenticate(view);
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_DONE, "records"));
  v1::RequestEvent completed = Step(v1::REQUEST_EVENT_KIND_COMPLETED);
  EXPECT_TRUE(absl::IsFailedPrecondition(Take(view, completed).status()));
  completed.set_corrected_by(v1::CORRECTION_WAY_REVISION);
  MustTake(view, completed);

  const RequestView copy = Receive(v1::REQUEST_KIND_ACCESS, "US-WA");
  Authenticate(copy);
  EXPECT_TRUE(absl::IsFailedPrecondition(Take(copy, completed).status()));
}

TEST_F(RequestDeskTest, WhatWasCompletedCanBeAppealedAndIsDueAgain) {
  const RequestView view = Receive(v1::REQUEST_KIND_ACCESS, "US-WA");
  Authenticate(view);
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED));
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_APPEALED));
  const RequestView appealed = *desk_->Read(view.kept.request_ref);
  EXPECT_EQ(RulesOf(appealed).count("wa-mhmda/appeal"), 1U);
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_APPEAL_DENIED));
  EXPECT_EQ(desk_->Read(view.kept.request_ref)->machine.status(),
            v1::REQUEST_STATUS_COMPLETED);
}

TEST_F(RequestDeskTest, WhatIsDueFirstIsListedFirst) {
  Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  Receive(v1::REQUEST_KIND_OPT_OUT, "US-CA");
  Receive(v1::REQUEST_KIND_CEASE, "US-NV");
  Receive(v1::REQUEST_KIND_DELETE, "US-CA");
  std::vector<std::string> rules;
  ASSERT_TRUE(
      desk_
          ->VisitDue(10,
                     [&](const RequestView& view) {
                       const RequestClock* due = StrictestOf(view.clocks);
                       rules.push_back(due == nullptr ? "" : due->rule->id);
                       return absl::OkStatus();
                     })
          .ok());
  EXPECT_EQ(rules, (std::vector<std::string>{"ca-ccpa/acknowledge",
                                             "ca-ccpa/opt-out-clock",
                                             "wa-mhmda/delete", ""}));
}

TEST_F(RequestDeskTest, ATallyCountsAYearAndWhatIsLateInIt) {
  Receive(v1::REQUEST_KIND_ACCESS, "US-WA");
  AdvanceDays(20);
  Authenticate(Receive(v1::REQUEST_KIND_ACCESS, "US-WA"));
  const RequestView answered = Receive(v1::REQUEST_KIND_ACCESS, "US-WA");
  Authenticate(answered);
  AdvanceDays(26);
  MustTake(answered, Step(v1::REQUEST_EVENT_KIND_COMPLETED));

  const RequestTally tally = *desk_->Tally(2026, 2026);
  const KindTally& access = tally.kinds().at(v1::REQUEST_KIND_ACCESS);
  EXPECT_EQ(access.received, 3);
  EXPECT_EQ(access.open, 2);
  EXPECT_EQ(access.late, 1);
  EXPECT_EQ(access.completed, 1);
  EXPECT_DOUBLE_EQ(access.MeanDays(), 26);
  EXPECT_TRUE(desk_->Tally(2027, 2027)->kinds().empty());
}

TEST_F(RequestDeskTest, AnExtensionAfterTheFirstPeriodIsRefused) {
  const RequestView view = Receive(v1::REQUEST_KIND_ACCESS, "US-WA");
  AdvanceDays(46);
  const absl::Status refused =
      Take(view, Step(v1::REQUEST_EVENT_KIND_EXTENDED)).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_TRUE(absl::StrContains(refused.message(), "wa-mhmda/respond"));
}

TEST_F(RequestDeskTest, TooLittleEvidenceAuthenticatesNobody) {
  const RequestView view = Receive(v1::REQUEST_KIND_DELETE, "US-CA");
  v1::RequestEvent event = Step(v1::REQUEST_EVENT_KIND_AUTHENTICATED);
  event.mutable_authentication()->set_account_login(false);
  event.mutable_authentication()->add_matched("email");
  EXPECT_TRUE(absl::IsFailedPrecondition(
      desk_->Authenticate(view.kept.request_ref, "", event).status()));
  EXPECT_EQ(desk_->Read(view.kept.request_ref)->machine.status(),
            v1::REQUEST_STATUS_RECEIVED);
}

TEST_F(RequestDeskTest, WhoseDataItIsIsSaidAtTheLatestOnAuthentication) {
  v1::Request request =
      SampleRequest(v1::REQUEST_KIND_ACCESS, "US-WA", scratch_.clock().Now());
  request.clear_event();
  request.clear_consumer();
  const RequestView view = *desk_->Receive(request);
  const auto event = Step(v1::REQUEST_EVENT_KIND_AUTHENTICATED);
  EXPECT_TRUE(absl::IsInvalidArgument(
      desk_->Authenticate(view.kept.request_ref, "", event).status()));
  EXPECT_TRUE(desk_->Authenticate(view.kept.request_ref, "ada", event).ok());

  const RequestView other = Receive(v1::REQUEST_KIND_ACCESS, "US-WA");
  EXPECT_TRUE(absl::IsInvalidArgument(
      desk_->Authenticate(other.kept.request_ref, "luz", event).status()));
}

TEST_F(RequestDeskTest, NobodyIsExcessiveBeforeTheirFreeAnswersAreGiven) {
  for (int i = 0; i < 2; ++i) {
    const RequestView view = Receive(v1::REQUEST_KIND_ACCESS, "US-WA");
    Authenticate(view);
    EXPECT_TRUE(absl::IsFailedPrecondition(
        Take(view, Denial(v1::DENIAL_REASON_EXCESSIVE)).status()));
    MustTake(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED));
    MustTake(view, Step(v1::REQUEST_EVENT_KIND_CLOSED));
    AdvanceDays(30);
  }
  const RequestView third = Receive(v1::REQUEST_KIND_ACCESS, "US-WA");
  Authenticate(third);
  EXPECT_TRUE(Take(third, Denial(v1::DENIAL_REASON_EXCESSIVE)).ok());
}

TEST_F(RequestDeskTest, ARecipientThatNeverAnswersKeepsTheRequestOpen) {
  const RequestView view = Receive(v1::REQUEST_KIND_DELETE, "US-NV");
  Authenticate(view);
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_SENT, "acme"));
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_DONE, "records"));
  EXPECT_EQ(desk_->MarkLateParts(view.kept.request_ref)
                ->machine.parts()
                .at("acme")
                .status,
            v1::REQUEST_PART_STATUS_SENT);
  AdvanceDays(32);
  const RequestView late = *desk_->MarkLateParts(view.kept.request_ref);
  EXPECT_EQ(late.machine.parts().at("acme").status,
            v1::REQUEST_PART_STATUS_OVERDUE);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Take(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED)).status()));
  EXPECT_EQ(*desk_->CountOpen(), 1);
}

TEST_F(RequestDeskTest, AStepOfADayToComeIsRefused) {
  const RequestView view = Receive(v1::REQUEST_KIND_ACCESS, "US-WA");
  const v1::RequestEvent tomorrow =
      StepAt(scratch_.clock().Now() + absl::Hours(24),
             v1::REQUEST_EVENT_KIND_ACKNOWLEDGED);
  EXPECT_TRUE(absl::IsInvalidArgument(Take(view, tomorrow).status()));
}

TEST_F(RequestDeskTest, ACountryAloneIsNoPlaceWhereItsPartsHaveStatutes) {
  v1::Request request =
      SampleRequest(v1::REQUEST_KIND_ACCESS, "US", scratch_.clock().Now());
  request.clear_event();
  EXPECT_TRUE(absl::IsInvalidArgument(desk_->Receive(request).status()));
}

TEST_F(RequestDeskTest, NoStepIsTakenOfARequestThatIsNotThere) {
  EXPECT_TRUE(absl::IsNotFound(
      desk_->Take("0123456789abcdef", Step(v1::REQUEST_EVENT_KIND_CLOSED))
          .status()));
}

}  // namespace
}  // namespace subrosa
