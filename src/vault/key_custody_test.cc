#include "src/vault/key_custody.h"

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/vault/scratch_key_store.h"

namespace subrosa {
namespace {

class KeyCustodyTest : public testing::Test {
 protected:
  KeyCustodyTest()
      : custody_(scratch_.store(), scratch_.provider(), scratch_.clock()) {
    scratch_.MakeConsumers(0, 12);
  }

  KeyStatus Status() {
    const auto status = custody_.ReadStatus();
    EXPECT_TRUE(status.ok()) << status.status();
    return status.ok() ? *status : KeyStatus();
  }
  void Rotate() { ASSERT_TRUE(custody_.Rotate(nullptr).ok()); }
  void PassDays(int days) { scratch_.clock().Advance(absl::Hours(24 * days)); }

  ScratchKeyStore scratch_;
  KeyCustody custody_;
};

TEST_F(KeyCustodyTest, ANewStoreHasOneEpochWithEverybody) {
  const KeyStatus status = Status();

  ASSERT_EQ(status.epochs.size(), 1);
  EXPECT_EQ(status.epochs[0].state, EpochState::kEnabled);
  EXPECT_EQ(status.epochs[0].opened_day, scratch_.today());
  EXPECT_EQ(status.epochs[0].consumers, 12);
  EXPECT_FALSE(status.epochs[0].is_due);
  EXPECT_EQ(status.key_backup_days, 30);
  EXPECT_EQ(status.holds_from_if_rotated, scratch_.today() + 31);
}

TEST_F(KeyCustodyTest, AnEpochIsDueFromItsDayOnUntilItIsRetired) {
  PassDays(7);
  Rotate();
  const int32_t due = scratch_.today() + 31;
  EXPECT_EQ(Status().epochs[0].outlook.erasures_before, scratch_.today());
  EXPECT_EQ(Status().epochs[0].outlook.holds_from, due);
  PassDays(30);
  EXPECT_FALSE(Status().epochs[0].is_due);
  PassDays(1);
  EXPECT_TRUE(Status().epochs[0].is_due);

  ASSERT_EQ(custody_.Retire()->size(), 1);

  const EpochStatus retired = Status().epochs[0];
  EXPECT_FALSE(retired.is_due);
  EXPECT_EQ(retired.state, EpochState::kDestroyed);
  EXPECT_EQ(retired.outlook.holds_from, scratch_.today());
  EXPECT_EQ(retired.consumers, 0);
}

TEST_F(KeyCustodyTest,
       ARotationThatWasStoppedIsSeenWithThoseWhomItHasNotMoved) {
  bool is_rotating = false;
  int steps = 0;
  const auto store = scratch_.OpenWatched([&](const std::string& sql) {
    if (!is_rotating || sql != "BEGIN IMMEDIATE") return absl::OkStatus();
    return ++steps == 2 ? absl::UnavailableError("") : absl::OkStatus();
  });
  is_rotating = true;
  ASSERT_FALSE(store->Rotation().Rotate(nullptr).ok());

  const KeyStatus status = Status();

  ASSERT_EQ(status.epochs.size(), 2);
  EXPECT_EQ(status.epochs[0].state, EpochState::kDecryptOnly);
  EXPECT_EQ(status.epochs[0].consumers, 12);
  EXPECT_EQ(status.epochs[0].outlook.holds_from, 0);
  EXPECT_EQ(status.epochs[1].consumers, 0);
}

TEST_F(KeyCustodyTest, ThePlanOfAnErasureSaysTheSameDayAsTheStatus) {
  Rotate();
  PassDays(3);
  ASSERT_TRUE(custody_.SetKeyBackupDays(1).ok());

  // The older epoch stays longer than the backups of today.
  EXPECT_EQ(custody_.ReadHoldsFromIfRotated().value(), scratch_.today() + 28);
  EXPECT_EQ(Status().holds_from_if_rotated, scratch_.today() + 28);
}

TEST_F(KeyCustodyTest, ASettingBeyondTheBoundsIsRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(custody_.SetKeyBackupDays(0)));
  EXPECT_TRUE(absl::IsInvalidArgument(custody_.SetKeyBackupDays(3651)));

  EXPECT_EQ(Status().key_backup_days, 30);
}

TEST_F(KeyCustodyTest, ADamagedStoreIsAFindingAndNoError) {
  EXPECT_TRUE(custody_.Verify(nullptr)->ok());
  scratch_.Execute("DELETE FROM consumer_key WHERE row = 1");

  EXPECT_FALSE(custody_.Verify(nullptr)->ok());
}

}  // namespace
}  // namespace subrosa
