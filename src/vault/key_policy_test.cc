#include "src/vault/key_policy.h"

#include <memory>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "src/vault/scratch_key_store.h"

namespace subrosa {
namespace {

TEST(KeyPolicyTest, BackupsAreKeptForThirtyDaysUnlessSaidOtherwise) {
  ScratchKeyStore scratch;
  const std::unique_ptr<Connection> database = scratch.Connect();
  ASSERT_EQ(ReadKeyBackupDays(*database, 1).value(), kDefaultKeyBackupDays);

  ASSERT_TRUE(SetKeyBackupDays(*database, 1, 7).ok());

  EXPECT_EQ(ReadKeyBackupDays(*scratch.Connect(), 1).value(), 7);
  const auto rotated = scratch.store().Rotation().Rotate(nullptr);
  EXPECT_EQ(rotated->destroy_day, scratch.today() + 8);
}

TEST(KeyPolicyTest, ADayThatWasPromisedStands) {
  ScratchKeyStore scratch;
  const auto rotated = scratch.store().Rotation().Rotate(nullptr);

  ASSERT_TRUE(SetKeyBackupDays(*scratch.Connect(), 1, 365).ok());

  EXPECT_EQ(scratch.store().ReadEpochs()->front().destroy_day,
            rotated->destroy_day);
}

TEST(KeyPolicyTest, WhatIsBeyondTheBoundsIsRefusedAndChangesNothing) {
  ScratchKeyStore scratch;
  const std::unique_ptr<Connection> database = scratch.Connect();
  for (const int64_t days :
       {int64_t{-1}, int64_t{0}, int64_t{3651}, int64_t{1} << 40}) {
    EXPECT_TRUE(absl::IsInvalidArgument(SetKeyBackupDays(*database, 1, days)));
  }
  for (const int64_t days : {1, 3650}) {
    EXPECT_TRUE(SetKeyBackupDays(*database, 1, days).ok());
    EXPECT_EQ(ReadKeyBackupDays(*database, 1).value(), days);
  }
}

TEST(KeyPolicyTest, AnEntityThatIsNotThereHasNone) {
  ScratchKeyStore scratch;

  EXPECT_TRUE(
      absl::IsDataLoss(ReadKeyBackupDays(*scratch.Connect(), 2).status()));
}

}  // namespace
}  // namespace subrosa
