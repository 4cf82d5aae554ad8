// What may follow what stands, through the door.
#include "src/consent/choice_history.h"

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/consent/sample_choice.h"
#include "src/consent/sample_door.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

v1::Choice ConsentAt(absl::string_view time,
                     v1::Action action = v1::ACTION_SHARE) {
  v1::Choice choice = SampleConsent(action, "coaching");
  *choice.mutable_given_at() = SampleTimestamp(time);
  return choice;
}

v1::Choice NoAt(absl::string_view time, v1::ChoiceKind kind) {
  v1::Choice choice = SampleOptOut();
  choice.set_kind(kind);
  choice.clear_action();
  *choice.mutable_given_at() = SampleTimestamp(time);
  return choice;
}

v1::Choice Californian(v1::Choice choice) {
  choice.set_jurisdiction("US-CA");
  return choice;
}

constexpr char kMorning[] = "2026-03-05 09:00:00";
constexpr char kLater[] = "2026-03-05 11:00:00";

TEST(ChoiceHistoryTest, TheSameChoiceAgainIsThere) {
  for (const v1::Choice& choice :
       {ConsentAt(kMorning), SampleAuthorization(), SampleOptOut(),
        NoAt(kMorning, v1::CHOICE_KIND_REFUSAL)}) {
    EXPECT_TRUE(Refuses(SampleDoor().Chose(choice).Check(choice),
                        absl::StatusCode::kAlreadyExists, {"choice"}));
  }
}

TEST(ChoiceHistoryTest, AConsentThatIsRenewedIsAnother) {
  SampleDoor door;
  door.Chose(ConsentAt(kMorning));

  EXPECT_EQ(door.Check(ConsentAt(kLater)), absl::OkStatus());
  v1::Choice for_more = ConsentAt(kMorning);
  for_more.add_category(v1::HEALTH_CATEGORY_INTERVENTIONS);
  EXPECT_EQ(door.Check(for_more), absl::OkStatus());
}

// Covers: wa-mhmda/withdraw
TEST(ChoiceHistoryTest, WhatWasGivenIsWithdrawnWhollyOrInPart) {
  SampleDoor door;
  door.Chose(ConsentAt(kMorning));
  v1::Choice part = NoAt(kLater, v1::CHOICE_KIND_WITHDRAWAL);
  part.add_purpose("coaching");
  part.add_category(v1::HEALTH_CATEGORY_CONDITIONS);

  EXPECT_EQ(door.Check(NoAt(kLater, v1::CHOICE_KIND_WITHDRAWAL)),
            absl::OkStatus());
  EXPECT_EQ(door.Check(part), absl::OkStatus());
}

TEST(ChoiceHistoryTest, WhatWasNeverGivenIsNotWithdrawn) {
  v1::Choice other = NoAt(kLater, v1::CHOICE_KIND_WITHDRAWAL);
  other.add_purpose("mood-tracking");

  EXPECT_TRUE(
      Refuses(SampleDoor().Check(NoAt(kLater, v1::CHOICE_KIND_WITHDRAWAL)),
              absl::StatusCode::kFailedPrecondition, {"never given"}));
  EXPECT_TRUE(Refuses(SampleDoor().Chose(ConsentAt(kMorning)).Check(other),
                      absl::StatusCode::kFailedPrecondition, {"never given"}));
}

TEST(ChoiceHistoryTest, WhatIsWithdrawnBeforeItWasGivenIsRefused) {
  EXPECT_TRUE(Refuses(SampleDoor()
                          .Chose(ConsentAt(kLater))
                          .Check(NoAt(kMorning, v1::CHOICE_KIND_WITHDRAWAL)),
                      absl::StatusCode::kFailedPrecondition, {"given_at"}));
}

TEST(ChoiceHistoryTest, AConsentThatComesLateDoesNotUndoALaterNo) {
  for (const v1::ChoiceKind kind :
       {v1::CHOICE_KIND_REFUSAL, v1::CHOICE_KIND_WITHDRAWAL,
        v1::CHOICE_KIND_OPT_OUT, v1::CHOICE_KIND_SIGNAL}) {
    SampleDoor door;
    door.Chose(NoAt(kLater, kind));

    EXPECT_TRUE(
        Refuses(door.Check(ConsentAt(kMorning)), {"given_at", "last no"}));
    EXPECT_EQ(door.Check(ConsentAt("2026-03-05 11:00:01")), absl::OkStatus());
  }
}

TEST(ChoiceHistoryTest, ANoAboutSomethingElseIsInNobodysWay) {
  v1::Choice no = NoAt(kLater, v1::CHOICE_KIND_REFUSAL);
  no.add_purpose("research");

  EXPECT_EQ(SampleDoor().Chose(no).Check(ConsentAt(kMorning)),
            absl::OkStatus());
}

