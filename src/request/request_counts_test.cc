#include "src/request/request_counts.h"

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/request/request_ledger.h"
#include "src/request/request_machine.h"
#include "src/request/request_traits.h"
#include "src/request/sample_request.h"
#include "src/vault/evidence_store.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RequestPlace KeptUntil(int year) {
  return {absl::CivilDay(2026, 8, 1), absl::CivilDay(year, 7, 1)};
}

class RequestCountsTest : public testing::Test {
 protected:
  RequestCountsTest() : ledger_(scratch_.vault(), scratch_.clock()) {}

  absl::Time now() { return scratch_.clock().Now(); }
  void DaysLater(int days) { scratch_.clock().Advance(absl::Hours(24) * days); }

  KeptRequest Add(const std::string& residence, int kept_until = 2028) {
    const absl::StatusOr<KeptRequest> kept =
        ledger_.Add(SampleRequest(v1::REQUEST_KIND_ACCESS, residence, now()),
                    KeptUntil(kept_until));
    EXPECT_TRUE(kept.ok()) << kept.status();
    return *kept;
  }
  absl::Status Take(const v1::RequestEvent& event, KeptRequest* kept,
                    int kept_until = 2028) {
    return ledger_.Update(With(kept->request(), event), KeptUntil(kept_until),
                          kept);
  }
  absl::Status Take(v1::RequestEventKind kind, KeptRequest* kept) {
    return Take(StepAt(now(), kind), kept);
  }
  absl::Status Deny(KeptRequest* kept) {
    return Take(DenialAt(now(), v1::DENIAL_REASON_NOT_AUTHENTICATED), kept);
  }

  // "US-CA denied not-verifiable 3 days: 1", in order. What is counted is what
  // the requests say.
  std::vector<std::string> Counted() {
    const RequestCountsCheck check = Check();
    EXPECT_TRUE(check.is_counted);
    EXPECT_EQ(check.traits_off, 0);
    EXPECT_EQ(check.counted, check.requests);
    std::map<std::string, int64_t> counts;
    EXPECT_TRUE(
        ledger_
            .VisitCounts([&](const RequestTraits& traits, int64_t requests) {
              counts[NameOf(traits)] += requests;
              return absl::OkStatus();
            })
            .ok());
    std::vector<std::string> lines;
    for (const auto& [name, requests] : counts) {
      lines.push_back(absl::StrCat(name, ": ", requests));
    }
    return lines;
  }
  RequestCountsCheck Check() {
    const auto check = ledger_.CheckCounts();
    EXPECT_TRUE(check.ok()) << check.status();
    return *check;
  }
  int64_t RowsCounted() {
    return scratch_.Number("records", "SELECT count(*) FROM request_count");
  }

  static std::string NameOf(const RequestTraits& traits) {
    constexpr const char* kAnswers[] = {"unanswered", "completed", "in part",
                                        "denied", "taken back"};
    return absl::StrCat(traits.residence, traits.is_open ? " open " : " ",
                        kAnswers[static_cast<int>(traits.answer)],
                        traits.ground.empty() ? "" : " ", traits.ground, " ",
                        traits.days, " days");
  }

  ScratchVault scratch_;
  RequestLedger ledger_;
};

TEST_F(RequestCountsTest, ARequestMovesWithEachStep) {
  KeptRequest kept = Add("US-CA");
  Add("US-WA");
  EXPECT_THAT(Counted(), ElementsAre("US-CA open unanswered 0 days: 1",
                                     "US-WA open unanswered 0 days: 1"));

  DaysLater(3);
  ASSERT_TRUE(Deny(&kept).ok());

  EXPECT_THAT(Counted(), ElementsAre("US-CA denied not-verifiable 3 days: 1",
                                     "US-WA open unanswered 0 days: 1"));
  EXPECT_EQ(RowsCounted(), 2);
}

TEST_F(RequestCountsTest, AGrantedAppealMakesTheAnswerNone) {
  KeptRequest kept = Add("US-CA");
  ASSERT_TRUE(Deny(&kept).ok());
  ASSERT_TRUE(Take(v1::REQUEST_EVENT_KIND_APPEALED, &kept).ok());
  EXPECT_THAT(Counted(),
              ElementsAre("US-CA open denied not-verifiable 0 days: 1"));

  ASSERT_TRUE(Take(v1::REQUEST_EVENT_KIND_APPEAL_GRANTED, &kept).ok());

  EXPECT_THAT(Counted(), ElementsAre("US-CA open unanswered 0 days: 1"));
}

TEST_F(RequestCountsTest, AClosedOneCountsAsItWasAnswered) {
  KeptRequest kept = Add("US-CA");
  ASSERT_TRUE(Deny(&kept).ok());
  ASSERT_TRUE(Take(v1::REQUEST_EVENT_KIND_CLOSED, &kept).ok());

  EXPECT_THAT(Counted(), ElementsAre("US-CA denied not-verifiable 0 days: 1"));
}

