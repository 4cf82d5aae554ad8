#include "src/request/request_machine.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

// Noon of the nth day of January 2027.
absl::Time January(int day) {
  return absl::FromCivil(absl::CivilSecond(2027, 1, day, 12, 0, 0),
                         absl::UTCTimeZone());
}

v1::RequestEvent EventOn(int day, v1::RequestEventKind kind,
                         v1::RequestActor by = v1::REQUEST_ACTOR_OFFICER) {
  v1::RequestEvent event;
  event.set_kind(kind);
  event.mutable_at()->set_seconds(absl::ToUnixSeconds(January(day)));
  event.set_by(by);
  return event;
}

v1::RequestEvent Received() {
  return EventOn(1, v1::REQUEST_EVENT_KIND_RECEIVED,
                 v1::REQUEST_ACTOR_REQUESTER);
}

v1::RequestEvent Authenticated(int day) {
  v1::RequestEvent event = EventOn(day, v1::REQUEST_EVENT_KIND_AUTHENTICATED);
  event.mutable_authentication()->set_account_login(true);
  return event;
}

v1::RequestEvent Extended(int day) {
  v1::RequestEvent event = EventOn(day, v1::REQUEST_EVENT_KIND_EXTENDED);
  event.set_reason("the archive of 2019 has to be searched by hand");
  return event;
}

v1::RequestEvent DeniedFor(int day, v1::DenialReason reason) {
  v1::RequestEvent event = EventOn(day, v1::REQUEST_EVENT_KIND_DENIED);
  event.set_denial(reason);
  event.set_reason("as the letter explains");
  return event;
}

v1::RequestEvent PartStep(int day, v1::RequestEventKind kind,
                          const std::string& part) {
  v1::RequestEvent event = EventOn(day, kind, v1::REQUEST_ACTOR_SERVICE);
  event.set_part(part);
  if (kind == v1::REQUEST_EVENT_KIND_PART_SENT) {
    event.set_part_kind(v1::REQUEST_PART_KIND_RECIPIENT);
  }
  return event;
}

v1::RequestEvent Completed(int day) {
  return EventOn(day, v1::REQUEST_EVENT_KIND_COMPLETED);
}

v1::RequestEvent Appealed(int day) {
  return EventOn(day, v1::REQUEST_EVENT_KIND_APPEALED,
                 v1::REQUEST_ACTOR_REQUESTER);
}

v1::RequestEvent AppealDecided(int day, v1::RequestEventKind kind) {
  v1::RequestEvent event = EventOn(day, kind);
  event.set_reason("we looked at it again");
  return event;
}

// A deletion, authenticated on the second.
class RequestMachineTest : public testing::Test {
 protected:
  RequestMachineTest()
      : machine_(v1::REQUEST_KIND_DELETE, Authenticating::kNeeded) {
    EXPECT_TRUE(machine_.Apply(Received()).ok());
    EXPECT_TRUE(machine_.Apply(Authenticated(2)).ok());
  }

  void Take(const v1::RequestEvent& event) {
    const absl::Status status = machine_.Apply(event);
    EXPECT_TRUE(status.ok()) << status;
  }

  RequestMachine machine_;
};

TEST_F(RequestMachineTest, ADeletionIsCompletedOnceEveryPartHasDoneIt) {
  Take(PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  Take(PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "acme"));
  Take(PartStep(4, v1::REQUEST_EVENT_KIND_PART_DONE, "records"));
  Take(PartStep(5, v1::REQUEST_EVENT_KIND_PART_ACKNOWLEDGED, "acme"));
  Take(PartStep(6, v1::REQUEST_EVENT_KIND_PART_DONE, "acme"));
  Take(Completed(7));

  EXPECT_EQ(machine_.status(), v1::REQUEST_STATUS_COMPLETED);
  EXPECT_EQ(machine_.answered_at(), January(7));
  EXPECT_EQ(machine_.parts().at("acme").sent_at, January(3));
}

