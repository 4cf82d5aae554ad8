#include "src/request/request_counting.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/request/sample_request.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

const absl::Time kNow = InLosAngeles("2027-02-01 09:00");

EarlierRequest Answered(v1::RequestKind kind, absl::string_view received) {
  EarlierRequest earlier;
  earlier.kind = kind;
  earlier.received_at = InLosAngeles(received);
  earlier.was_complied_with = true;
  earlier.answered_at = earlier.received_at + absl::Hours(24);
  return earlier;
}

EarlierRequest Denied(v1::RequestKind kind, absl::string_view received) {
  EarlierRequest earlier = Answered(kind, received);
  earlier.was_complied_with = false;
  earlier.was_denied = true;
  return earlier;
}

FreeAnswers FreeIn(const std::string& state, v1::RequestKind kind,
                   const std::vector<EarlierRequest>& earlier) {
  const auto answers = FreeAnswersFor(
      SampleRequestLaw(), SampleRequest(kind, state, kNow), earlier);
  return answers.ok() && !answers->empty() ? answers->front() : FreeAnswers();
}

absl::Status CheckReason(const std::string& state, v1::RequestKind kind,
                         v1::DenialReason reason,
                         const std::vector<EarlierRequest>& earlier) {
  return CheckDenialReason(SampleRequestLaw(), SampleRequest(kind, state, kNow),
                           reason, earlier);
}

// Covers: ct-ctdpa/free
TEST(RequestCountingTest, InConnecticutOneAnswerAYearIsFree) {
  const FreeAnswers free =
      FreeIn("US-CT", v1::REQUEST_KIND_ACCESS,
             {Answered(v1::REQUEST_KIND_DELETE, "2026-08-01 08:00")});
  EXPECT_EQ(free.times, 1);
  EXPECT_TRUE(free.IsUsedUp());
}

// Covers: wa-mhmda/free, nv-sb370/free, ca-ccpa/free
TEST(RequestCountingTest, TwoAnswersAYearAreFree) {
  const std::vector<EarlierRequest> earlier = {
      Answered(v1::REQUEST_KIND_ACCESS, "2026-02-01 08:00"),
      Answered(v1::REQUEST_KIND_THIRD_PARTIES, "2026-08-01 08:00")};
  for (const char* state : {"US-WA", "US-NV", "US-CA"}) {
    const FreeAnswers free = FreeIn(state, v1::REQUEST_KIND_ACCESS, earlier);
    EXPECT_EQ(free.times, 2);
    EXPECT_EQ(free.given, 2) << state;
    EXPECT_TRUE(free.IsUsedUp());
  }
}

TEST(RequestCountingTest, WhatIsOlderOrWasDeniedDoesNotCount) {
  const FreeAnswers free =
      FreeIn("US-WA", v1::REQUEST_KIND_ACCESS,
             {Answered(v1::REQUEST_KIND_ACCESS, "2026-01-31 08:00"),
              Denied(v1::REQUEST_KIND_ACCESS, "2026-08-01 08:00")});
  EXPECT_EQ(free.given, 0);
  EXPECT_FALSE(free.IsUsedUp());
}

TEST(RequestCountingTest, DeletionsAreNotCountedInCalifornia) {
  EXPECT_EQ(FreeIn("US-CA", v1::REQUEST_KIND_DELETE, {}).rule, nullptr);
  EXPECT_EQ(FreeIn("US-CA", v1::REQUEST_KIND_ACCESS,
                   {Answered(v1::REQUEST_KIND_DELETE, "2026-08-01 08:00")})
                .given,
            0);
}

TEST(RequestCountingTest, NobodyIsExcessiveWhileAFreeAnswerIsLeft) {
  const absl::Status refused =
      CheckReason("US-WA", v1::REQUEST_KIND_ACCESS, v1::DENIAL_REASON_EXCESSIVE,
                  {Answered(v1::REQUEST_KIND_ACCESS, "2026-08-01 08:00")});
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_TRUE(absl::StrContains(refused.message(), "1 of 2 free answers"));
  EXPECT_TRUE(
      CheckReason("US-WA", v1::REQUEST_KIND_ACCESS, v1::DENIAL_REASON_EXCESSIVE,
                  {Answered(v1::REQUEST_KIND_ACCESS, "2026-08-01 08:00"),
                   Answered(v1::REQUEST_KIND_ACCESS, "2026-09-01 08:00")})
          .ok());
}

