#include "src/erasure/time_retirement.h"

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/erasure/connector.h"
#include "src/erasure/connector_file.h"
#include "src/erasure/erasure_book.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_progress.h"
#include "src/erasure/erasure_run.h"
#include "src/erasure/request_erasure.h"
#include "src/request/request_desk.h"
#include "src/steward/scratch_home.h"
#include "src/steward/steward.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_rotation.h"
#include "src/vault/vault.h"
#include "subrosa/v1/erasure.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class TimeRetirementTest : public testing::Test {
 protected:
  TimeRetirementTest() {
    v1::MoodCheckIn check_in;
    check_in.set_score(3);
    home_.Put({RecordOf("ada", "1", check_in)});
  }

  // A store "crm", whose program ends so.
  void Connect(const std::string& script) {
    erasures_.reset();
    ASSERT_TRUE(
        ReplaceFile(absl::StrCat(home_.folder(), "/", kConnectorFileName),
                    absl::StrCat("connector { id: 'crm' kind: PARTY_KIND_STORE"
                                 " command { argument: '/bin/sh' argument: '-c'"
                                 " argument: '",
                                 script, "' } }\n"),
                    0600)
            .ok());
  }

  RequestErasure& erasures() {
    if (erasures_ == nullptr) {
      erasures_ = RequestErasure::Open(home_.steward()).value();
    }
    return *erasures_;
  }
  ErasureRun& run() { return erasures().run(); }

  void Order(bool hold = false) {
    ErasureOrder order;
    order.consumer = "ada";
    order.times = {home_.clock().Now(), home_.clock().Now()};
    order.facts.set_residence("US-CA");
    order.hold = hold;
    ASSERT_TRUE(run().Order({order})->front().ok());
  }

  ErasureProgress Continue() {
    const auto progress = erasures().Continue();
    EXPECT_TRUE(progress.ok()) << progress.status();
    return progress.value_or(ErasureProgress());
  }

  TimeRetirement Retire() {
    const auto done = RetireByTime(home_.steward(), ClockTrust::kChecked);
    EXPECT_TRUE(done.ok()) << done.status();
    return done.value_or(TimeRetirement());
  }

  void AdvanceDays(int days) { home_.clock().Advance(absl::Hours(24 * days)); }

  // Years in which both jobs ran; how many erasures were moved.
  int64_t YearsLater(int years) {
    int64_t moved = 0;
    for (int i = 0; i < years; ++i) {
      AdvanceDays(366);
      const TimeRetirement done = Retire();
      EXPECT_THAT(done.kept, IsEmpty());
      moved += done.moved_erasures;
      Continue();
    }
    return moved;
  }

  bool IsHeld() { return home_.steward().CountRows("ada").ok(); }

  ScratchHome home_;  // Made in June 2026.
  std::unique_ptr<RequestErasure> erasures_;
};

TEST_F(TimeRetirementTest, AnErasureWithASilentStoreOutlastsItsYears) {
  Connect("exit 1");
  Order();
  ASSERT_EQ(Continue().open, 1);

  EXPECT_GE(YearsLater(4), 2);

  EXPECT_EQ(Continue().open, 1);
  ASSERT_TRUE(run().Answer("ada", "crm", PartyAnswer::kDone).ok());
  EXPECT_EQ(Continue().open, 0);
  EXPECT_TRUE(run().Certificate("ada").ok());
}

TEST_F(TimeRetirementTest, AHoldOutlastsItsYears) {
  Order(/*hold=*/true);
  ASSERT_EQ(Continue().waiting, 1);

  EXPECT_GE(YearsLater(5), 2);

  EXPECT_EQ(Continue().waiting, 1);
  EXPECT_TRUE(IsHeld());
  ASSERT_TRUE(run().Release("ada").ok());
  EXPECT_EQ(Continue().keys_destroyed, 1);
  EXPECT_FALSE(IsHeld());
}

