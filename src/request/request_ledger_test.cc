#include "src/request/request_ledger.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/audit/leaf.h"
#include "src/audit/receipt.h"
#include "src/request/request_machine.h"
#include "src/request/sample_request.h"
#include "src/store/connection.h"
#include "src/vault/evidence_store.h"
#include "src/vault/record_store.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

using Strings = std::vector<std::string>;

// Due on a day of August 2026, and kept until the middle of a year.
RequestPlace Place(int due_on, int keep_until = 2028) {
  return {absl::CivilDay(2026, 8, due_on), absl::CivilDay(keep_until, 7, 1)};
}

class RequestLedgerTest : public testing::Test {
 protected:
  RequestLedgerTest() : ledger_(scratch_.vault(), scratch_.clock()) {}

  absl::Time now() { return scratch_.clock().Now(); }

  v1::Request RequestOf(const std::string& consumer) {
    v1::Request request =
        SampleRequest(v1::REQUEST_KIND_ACCESS, "US-WA", now());
    request.set_consumer(consumer);
    return request;
  }
  KeptRequest Add(const std::string& consumer, const RequestPlace& place) {
    absl::StatusOr<KeptRequest> kept = ledger_.Add(RequestOf(consumer), place);
    EXPECT_TRUE(kept.ok()) << kept.status();
    return *std::move(kept);
  }
  absl::Status Take(v1::RequestEventKind kind, KeptRequest* kept) {
    return ledger_.Update(With(kept->request(), StepAt(now(), kind)), Place(1),
                          kept);
  }
  // Denied and closed.
  void Close(KeptRequest* kept, int keep_until = 2028) {
    for (const v1::RequestEvent& event :
         {DenialAt(now(), v1::DENIAL_REASON_NOT_AUTHENTICATED),
          StepAt(now(), v1::REQUEST_EVENT_KIND_CLOSED)}) {
      ASSERT_TRUE(
          ledger_
              .Update(With(kept->request(), event), Place(1, keep_until), kept)
              .ok());
    }
  }
  Strings DueConsumers(int64_t limit) {
    Strings consumers;
    EXPECT_TRUE(ledger_
                    .VisitDue(limit,
                              [&](const KeptRequest& kept) {
                                consumers.push_back(kept.request().consumer());
                                return absl::OkStatus();
                              })
                    .ok());
    return consumers;
  }
  int CountOf(const std::string& consumer) {
    int count = 0;
    EXPECT_TRUE(ledger_
                    .VisitOf(consumer,
                             [&](const KeptRequest&) {
                               ++count;
                               return absl::OkStatus();
                             })
                    .ok());
    return count;
  }
  std::vector<Leaf> RequestLeaves() {
    std::vector<Leaf> leaves;
    const auto rows = scratch_.vault().records().database().Prepare(
        "SELECT entry FROM outbox ORDER BY sequence");
    EXPECT_TRUE(rows.ok());
    while (*(*rows)->Step()) {
      const absl::StatusOr<Leaf> leaf = ParseLeaf((*rows)->ColumnBytes(0));
      EXPECT_TRUE(leaf.ok()) << leaf.status();
      if (leaf->kind == LeafKind::kRequestStep) leaves.push_back(*leaf);
    }
    return leaves;
  }

  ScratchVault scratch_;
  RequestLedger ledger_;
};

TEST_F(RequestLedgerTest, WhatIsAddedIsReadBack) {
  const KeptRequest added = Add("ada", Place(15));
  const absl::StatusOr<KeptRequest> read = ledger_.Read(added.request_ref);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->request().consumer(), "ada");
  EXPECT_EQ(read->revision, 1);
  EXPECT_EQ(read->stored.opening_size(), 1);
  EXPECT_TRUE(read->request().event(0).has_recorded_at());
}

TEST_F(RequestLedgerTest, OpenRequestsComeByWhatIsDueFirst) {
  Add("late", Place(20));
  Add("first", Place(3));
  Add("then", Place(9));
  KeptRequest closed = Add("closed", Place(1));
  Close(&closed);

  EXPECT_EQ(DueConsumers(10), (Strings{"first", "then", "late"}));
  EXPECT_EQ(DueConsumers(2), (Strings{"first", "then"}));
  EXPECT_EQ(*ledger_.CountOpen(), 3);
}

TEST_F(RequestLedgerTest, EveryStepLeavesALeafThatNamesNobody) {
  KeptRequest kept = Add("ada", Place(15));
  ASSERT_TRUE(Take(v1::REQUEST_EVENT_KIND_ACKNOWLEDGED, &kept).ok());

  const std::vector<Leaf> leaves = RequestLeaves();
  ASSERT_EQ(leaves.size(), 2U);
  EXPECT_EQ(leaves[1].numbers,
            (std::vector<uint64_t>{v1::REQUEST_KIND_ACCESS,
                                   v1::REQUEST_EVENT_KIND_ACKNOWLEDGED}));
  EXPECT_EQ(leaves[1].jurisdiction, "US-WA");
  EXPECT_EQ(leaves[1].commitments.size(), 2U);
  EXPECT_NE(leaves[0].commitments[0], leaves[1].commitments[0]);
}

