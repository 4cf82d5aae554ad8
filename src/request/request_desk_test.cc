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
#include "src/vault/evidence_store.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

class RequestDeskTest : public testing::Test {
 protected:
  RequestDeskTest() {
    absl::StatusOr<std::unique_ptr<RequestDesk>> desk = RequestDesk::Open(
        *scratch_.OpenAnother(), SampleLawBook(), SampleRequestPolicy(),
        scratch_.clock(),
        [this](Vault&, const Clock&, absl::string_view) { return owed_; });
    EXPECT_TRUE(desk.ok()) << desk.status();
    desk_ = *std::move(desk);
  }

  RequestView Receive(v1::RequestKind kind, const std::string& residence) {
    v1::Request request =
        SampleRequest(kind, residence, scratch_.clock().Now());
    request.clear_event();
    request.clear_without_authentication();
    absl::StatusOr<RequestView> view = desk_->Receive(request);
    EXPECT_TRUE(view.ok()) << view.status();
    return *std::move(view);
  }
  // A step that happens now.
  v1::RequestEvent Step(v1::RequestEventKind kind) {
    v1::RequestEvent event = StepAt(scratch_.clock().Now(), kind);
    event.clear_at();
    return event;
  }
  absl::StatusOr<RequestView> Take(const RequestView& view,
                                   const v1::RequestEvent& event) {
    return desk_->Take(view.kept.request_ref, event);
  }
  void MustTake(const RequestView& view, const v1::RequestEvent& event) {
    const auto taken = Take(view, event);
    ASSERT_TRUE(taken.ok()) << taken.status();
  }
  void Authenticate(const RequestView& view) {
    const auto taken = desk_->Authenticate(
        view.kept.request_ref, "", Step(v1::REQUEST_EVENT_KIND_AUTHENTICATED));
    ASSERT_TRUE(taken.ok()) << taken.status();
  }
  v1::RequestEvent PartStep(v1::RequestEventKind kind,
                            const std::string& part) {
    v1::RequestEvent event = PartStepAt(scratch_.clock().Now(), kind, part);
    event.clear_at();
    return event;
  }
  v1::RequestEvent Denial(v1::DenialReason reason) {
    v1::RequestEvent event = DenialAt(scratch_.clock().Now(), reason);
    event.clear_at();
    return event;
  }
  void AdvanceDays(int days) {
    scratch_.clock().Advance(absl::Hours(24 * days));
  }

  // As `consent facts` records them; makes the consumer, so that they are held.
  void Know(const v1::ConsumerFacts& facts) {
    const auto choices =
        ConsentLedger::Open(scratch_.vault(), scratch_.clock());
    ASSERT_TRUE(choices.ok()) << choices.status();
    v1::LedgerEntry entry;
    entry.set_consumer("c-1");
    *entry.mutable_facts() = facts;
    const auto results = (*choices)->Append(
        {&entry}, [](const v1::LedgerEntry&, const v1::Standing&) {
          return absl::OkStatus();
        });
    ASSERT_TRUE(results.ok()) << results.status();
    ASSERT_TRUE(results->front().status.ok());
  }
  static std::set<std::string> RulesOf(const RequestView& view) {
    std::set<std::string> rules;
    for (const RequestClock& clock : view.clocks) rules.insert(clock.rule->id);
    return rules;
  }

  std::set<std::string> owed_;  // What an erasure has still to do.
  ScratchVault scratch_;  // On 1 July 2026 in UTC, the day before in Seattle.
  std::unique_ptr<RequestDesk> desk_;
};

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

TEST_F(RequestDeskTest, WhereNoStatuteHasItKeptAnOpenRequestOutlastsNewYear) {
  while (absl::ToCivilDay(scratch_.clock().Now(), absl::UTCTimeZone()) !=
         absl::CivilDay(2026, 12, 30)) {
    AdvanceDays(1);
  }
  const RequestView view = Receive(v1::REQUEST_KIND_DELETE, "US-ID");
  AdvanceDays(5);
  // The keys of years that are over, as `keys retire` destroys them.
  ASSERT_TRUE(scratch_.vault().Evidence().DestroyDue().ok());
  Receive(v1::REQUEST_KIND_ACCESS, "US-ID");
  EXPECT_TRUE(desk_->Read(view.kept.request_ref).ok());
  EXPECT_EQ(*desk_->CountOpen(), 2);
}