// Its account id is dropped, so that no other year can have it.
TEST_F(TimeRetirementTest, AnInterimCertificateKeepsTheKeyOfItsYear) {
  Order();
  ASSERT_EQ(Continue().interim, 1);
  AdvanceDays(380);
  Retire();
  AdvanceDays(380);
  Retire();
  AdvanceDays(380);

  const TimeRetirement done = Retire();

  ASSERT_THAT(done.kept, SizeIs(1));
  EXPECT_EQ(done.kept[0].erasures, 1);
  EXPECT_EQ(done.kept[0].requests, 0);
  EXPECT_TRUE(run().Certificate("ada").ok());
  ASSERT_TRUE(home_.steward().Custody().Rotate(nullptr).ok());
  AdvanceDays(40);
  EXPECT_THAT(Retire().epochs, SizeIs(1));
  EXPECT_EQ(Continue().final, 1);
  EXPECT_THAT(Retire().evidence, SizeIs(1));
  EXPECT_THAT(ListOpenPastYear(home_.steward()).value(), IsEmpty());
}

TEST_F(TimeRetirementTest, AClockThatLeaptAheadDestroysNothing) {
  Connect("exit 1");
  Order();
  Continue();
  ASSERT_TRUE(home_.steward().Custody().Rotate(nullptr).ok());
  AdvanceDays(3650);

  const auto refused = RetireByTime(home_.steward(), ClockTrust::kChecked);

  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status()));
  EXPECT_THAT(refused.status().message(), HasSubstr("--clock-is-right"));
  EXPECT_TRUE(absl::IsFailedPrecondition(CheckDeletionClock(home_.steward())));
  const ErasureProgress ahead = Continue();
  EXPECT_TRUE(absl::IsFailedPrecondition(ahead.clock_doubt));
  EXPECT_TRUE(ahead.HasLeft());
  EXPECT_EQ(ahead.open, 1);
  AdvanceDays(-3650);
  EXPECT_TRUE(CheckDeletionClock(home_.steward()).ok());
  EXPECT_EQ(home_.steward().Custody().ReadStatus()->epochs.size(), 2u);
  // And the store is asked at once again, not in ten years.
  Connect("exit 0");
  const ErasureProgress back = Continue();
  EXPECT_TRUE(back.clock_doubt.ok()) << back.clock_doubt;
  EXPECT_EQ(back.told, 1);
  EXPECT_EQ(back.open, 0);
}

TEST_F(TimeRetirementTest, NoGraceEndsByAClockInDoubt) {
  Order();
  const auto vault = home_.steward().OpenUngatedVault().value();
  ErasureBook book(*vault, home_.clock());
  ErasureEntry entry = book.Find("ada").value();
  entry.erasure.set_not_before_day(DayOf(home_.clock().Now()) + 2);
  ASSERT_TRUE(book.Put(&entry).value());
  AdvanceDays(3650);

  EXPECT_EQ(Continue().waiting, 1);
  EXPECT_TRUE(IsHeld());

  ASSERT_TRUE(RetireByTime(home_.steward(), ClockTrust::kOfficer).ok());
  EXPECT_EQ(Continue().keys_destroyed, 1);
}

TEST_F(TimeRetirementTest, OpenRequestsOutlastTheirYears) {
  v1::Request request;
  request.set_kind(v1::REQUEST_KIND_DELETE);
  request.set_consumer("ada");
  request.set_residence("US-WA");
  request.set_channel(v1::REQUEST_CHANNEL_FORM);
  request.mutable_requester()->set_kind(v1::REQUESTER_KIND_SELF);
  request.mutable_received_at()->set_seconds(
      absl::ToUnixSeconds(home_.clock().Now()));
  const auto view = erasures().desk().Receive(request);
  ASSERT_TRUE(view.ok()) << view.status();
  int64_t moved = 0;
  for (int i = 0; i < 5; ++i) {
    AdvanceDays(366);
    const TimeRetirement done = Retire();
    EXPECT_THAT(done.kept, IsEmpty());
    moved += done.moved_requests;
  }

  EXPECT_GE(moved, 1);
  EXPECT_TRUE(erasures().desk().Read(view->kept.request_ref).ok());
  EXPECT_EQ(*erasures().desk().CountOpen(), 1);
}

}  // namespace
}  // namespace subrosa
