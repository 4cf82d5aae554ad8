#include "src/request/request_tally.h"

#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/request/request_clocks.h"
#include "src/request/request_desk.h"
#include "src/request/request_machine.h"
#include "src/request/sample_request.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

const absl::Time kReceivedAt = InLosAngeles("2026-12-01 09:30");

RequestView ViewOf(const v1::Request& request) {
  KeptRequest kept;
  *kept.stored.mutable_request() = request;
  RequestMachine machine = MachineOf(request).value();
  auto clocks = ClocksOf(SampleRequestLaw(), request, machine).value();
  return {kept, machine, clocks};
}

absl::Time DaysLater(int days) { return kReceivedAt + absl::Hours(24 * days); }

v1::Request Access() {
  return SampleRequest(v1::REQUEST_KIND_ACCESS, "US-WA", kReceivedAt);
}

v1::Request CompletedAfter(int days) {
  return With(
      With(Access(), StepAt(kReceivedAt, v1::REQUEST_EVENT_KIND_AUTHENTICATED)),
      StepAt(DaysLater(days), v1::REQUEST_EVENT_KIND_COMPLETED));
}

class RequestTallyTest : public testing::Test {
 protected:
  void Add(const v1::Request& request, int days_later = 10) {
    tally_.Add(ViewOf(request), DaysLater(days_later));
  }
  const KindTally& Of(v1::RequestKind kind) { return tally_.kinds().at(kind); }

  RequestTally tally_{absl::CivilDay(2026, 1, 1), absl::CivilDay(2026, 12, 31)};
};

// Covers: ca-ccpa/denial-grounds
TEST_F(RequestTallyTest, DenialsAreToldApartByGround) {
  Add(With(Access(),
           DenialAt(DaysLater(3), v1::DENIAL_REASON_NOT_AUTHENTICATED)));
  Add(With(Access(), DenialAt(DaysLater(3), v1::DENIAL_REASON_NOT_A_CONSUMER)));
  Add(With(Access(), DenialAt(DaysLater(3), v1::DENIAL_REASON_EXEMPT)));
  Add(With(Access(), DenialAt(DaysLater(3), v1::DENIAL_REASON_FRAUDULENT)));
  Add(With(Access(), DenialAt(DaysLater(3), v1::DENIAL_REASON_EXCESSIVE)));
  EXPECT_EQ(Of(v1::REQUEST_KIND_ACCESS).denied, 5);
  EXPECT_EQ(Of(v1::REQUEST_KIND_ACCESS).denied_on,
            (std::map<std::string, int64_t>{{"exempt", 1},
                                            {"not-by-a-consumer", 1},
                                            {"not-verifiable", 1},
                                            {"other", 2}}));
}

TEST_F(RequestTallyTest, DaysToTheAnswerHaveAMeanAndAMedian) {
  for (const int days : {1, 2, 3, 30}) Add(CompletedAfter(days), 40);
  EXPECT_DOUBLE_EQ(Of(v1::REQUEST_KIND_ACCESS).MeanDays(), 9);
  EXPECT_DOUBLE_EQ(Of(v1::REQUEST_KIND_ACCESS).MedianDays(), 2.5);
  EXPECT_EQ(Of(v1::REQUEST_KIND_ACCESS).completed, 4);
}

TEST_F(RequestTallyTest, AnOpenRequestIsLateOnceAClockRanOut) {
  Add(Access(), 45);
  Add(Access(), 46);
  EXPECT_EQ(Of(v1::REQUEST_KIND_ACCESS).open, 2);
  EXPECT_EQ(Of(v1::REQUEST_KIND_ACCESS).late, 1);
  EXPECT_DOUBLE_EQ(Of(v1::REQUEST_KIND_ACCESS).MedianDays(), 0);
}

TEST_F(RequestTallyTest, AGrantedAppealMakesADenialNone) {
  v1::Request request = With(
      Access(), DenialAt(DaysLater(3), v1::DENIAL_REASON_NOT_AUTHENTICATED));
  request =
      With(request, StepAt(DaysLater(4), v1::REQUEST_EVENT_KIND_APPEALED));
  request = With(request,
                 StepAt(DaysLater(5), v1::REQUEST_EVENT_KIND_APPEAL_GRANTED));
  Add(request);
  EXPECT_EQ(Of(v1::REQUEST_KIND_ACCESS).denied, 0);
  EXPECT_EQ(Of(v1::REQUEST_KIND_ACCESS).open, 1);
  EXPECT_EQ(Of(v1::REQUEST_KIND_ACCESS).appeals_granted, 1);
}

TEST_F(RequestTallyTest, WhatWasTakenBackIsNoAnswerOfOurs) {
  Add(With(Access(), StepAt(DaysLater(2), v1::REQUEST_EVENT_KIND_TAKEN_BACK)));
  EXPECT_EQ(Of(v1::REQUEST_KIND_ACCESS).taken_back, 1);
  EXPECT_TRUE(Of(v1::REQUEST_KIND_ACCESS).answered_after.empty());
}

TEST_F(RequestTallyTest, OnlyWhatWasReceivedInTimeIsCounted) {
  Add(SampleRequest(v1::REQUEST_KIND_ACCESS, "US-WA",
                    InLosAngeles("2025-12-31 09:00")));
  EXPECT_TRUE(tally_.kinds().empty());
  Add(Access());
  Add(SampleRequest(v1::REQUEST_KIND_OPT_OUT, "US-CA", kReceivedAt));
  EXPECT_EQ(tally_.Total().received, 2);
}

}  // namespace
}  // namespace subrosa