// NRS 603A.510(3)(b) lets a fee be charged where Washington's statute has "or
// decline".
// Covers: nv-sb370/free
TEST(RequestCountingTest, InNevadaNothingIsRefusedAsExcessive) {
  const absl::Status refused =
      CheckReason("US-NV", v1::REQUEST_KIND_ACCESS, v1::DENIAL_REASON_EXCESSIVE,
                  {Answered(v1::REQUEST_KIND_ACCESS, "2026-08-01 08:00"),
                   Answered(v1::REQUEST_KIND_ACCESS, "2026-09-01 08:00")});
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_TRUE(absl::StrContains(refused.message(), "(nv-sb370/free)"));
}

TEST(RequestCountingTest, NobodyIsDeniedARightThatAPackHasAClockFor) {
  const auto check = [](const std::string& state, v1::RequestKind kind) {
    return CheckReason(state, kind, v1::DENIAL_REASON_NO_SUCH_RIGHT, {});
  };
  const absl::Status refused = check("US-WA", v1::REQUEST_KIND_DELETE);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_TRUE(absl::StrContains(refused.message(), "wa-mhmda/"));
  EXPECT_TRUE(check("US-WA", v1::REQUEST_KIND_CORRECT).ok());
  EXPECT_TRUE(check("US-ID", v1::REQUEST_KIND_DELETE).ok());
}

// That a pack has no rule is no word on what the act says.
TEST(RequestCountingTest, NobodyIsDeniedARightThatAPackLeavesOut) {
  const absl::Status refused = CheckReason("US-VA", v1::REQUEST_KIND_DELETE,
                                           v1::DENIAL_REASON_NO_SUCH_RIGHT, {});
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_TRUE(absl::StrContains(refused.message(), "va-sb754 leaves out"));
  const v1::Request request =
      SampleRequest(v1::REQUEST_KIND_DELETE, "US-VA", kNow);
  const std::vector<LeftOutOf> left = SampleRequestLaw().LeftOutFor(request);
  ASSERT_EQ(left.size(), 1u);
  EXPECT_TRUE(absl::StrContains(left[0].left_out->citation(), "59.1-577"));
}

// Covers: ca-ccpa/correct-again
TEST(RequestCountingTest, ACorrectionIsRepeatedOnlyWithinHalfAYear) {
  const auto check = [](absl::string_view before) {
    return CheckReason("US-CA", v1::REQUEST_KIND_CORRECT,
                       v1::DENIAL_REASON_REPEATED_CORRECTION,
                       {Denied(v1::REQUEST_KIND_CORRECT, before)});
  };
  EXPECT_TRUE(check("2026-07-31 08:00").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(check("2026-07-30 08:00")));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      CheckReason("US-CA", v1::REQUEST_KIND_CORRECT,
                  v1::DENIAL_REASON_REPEATED_CORRECTION, {})));
  EXPECT_TRUE(
      absl::StrContains(CheckReason("US-WA", v1::REQUEST_KIND_CORRECT,
                                    v1::DENIAL_REASON_REPEATED_CORRECTION, {})
                            .message(),
                        "no pack of the policy knows this reason"));
}

TEST(RequestCountingTest, OnlyACorrectionIsDeniedForWhatIsHeldToBeRight) {
  EXPECT_TRUE(CheckReason("US-CA", v1::REQUEST_KIND_CORRECT,
                          v1::DENIAL_REASON_HELD_TO_BE_RIGHT, {})
                  .ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(
      CheckReason("US-CA", v1::REQUEST_KIND_DELETE,
                  v1::DENIAL_REASON_HELD_TO_BE_RIGHT, {})));
}

RecordKeeping KeptIn(const std::string& state, v1::RequestKind kind) {
  return KeepingOf(SampleRequestLaw(), SampleRequest(kind, state, kNow),
                   absl::CivilDay(2027, 2, 1))
      .value();
}

// Covers: ca-ccpa/request-log, co-cpa/request-log
TEST(RequestCountingTest, TheRecordIsKeptAsLongAsAStatuteAsks) {
  EXPECT_EQ(KeptIn("US-CA", v1::REQUEST_KIND_DELETE).until,
            absl::CivilDay(2029, 2, 1));
  EXPECT_EQ(KeptIn("US-CO", v1::REQUEST_KIND_DELETE).rule->id,
            "co-cpa/request-log");
}

TEST(RequestCountingTest, WhereNoneAsksItIsKeptAsLongAsItHasToBeCounted) {
  const RecordKeeping kept = KeptIn("US-WA", v1::REQUEST_KIND_ACCESS);
  EXPECT_EQ(kept.rule->id, "wa-mhmda/free");
  EXPECT_EQ(kept.until, absl::CivilDay(2028, 2, 1));
  const RecordKeeping none = KeptIn("US-ID", v1::REQUEST_KIND_ACCESS);
  EXPECT_EQ(none.rule, nullptr);
  EXPECT_EQ(none.until, absl::CivilDay(2027, 2, 1));
}

}  // namespace
}  // namespace subrosa