TEST_F(RequestDeskTest, WhatNeedNotBeKeptGoesWhenTheNextRequestComes) {
  const RequestView view = Receive(v1::REQUEST_KIND_ACCESS, "US-ID");
  Authenticate(view);
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED));
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_CLOSED));
  AdvanceDays(366);
  EXPECT_TRUE(desk_->Read(view.kept.request_ref).ok());
  Receive(v1::REQUEST_KIND_ACCESS, "US-ID");
  EXPECT_TRUE(absl::IsNotFound(desk_->Read(view.kept.request_ref).status()));
}

TEST_F(RequestDeskTest, AnOpenRequestOutlastsItsYearHoweverLateItIs) {
  const RequestView view = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  for (int i = 0; i < 4; ++i) {
    AdvanceDays(360);
    Receive(v1::REQUEST_KIND_ACCESS, "US-ID");
  }
  ASSERT_TRUE(scratch_.vault().Evidence().DestroyDue()->empty());
  EXPECT_EQ(*desk_->CountOpen(), 5);

  EXPECT_GT(*desk_->KeepOpen(), 1);

  // The keys of years that are over can go now.
  EXPECT_FALSE(scratch_.vault().Evidence().DestroyDue()->empty());
  EXPECT_EQ(*desk_->KeepOpen(), 0);
  Receive(v1::REQUEST_KIND_ACCESS, "US-ID");
  EXPECT_EQ(*desk_->CountOpen(), 6);
  const auto late = desk_->Read(view.kept.request_ref);
  ASSERT_TRUE(late.ok()) << late.status();
  EXPECT_TRUE(late->clocks.front().IsLate(scratch_.clock().Now()));
  Authenticate(view);
}

TEST_F(RequestDeskTest, AnOpenRequestThatDoesNotOpenKeepsTheKeyOfItsYear) {
  Receive(v1::REQUEST_KIND_DELETE, "US-ID");
  AdvanceDays(900);
  scratch_.Execute("records", "UPDATE request SET sealed = zeroblob(60)");
  EXPECT_EQ(*desk_->KeepOpen(), 0);
  EXPECT_TRUE(scratch_.vault().Evidence().DestroyDue()->empty());
  EXPECT_EQ(scratch_.Number("records", "SELECT count(*) FROM request"), 1);
}

TEST_F(RequestDeskTest, AClockThatLeaptAheadDeletesNothing) {
  const RequestView view = Receive(v1::REQUEST_KIND_ACCESS, "US-ID");
  Authenticate(view);
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED));
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_CLOSED));
  AdvanceDays(3650);
  // What was asked for then is taken in all the same.
  const RequestView ahead = Receive(v1::REQUEST_KIND_ACCESS, "US-ID");
  AdvanceDays(-3650);
  EXPECT_TRUE(desk_->Read(ahead.kept.request_ref).ok());
  EXPECT_TRUE(desk_->Read(view.kept.request_ref).ok());
}

TEST_F(RequestDeskTest, AfterAClockWasAheadStepsAreTakenAtTheLastOnesTime) {
  const RequestView view = Receive(v1::REQUEST_KIND_DELETE, "US-WA");
  Authenticate(view);
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  AdvanceDays(300);
  ASSERT_TRUE(desk_->MarkLateParts(view.kept.request_ref).ok());
  const absl::Time ahead = scratch_.clock().Now();
  AdvanceDays(-300);
  MustTake(view, PartStep(v1::REQUEST_EVENT_KIND_PART_DONE, "records"));
  const v1::Request request = desk_->Read(view.kept.request_ref)->request();
  ASSERT_EQ(request.event_size(), 5);
  EXPECT_EQ(request.event(4).at().seconds(), absl::ToUnixSeconds(ahead));
  EXPECT_EQ(request.event(4).recorded_at().seconds(),
            absl::ToUnixSeconds(scratch_.clock().Now()));
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED));

  // A time that somebody states is still one that is not before the last.
  EXPECT_TRUE(absl::IsInvalidArgument(
      Take(view, StepAt(scratch_.clock().Now(), v1::REQUEST_EVENT_KIND_CLOSED))
          .status()));
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
