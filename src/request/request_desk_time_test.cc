// What of requests the clock has go, and what it has not: closed ones, open
// ones, and a clock that was ahead.
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/request/request_clocks.h"
#include "src/request/request_desk.h"
#include "src/request/sample_request.h"
#include "src/request/scratch_desk.h"
#include "src/vault/evidence_store.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

using RequestDeskTimeTest = ScratchDesk;

TEST_F(RequestDeskTimeTest,
       WhereNoStatuteHasItKeptAnOpenRequestOutlastsNewYear) {
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

TEST_F(RequestDeskTimeTest, WhatNeedNotBeKeptGoesWhenTheNextRequestComes) {
  const RequestView view = Receive(v1::REQUEST_KIND_ACCESS, "US-ID");
  Authenticate(view);
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_COMPLETED));
  MustTake(view, Step(v1::REQUEST_EVENT_KIND_CLOSED));
  AdvanceDays(366);
  EXPECT_TRUE(desk_->Read(view.kept.request_ref).ok());
  Receive(v1::REQUEST_KIND_ACCESS, "US-ID");
  EXPECT_TRUE(absl::IsNotFound(desk_->Read(view.kept.request_ref).status()));
}

TEST_F(RequestDeskTimeTest, AnOpenRequestOutlastsItsYearHoweverLateItIs) {
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

TEST_F(RequestDeskTimeTest, AnOpenRequestThatDoesNotOpenKeepsTheKeyOfItsYear) {
  Receive(v1::REQUEST_KIND_DELETE, "US-ID");
  AdvanceDays(900);
  scratch_.Execute("records", "UPDATE request SET sealed = zeroblob(60)");
  EXPECT_EQ(*desk_->KeepOpen(), 0);
  EXPECT_TRUE(scratch_.vault().Evidence().DestroyDue()->empty());
  EXPECT_EQ(scratch_.Number("records", "SELECT count(*) FROM request"), 1);
}

TEST_F(RequestDeskTimeTest, AClockThatLeaptAheadDeletesNothing) {
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

TEST_F(RequestDeskTimeTest, AfterAClockWasAheadStepsAreTakenAtTheLastOnesTime) {
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

}  // namespace
}  // namespace subrosa