TEST_F(RequestMachineTest, OneSilentRecipientKeepsADeletionOpen) {
  Take(PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  Take(PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "acme"));
  Take(PartStep(4, v1::REQUEST_EVENT_KIND_PART_DONE, "records"));
  Take(PartStep(9, v1::REQUEST_EVENT_KIND_PART_OVERDUE, "acme"));

  const absl::Status completed = machine_.Apply(Completed(10));
  EXPECT_TRUE(absl::IsFailedPrecondition(completed));
  EXPECT_EQ(completed.message(),
            "request.part: want an answer of every part first, got 1 that are "
            "silent");
  EXPECT_TRUE(absl::IsFailedPrecondition(machine_.Check(EventOn(
      10, v1::REQUEST_EVENT_KIND_TAKEN_BACK, v1::REQUEST_ACTOR_REQUESTER))));
  EXPECT_EQ(machine_.status(), v1::REQUEST_STATUS_WORKING);
}

TEST_F(RequestMachineTest, ADeletionThatNobodyCarriedOutIsNotCompleted) {
  EXPECT_TRUE(absl::IsFailedPrecondition(machine_.Check(Completed(3))));
}

TEST_F(RequestMachineTest, ARefusalMakesACompletionPartial) {
  Take(PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  Take(PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "acme"));
  Take(PartStep(4, v1::REQUEST_EVENT_KIND_PART_DONE, "records"));
  Take(PartStep(5, v1::REQUEST_EVENT_KIND_PART_REFUSED, "acme"));
  Take(Completed(6));
  EXPECT_EQ(machine_.status(), v1::REQUEST_STATUS_COMPLETED_IN_PART);
}

TEST_F(RequestMachineTest, WhatWasDoneInPartIsNotDeniedAsAWhole) {
  Take(PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  Take(PartStep(4, v1::REQUEST_EVENT_KIND_PART_DONE, "records"));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      machine_.Check(DeniedFor(5, v1::DENIAL_REASON_EXEMPT))));
}

TEST_F(RequestMachineTest, WhoRefusedMayBeAskedAgain) {
  Take(PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  Take(PartStep(4, v1::REQUEST_EVENT_KIND_PART_REFUSED, "records"));
  EXPECT_TRUE(absl::IsFailedPrecondition(machine_.Check(Completed(5))));
  Take(PartStep(5, v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  EXPECT_EQ(machine_.parts().at("records").sent_at, January(5));
}

TEST_F(RequestMachineTest, AnAnswerThatComesTwiceIsToldFromAWrongOne) {
  Take(PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "records"));
  Take(PartStep(4, v1::REQUEST_EVENT_KIND_PART_DONE, "records"));
  EXPECT_TRUE(absl::IsAlreadyExists(machine_.Check(
      PartStep(5, v1::REQUEST_EVENT_KIND_PART_DONE, "records"))));
  EXPECT_TRUE(absl::IsFailedPrecondition(machine_.Check(
      PartStep(5, v1::REQUEST_EVENT_KIND_PART_REFUSED, "records"))));
  Take(Completed(6));
  EXPECT_TRUE(absl::IsAlreadyExists(machine_.Check(
      PartStep(7, v1::REQUEST_EVENT_KIND_PART_DONE, "records"))));
}

TEST_F(RequestMachineTest, NobodyAnswersWhoWasNotAsked) {
  EXPECT_TRUE(absl::IsFailedPrecondition(machine_.Check(
      PartStep(3, v1::REQUEST_EVENT_KIND_PART_DONE, "records"))));
}

TEST_F(RequestMachineTest, ThereIsOneExtensionAndItHasAReason) {
  v1::RequestEvent without = Extended(3);
  without.clear_reason();
  EXPECT_TRUE(absl::IsInvalidArgument(machine_.Check(without)));
  Take(Extended(3));
  EXPECT_TRUE(absl::IsAlreadyExists(machine_.Check(Extended(4))));
}

TEST_F(RequestMachineTest, ADeniedRequestIsAppealedOnceAndTheDecisionStands) {
  Take(DeniedFor(3, v1::DENIAL_REASON_EXEMPT));
  Take(Appealed(4));
  EXPECT_TRUE(machine_.IsOpen());
  Take(AppealDecided(5, v1::REQUEST_EVENT_KIND_APPEAL_DENIED));

  EXPECT_EQ(machine_.status(), v1::REQUEST_STATUS_DENIED);
  EXPECT_TRUE(absl::StrContains(machine_.Check(Appealed(6)).message(),
                                "what is left is the regulator"));
}

TEST_F(RequestMachineTest, AGrantedAppealIsCompliedWith) {
  Take(DeniedFor(3, v1::DENIAL_REASON_EXEMPT));
  Take(Appealed(4));
  Take(AppealDecided(5, v1::REQUEST_EVENT_KIND_APPEAL_GRANTED));

  EXPECT_EQ(machine_.status(), v1::REQUEST_STATUS_WORKING);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      machine_.Check(DeniedFor(6, v1::DENIAL_REASON_EXEMPT))));
}

