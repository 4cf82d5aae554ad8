#include "src/vault/deletion_clock.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/vault/key_store.h"
#include "src/vault/scratch_vault.h"
#include "src/vault/vault.h"

namespace subrosa {
namespace {

using testing::HasSubstr;

class DeletionClockTest : public testing::Test {
 protected:
  // As a process that just began.
  absl::Status Check() {
    return DeletionClock(scratch_.vault().keys().Tables(), scratch_.clock())
        .Check();
  }
  absl::Status Trust() {
    return DeletionClock(scratch_.vault().keys().Tables(), scratch_.clock())
        .Trust();
  }
  void AdvanceDays(int days) {
    scratch_.clock().Advance(absl::Hours(24 * days));
  }

  ScratchVault scratch_;  // Made on 2026-07-01.
};

TEST_F(DeletionClockTest, AHomeThatRestedForAYearIsClearedOut) {
  AdvanceDays(kMaxClockLeapDays);
  EXPECT_TRUE(Check().ok());
  // From there on it is counted again.
  AdvanceDays(kMaxClockLeapDays);
  EXPECT_TRUE(Check().ok());
}

TEST_F(DeletionClockTest, AClockThatLeaptAheadIsNotBelieved) {
  AdvanceDays(kMaxClockLeapDays + 1);
  const absl::Status refused = Check();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(refused.message(), HasSubstr("2026-07-01"));
  EXPECT_THAT(refused.message(), HasSubstr("2027-08-06"));
  EXPECT_THAT(refused.message(), HasSubstr("--clock-is-right"));
  // Asked often it is right no sooner.
  EXPECT_TRUE(absl::IsFailedPrecondition(Check()));
}

TEST_F(DeletionClockTest, AnOfficerSaysThatItIsRight) {
  AdvanceDays(4000);
  ASSERT_TRUE(Trust().ok());
  EXPECT_TRUE(Check().ok());
  AdvanceDays(kMaxClockLeapDays + 1);
  EXPECT_TRUE(absl::IsFailedPrecondition(Check()));
}

TEST_F(DeletionClockTest, AClockThatWentBackTakesNothingBack) {
  AdvanceDays(300);
  ASSERT_TRUE(Check().ok());
  AdvanceDays(-300);
  ASSERT_TRUE(Check().ok());
  ASSERT_TRUE(Trust().ok());
  AdvanceDays(300 + kMaxClockLeapDays);
  EXPECT_TRUE(Check().ok());
}

}  // namespace
}  // namespace subrosa
