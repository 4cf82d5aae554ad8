#include "src/request/request_tally.h"

#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/request/request_machine.h"
#include "src/request/request_traits.h"
#include "src/request/sample_request.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

const absl::Time kReceivedAt = InLosAngeles("2026-12-01 09:30");

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
  void Add(const v1::Request& request) {
    tally_.Add(TraitsOf(request, *MachineOf(request)), 1);
  }
  const KindTally& Of(v1::RequestKind kind) { return tally_.kinds().at(kind); }

  RequestTally tally_;
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
  for (const int days : {1, 2, 3, 30}) Add(CompletedAfter(days));
  EXPECT_DOUBLE_EQ(Of(v1::REQUEST_KIND_ACCESS).MeanDays(), 9);
  EXPECT_DOUBLE_EQ(Of(v1::REQUEST_KIND_ACCESS).MedianDays(), 2.5);
  EXPECT_EQ(Of(v1::REQUEST_KIND_ACCESS).completed, 4);
}

TEST_F(RequestTallyTest, AnOpenRequestHasNoDaysToItsAnswer) {
  Add(Access());
  Add(Access());
  tally_.AddLate(v1::REQUEST_KIND_ACCESS);
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

TEST_F(RequestTallyTest, ManyThatAreAlikeCountAsThatMany) {
  const v1::Request request = CompletedAfter(4);
  tally_.Add(TraitsOf(request, *MachineOf(request)), 1000);
  Add(SampleRequest(v1::REQUEST_KIND_OPT_OUT, "US-CA", kReceivedAt));
  EXPECT_EQ(Of(v1::REQUEST_KIND_ACCESS).completed, 1000);
  EXPECT_DOUBLE_EQ(Of(v1::REQUEST_KIND_ACCESS).MeanDays(), 4);
  EXPECT_EQ(tally_.Total().received, 1001);
}

TEST_F(RequestTallyTest, TheYearOfReceiptIsThatOfTheDayInUtc) {
  const v1::Request request = SampleRequest(v1::REQUEST_KIND_ACCESS, "US-WA",
                                            InLosAngeles("2026-12-31 17:00"));
  EXPECT_EQ(TraitsOf(request, *MachineOf(request)).received_year, 2027);
}

}  // namespace
}  // namespace subrosa