TEST_F(RequestMachineTest, WhoWasAuthenticatedIsNotDeniedAsUnknown) {
  EXPECT_TRUE(absl::IsFailedPrecondition(
      machine_.Check(DeniedFor(3, v1::DENIAL_REASON_NOT_AUTHENTICATED))));
}

TEST_F(RequestMachineTest, AStepBeforeTheLastOneIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(machine_.Check(Extended(1))));
  v1::RequestEvent endless = Extended(3);
  endless.mutable_at()->set_seconds(253402300800);
  EXPECT_TRUE(absl::IsInvalidArgument(machine_.Check(endless)));
}

TEST_F(RequestMachineTest, OfficersTakeNoStepsOfTheRequesters) {
  Take(DeniedFor(3, v1::DENIAL_REASON_EXEMPT));
  v1::RequestEvent appeal = Appealed(4);
  appeal.set_by(v1::REQUEST_ACTOR_OFFICER);
  const absl::Status status = machine_.Check(appeal);
  EXPECT_EQ(status.message(),
            "request.event.by: want requester for appealed, got another");
}

TEST_F(RequestMachineTest, AStepThatLacksWhatItNeedsIsRefused) {
  v1::RequestEvent no_reason = DeniedFor(3, v1::DENIAL_REASON_EXEMPT);
  no_reason.clear_denial();
  EXPECT_TRUE(absl::IsInvalidArgument(machine_.Check(no_reason)));
  v1::RequestEvent no_kind =
      PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "records");
  no_kind.clear_part_kind();
  EXPECT_TRUE(absl::IsInvalidArgument(machine_.Check(no_kind)));
  EXPECT_TRUE(absl::IsInvalidArgument(machine_.Check(
      PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "No Slug"))));
  EXPECT_TRUE(absl::IsInvalidArgument(machine_.Check({})));
}

TEST_F(RequestMachineTest, TheNumberOfPartsIsBounded) {
  for (size_t i = 0; i < kMaxRequestParts; ++i) {
    Take(PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, absl::StrCat("p", i)));
  }
  EXPECT_TRUE(absl::IsResourceExhausted(machine_.Check(
      PartStep(3, v1::REQUEST_EVENT_KIND_PART_SENT, "one-more"))));
}

TEST(RequestMachineStartTest, NothingComesBeforeTheRequest) {
  RequestMachine machine(v1::REQUEST_KIND_DELETE, Authenticating::kNeeded);
  EXPECT_TRUE(absl::IsFailedPrecondition(machine.Apply(Authenticated(2))));
  EXPECT_FALSE(machine.IsOpen());
}

TEST(RequestMachineStartTest, AnOptOutIsWorkedOnWithoutAuthentication) {
  RequestMachine machine(v1::REQUEST_KIND_OPT_OUT, Authenticating::kNotNeeded);
  ASSERT_TRUE(machine.Apply(Received()).ok());
  EXPECT_EQ(machine.status(), v1::REQUEST_STATUS_WORKING);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      machine.Check(DeniedFor(2, v1::DENIAL_REASON_NOT_AUTHENTICATED))));
}

TEST(RequestMachineStartTest, AnAppealDoesNotAuthenticate) {
  RequestMachine machine(v1::REQUEST_KIND_ACCESS, Authenticating::kNeeded);
  ASSERT_TRUE(machine.Apply(Received()).ok());
  ASSERT_TRUE(
      machine.Apply(DeniedFor(2, v1::DENIAL_REASON_NOT_AUTHENTICATED)).ok());
  ASSERT_TRUE(machine.Apply(Appealed(3)).ok());
  ASSERT_TRUE(
      machine.Apply(AppealDecided(4, v1::REQUEST_EVENT_KIND_APPEAL_GRANTED))
          .ok());
  EXPECT_EQ(machine.status(), v1::REQUEST_STATUS_RECEIVED);
  EXPECT_TRUE(absl::IsFailedPrecondition(machine.Check(Completed(5))));
}

}  // namespace
}  // namespace subrosa