// Covers: ca-ccpa/two-step-opt-in
TEST(ChoiceHistoryTest, AfterAnOptOutCaliforniansOptInInTwoSteps) {
  for (const v1::ChoiceKind kind :
       {v1::CHOICE_KIND_OPT_OUT, v1::CHOICE_KIND_SIGNAL,
        v1::CHOICE_KIND_LIMIT}) {
    SampleDoor door;
    door.LivesIn("US-CA").Chose(NoAt(kMorning, kind));
    v1::Choice choice = Californian(ConsentAt(kLater));
    choice.set_unprompted(true);

    EXPECT_TRUE(Refuses(door.Check(choice),
                        {"confirmed_at", "ca-ccpa/two-step-opt-in"}));
    *choice.mutable_confirmed_at() = SampleTimestamp("2026-03-05 11:00:30");
    EXPECT_EQ(door.Check(choice), absl::OkStatus());
  }
}

TEST(ChoiceHistoryTest, ElsewhereOneStepIsEnough) {
  EXPECT_EQ(SampleDoor()
                .LivesIn("US-OR")
                .Chose(NoAt(kMorning, v1::CHOICE_KIND_OPT_OUT))
                .Check(ConsentAt(kLater)),
            absl::OkStatus());
}

TEST(ChoiceHistoryTest, WhoNeverOptedOutConfirmsNothing) {
  EXPECT_EQ(SampleDoor().LivesIn("US-CA").Check(Californian(ConsentAt(kLater))),
            absl::OkStatus());
}

// Covers: ca-ccpa/ask-again
TEST(ChoiceHistoryTest, CaliforniansAreNotAskedAgainForTwelveMonths) {
  for (const v1::ChoiceKind kind :
       {v1::CHOICE_KIND_OPT_OUT, v1::CHOICE_KIND_SIGNAL,
        v1::CHOICE_KIND_LIMIT}) {
    SampleDoor door;
    door.LivesIn("US-CA").Chose(NoAt("2025-10-20 09:00:00", kind));
    v1::Choice choice = Californian(ConsentAt("2026-10-20 09:00:00"));
    *choice.mutable_confirmed_at() = SampleTimestamp("2026-10-20 09:01:00");
    door.At("2026-10-21 12:00:00");

    EXPECT_TRUE(Refuses(door.Check(choice),
                        {"unprompted", "12 months", "ca-ccpa/ask-again"}));
    v1::Choice unprompted = choice;
    unprompted.set_unprompted(true);
    EXPECT_EQ(door.Check(unprompted), absl::OkStatus());
    *choice.mutable_given_at() = SampleTimestamp("2026-10-21 00:00:00");
    *choice.mutable_confirmed_at() = SampleTimestamp("2026-10-21 00:01:00");
    EXPECT_EQ(door.Check(choice), absl::OkStatus());
  }
}

// Covers: ca-ccpa/ask-again
TEST(ChoiceHistoryTest, AfterAMinorsNoNobodyAsksAgainThatYear) {
  v1::Choice choice = Californian(ConsentAt(kLater));
  *choice.mutable_confirmed_at() = SampleTimestamp("2026-03-05 11:01:00");
  const v1::Choice no = NoAt("2026-01-10 09:00:00", v1::CHOICE_KIND_REFUSAL);
  SampleDoor minor;
  minor.LivesIn("US-CA").WasBorn("2012-01-01").Chose(no);
  SampleDoor adult;
  adult.LivesIn("US-CA").WasBorn("1990-01-01").Chose(no);

  EXPECT_TRUE(Refuses(minor.Check(choice), {"ca-ccpa/ask-again"}));
  EXPECT_EQ(adult.Check(choice), absl::OkStatus());
}

v1::Choice SignalAt(absl::string_view time) {
  v1::Choice signal = SampleOptOut();
  signal.set_kind(v1::CHOICE_KIND_SIGNAL);
  signal.mutable_signal()->set_header("Sec-GPC: 1");
  *signal.mutable_given_at() = SampleTimestamp(time);
  return signal;
}

// Covers: ca-ccpa/preference-signal
TEST(ChoiceHistoryTest, ASignalThatComesWithEveryRequestIsEnteredOnce) {
  SampleDoor door;
  EXPECT_EQ(door.Check(SignalAt(kMorning)), absl::OkStatus());
  door.Chose(SignalAt(kMorning));

  EXPECT_TRUE(Refuses(door.Check(SignalAt(kLater)),
                      absl::StatusCode::kAlreadyExists, {"choice"}));
}

// Covers: ca-ccpa/preference-signal
TEST(ChoiceHistoryTest, ASignalAfterAConsentIsHeard) {
  SampleDoor door;
  door.Chose(SignalAt(kMorning)).Chose(ConsentAt("2026-03-05 10:00:00"));

  EXPECT_EQ(door.Check(SignalAt(kLater)), absl::OkStatus());
}

TEST(ChoiceHistoryTest, WhoSaysStopIsHeardAtOnceAndAgain) {
  SampleDoor door;
  door.LivesIn("US-CA").Chose(NoAt(kMorning, v1::CHOICE_KIND_OPT_OUT));

  EXPECT_EQ(door.Check(NoAt(kLater, v1::CHOICE_KIND_OPT_OUT)),
            absl::OkStatus());
  EXPECT_EQ(door.Check(NoAt("2026-03-01 09:00:00", v1::CHOICE_KIND_OPT_OUT)),
            absl::OkStatus());
}

}  // namespace
}  // namespace subrosa