TEST_F(RequestCountsTest, AStepThatIsRefusedIsNotCounted) {
  KeptRequest first = Add("US-CA");
  KeptRequest second = first;
  ASSERT_TRUE(Take(v1::REQUEST_EVENT_KIND_ACKNOWLEDGED, &first).ok());
  EXPECT_FALSE(Deny(&second).ok());

  EXPECT_THAT(Counted(), ElementsAre("US-CA open unanswered 0 days: 1"));
}

TEST_F(RequestCountsTest, ItCountsAsLongAsItIsKept) {
  KeptRequest kept = Add("US-CA", 2027);
  ASSERT_TRUE(
      Take(StepAt(now(), v1::REQUEST_EVENT_KIND_ACKNOWLEDGED), &kept, 2028)
          .ok());
  KeptRequest denied = Add("US-WA", 2027);
  ASSERT_TRUE(
      Take(DenialAt(now(), v1::DENIAL_REASON_NOT_AUTHENTICATED), &denied, 2027)
          .ok());
  EXPECT_EQ(Counted().size(), 2U);

  DaysLater(600);  // February 2028.
  ASSERT_TRUE(scratch_.vault().Evidence().DestroyDue().ok());

  EXPECT_THAT(Counted(), ElementsAre("US-CA open unanswered 0 days: 1"));
  EXPECT_GT(RowsCounted(), 1);
  ASSERT_EQ(*ledger_.DeleteExpired(), 1);
  EXPECT_EQ(Counted().size(), 1U);
  EXPECT_EQ(RowsCounted(), 1);
}

// As the migration leaves it of a store that an older version wrote.
TEST_F(RequestCountsTest, WhatAnOlderVersionTookInIsCountedOnFirstUse) {
  KeptRequest kept = Add("US-CA");
  Add("US-WA");
  scratch_.Execute("records",
                   "DELETE FROM request_count;"
                   "INSERT INTO request_uncounted VALUES(1)");
  RequestLedger another(scratch_.vault(), scratch_.clock());
  EXPECT_FALSE(another.CheckCounts()->is_counted);
  EXPECT_EQ(another.CheckCounts()->traits_off, 0);

  DaysLater(1);
  ASSERT_TRUE(another
                  .Update(With(kept.request(),
                               DenialAt(now(), v1::DENIAL_REASON_EXEMPT)),
                          KeptUntil(2028), &kept)
                  .ok());

  EXPECT_THAT(Counted(), ElementsAre("US-CA denied exempt 1 days: 1",
                                     "US-WA open unanswered 0 days: 1"));
}

TEST_F(RequestCountsTest, ANumberThatIsWrongIsFoundAndCountedAnew) {
  Add("US-CA");
  Add("US-WA");
  for (const std::string damage :
       {"UPDATE request_count SET requests = requests + 1",
        "DELETE FROM request_count", "UPDATE request_count SET days = 5"}) {
    scratch_.Execute("records", damage);
    EXPECT_GT(Check().traits_off, 0) << damage;

    ASSERT_TRUE(ledger_.CountAnew().ok());

    EXPECT_EQ(Counted().size(), 2U) << damage;
  }
}

TEST_F(RequestCountsTest, OneThatDoesNotOpenIsToldAndStopsNobody) {
  const KeptRequest lost = Add("US-CA");
  scratch_.Execute("records", "UPDATE request SET due_day = due_day + 1");
  Add("US-WA");

  EXPECT_EQ(Check().lost, 1);
  EXPECT_EQ(Check().traits_off, 1);
  ASSERT_TRUE(ledger_.CountAnew().ok());
  EXPECT_THAT(Counted(), ElementsAre("US-WA open unanswered 0 days: 1"));
}

TEST_F(RequestCountsTest, WithNoRequestsThereIsNothingToCount) {
  EXPECT_THAT(Counted(), IsEmpty());
  EXPECT_TRUE(ledger_.CountAnew().ok());
  EXPECT_EQ(RowsCounted(), 0);
}

TEST_F(RequestCountsTest, TheCountsAreRightAfterAnySteps) {
  std::mt19937 random(20261126);
  const auto any = [&](size_t of) { return random() % of; };
  std::vector<KeptRequest> requests;
  int taken = 0;
  for (int i = 0; i < 600; ++i) {
    if (requests.empty() || any(20) == 0) {
      requests.push_back(Add(any(2) == 0 ? "US-CA" : "US-WA"));
      continue;
    }
    KeptRequest& kept = requests[any(requests.size())];
    v1::RequestEvent event =
        StepAt(now(), static_cast<v1::RequestEventKind>(
                          1 + any(v1::RequestEventKind_ARRAYSIZE - 1)));
    if (event.kind() == v1::REQUEST_EVENT_KIND_DENIED) {
      event = DenialAt(now(), any(2) == 0 ? v1::DENIAL_REASON_NOT_AUTHENTICATED
                                          : v1::DENIAL_REASON_EXEMPT);
    }
    if (Take(event, &kept, any(2) == 0 ? 2028 : 2029).ok()) ++taken;
    if (any(5) == 0) DaysLater(1);
    Counted();
    ASSERT_FALSE(HasFailure()) << i;
  }
  EXPECT_GT(taken, 50);
}

}  // namespace
}  // namespace subrosa