// As anyone checks a receipt of one.
TEST_F(RequestLedgerTest, WhatIsKeptOfAStepOpensItsLeafToTheConsumer) {
  const KeptRequest kept = Add("ada", Place(15));
  VerifiedReceipt receipt;
  receipt.leaf = RequestLeaves().front();
  LeafOpening opening;
  const std::string& bytes = kept.stored.opening(0);
  ASSERT_EQ(bytes.size(), opening.opening.size());
  std::copy(bytes.begin(), bytes.end(), opening.opening.begin());
  receipt.opening = opening;

  EXPECT_TRUE(CheckConsumer(receipt, "ada").ok());
  EXPECT_TRUE(absl::IsPermissionDenied(CheckConsumer(receipt, "luz")));
}

TEST_F(RequestLedgerTest, OfTwoOfficersOneIsToldToLookAgain) {
  KeptRequest first = Add("ada", Place(15));
  KeptRequest second = first;
  ASSERT_TRUE(Take(v1::REQUEST_EVENT_KIND_ACKNOWLEDGED, &first).ok());

  const absl::Status refused =
      Take(v1::REQUEST_EVENT_KIND_AUTHENTICATED, &second);
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_TRUE(absl::StrContains(refused.message(), "look at it again"));
  EXPECT_EQ(second.revision, 1);
  EXPECT_EQ(ledger_.Read(first.request_ref)->request().event_size(), 2);
  EXPECT_EQ(RequestLeaves().size(), 2U);
}

TEST_F(RequestLedgerTest, AStepThatMayNotFollowIsNotKept) {
  KeptRequest kept = Add("ada", Place(15));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      Take(v1::REQUEST_EVENT_KIND_COMPLETED, &kept)));
  EXPECT_EQ(ledger_.Read(kept.request_ref)->request().event_size(), 1);
  EXPECT_EQ(RequestLeaves().size(), 1U);
}

TEST_F(RequestLedgerTest, NothingHappensInTheFuture) {
  KeptRequest kept = Add("ada", Place(15));
  EXPECT_TRUE(absl::IsInvalidArgument(ledger_.Update(
      With(kept.request(), StepAt(now() + absl::Seconds(1),
                                  v1::REQUEST_EVENT_KIND_ACKNOWLEDGED)),
      Place(1), &kept)));
  EXPECT_TRUE(
      absl::IsInvalidArgument(ledger_.Update(kept.request(), Place(1), &kept)));
}

TEST_F(RequestLedgerTest, AClosedRequestKeepsWhatTheLogHasToHoldAndNoMore) {
  KeptRequest kept = Add("ada", Place(15));
  Close(&kept);

  const KeptRequest read = ledger_.Read(kept.request_ref).value();
  const v1::Request& request = read.request();
  EXPECT_EQ(request.kind(), v1::REQUEST_KIND_ACCESS);
  EXPECT_EQ(request.channel(), v1::REQUEST_CHANNEL_FORM);
  EXPECT_EQ(request.event(1).denial(), v1::DENIAL_REASON_NOT_AUTHENTICATED);
  EXPECT_TRUE(request.event(1).reason().empty());
  EXPECT_TRUE(request.consumer().empty());
  EXPECT_TRUE(request.requester().contact().empty());
  EXPECT_EQ(MachineOf(request)->status(), v1::REQUEST_STATUS_CLOSED);
}

// Covers: ca-ccpa/verification-data
TEST_F(RequestLedgerTest, WhatWasSeenToFindOutWhoAsksGoesWhenItIsClosed) {
  v1::Request request = RequestOf("ada");
  request.mutable_requester()->set_kind(v1::REQUESTER_KIND_AGENT);
  request.mutable_requester()->set_permission("of 3 May");
  KeptRequest kept = ledger_.Add(request, Place(15)).value();
  v1::RequestEvent seen = StepAt(now(), v1::REQUEST_EVENT_KIND_AUTHENTICATED);
  seen.mutable_authentication()->add_matched("birth-date");
  ASSERT_TRUE(ledger_.Update(With(request, seen), Place(1), &kept).ok());
  ASSERT_TRUE(Take(v1::REQUEST_EVENT_KIND_COMPLETED, &kept).ok());
  EXPECT_TRUE(kept.request().event(1).has_authentication());

  ASSERT_TRUE(Take(v1::REQUEST_EVENT_KIND_CLOSED, &kept).ok());
  const v1::Request read = ledger_.Read(kept.request_ref).value().request();
  EXPECT_FALSE(read.event(1).has_authentication());
  EXPECT_TRUE(read.requester().permission().empty());
}

TEST_F(RequestLedgerTest, WhoHasTheIdFindsAConsumersRequestsClosedOrNot) {
  KeptRequest closed = Add("ada", Place(15));
  Close(&closed);
  Add("ada", Place(16, 2029));
  Add("luz", Place(17));
  EXPECT_EQ(CountOf("ada"), 2);
  EXPECT_EQ(CountOf("luz"), 1);
  EXPECT_EQ(CountOf("eve"), 0);
}

TEST_F(RequestLedgerTest, ARequestOutlivesItsConsumersErasure) {
  scratch_.Put({"ada"}, "r-1", "note");
  const KeptRequest kept = Add("ada", Place(15));
  ASSERT_TRUE(scratch_.vault().Erase("ada").ok());
  EXPECT_TRUE(ledger_.Read(kept.request_ref).ok());
  EXPECT_EQ(CountOf("ada"), 1);
}

TEST_F(RequestLedgerTest, AClosedRequestEndsWithTheKeyOfItsYear) {
  KeptRequest kept = Add("ada", Place(15, 2027));
  Close(&kept, 2027);
  Add("luz", Place(16, 2028));
  scratch_.clock().Advance(absl::Hours(24 * 600));  // February 2028.
  EXPECT_TRUE(scratch_.vault().Evidence().DestroyDue().ok());

  EXPECT_TRUE(absl::IsNotFound(ledger_.Read(kept.request_ref).status()));
  EXPECT_EQ(DueConsumers(10), (Strings{"luz"}));
  EXPECT_EQ(*ledger_.DeleteExpired(), 1);
  EXPECT_EQ(*ledger_.DeleteExpired(), 0);
}

TEST_F(RequestLedgerTest, AnOpenRequestIsMovedOutOfAYearThatIsOver) {
  KeptRequest open = Add("ada", Place(15, 2027));
  KeptRequest closed = Add("luz", Place(15, 2027));
  Close(&closed, 2027);
  const size_t leaves = RequestLeaves().size();
  scratch_.clock().Advance(absl::Hours(24 * 600));  // February 2028.
  EXPECT_TRUE(scratch_.vault().Evidence().DestroyDue()->empty());
  EXPECT_EQ(*ledger_.DeleteExpired(), 0);
  EXPECT_EQ(*ledger_.ListOpenPastYear("", 10), (Strings{open.request_ref}));
  EXPECT_TRUE(ledger_.ListOpenPastYear(open.request_ref, 10)->empty());

  ASSERT_TRUE(ledger_.Move(Place(15, 2029), &open).ok());

  EXPECT_TRUE(ledger_.ListOpenPastYear("", 10)->empty());
  EXPECT_EQ(RequestLeaves().size(), leaves);
  EXPECT_EQ(scratch_.vault().Evidence().DestroyDue()->size(), 1u);
  EXPECT_EQ(*ledger_.DeleteExpired(), 1);
  EXPECT_TRUE(absl::IsNotFound(ledger_.Read(closed.request_ref).status()));
  EXPECT_EQ(ledger_.Read(open.request_ref)->revision, 2);
  EXPECT_EQ(CountOf("ada"), 1);
  EXPECT_EQ(ledger_.CheckCounts()->traits_off, 0);
  EXPECT_EQ(ledger_.CheckCounts()->counted, 1);
  EXPECT_TRUE(Take(v1::REQUEST_EVENT_KIND_ACKNOWLEDGED, &open).ok());
}

TEST_F(RequestLedgerTest, WhatWasMovedCannotBeMovedByWhoReadItBefore) {
  KeptRequest mine = Add("ada", Place(15, 2027));
  KeptRequest theirs = mine;
  ASSERT_TRUE(Take(v1::REQUEST_EVENT_KIND_ACKNOWLEDGED, &theirs).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(ledger_.Move(Place(15, 2029), &mine)));
}

TEST_F(RequestLedgerTest, ARowThatWasChangedDoesNotOpen) {
  for (const char* change :
       {"due_day = due_day + 1", "is_open = 0", "revision = revision + 1",
        "consumer_tag = zeroblob(16)"}) {
    const KeptRequest kept = Add("ada", Place(15));
    scratch_.Execute("records", absl::StrCat("UPDATE request SET ", change));
    EXPECT_TRUE(absl::IsDataLoss(ledger_.Read(kept.request_ref).status()))
        << change;
    scratch_.Execute("records", "DELETE FROM request");
  }
}

TEST_F(RequestLedgerTest, NoReferenceButThatOfARequestFindsOne) {
  EXPECT_TRUE(absl::IsNotFound(ledger_.Read("0123456789abcdef").status()));
  EXPECT_TRUE(absl::IsNotFound(ledger_.Read("").status()));
}

TEST_F(RequestLedgerTest, ABatchIsAddedWholeOrNotAtAll) {
  const v1::Request good = RequestOf("ada");
  v1::Request bad = RequestOf("luz");
  bad.mutable_event(0)->set_kind(v1::REQUEST_EVENT_KIND_COMPLETED);
  EXPECT_FALSE(ledger_.AddAll({{&good, Place(1)}, {&bad, Place(2)}}).ok());
  EXPECT_EQ(*ledger_.CountOpen(), 0);
  EXPECT_EQ(ledger_.AddAll({{&good, Place(1)}, {&good, Place(2)}})->size(), 2U);
}

}  // namespace
}  // namespace subrosa
