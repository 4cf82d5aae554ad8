#include "src/vault/epoch_outlook.h"

#include <vector>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

EpochRow Row(uint32_t epoch, EpochState state, int32_t opened_day,
             int32_t destroy_day = 0) {
  EpochRow row;
  row.epoch = epoch;
  row.state = state;
  row.opened_day = opened_day;
  row.destroy_day = destroy_day;
  return row;
}

TEST(EpochOutlookTest, BeforeTheFirstRotationNothingHoldsInBackups) {
  const auto outlooks = OutlookOf({Row(1, EpochState::kEnabled, 100)});

  ASSERT_EQ(outlooks.size(), 1);
  EXPECT_EQ(outlooks[0].erasures_before, 0);
  EXPECT_EQ(outlooks[0].holds_from, 0);
}

TEST(EpochOutlookTest, ErasuresBeforeTheNextEpochHoldFromTheOldOnesDay) {
  const auto outlooks = OutlookOf({Row(1, EpochState::kDestroyed, 100, 141),
                                   Row(2, EpochState::kScheduled, 110, 151),
                                   Row(3, EpochState::kEnabled, 120)});

  EXPECT_EQ(outlooks[0].erasures_before, 110);
  EXPECT_EQ(outlooks[0].holds_from, 141);
  EXPECT_EQ(outlooks[1].erasures_before, 120);
  EXPECT_EQ(outlooks[1].holds_from, 151);
  EXPECT_EQ(outlooks[2].erasures_before, 0);
  EXPECT_EQ(outlooks[2].holds_from, 0);
}

TEST(EpochOutlookTest, AnUnfinishedRotationPromisesNoDay) {
  const auto outlooks = OutlookOf({Row(1, EpochState::kDecryptOnly, 100),
                                   Row(2, EpochState::kEnabled, 110)});

  EXPECT_EQ(outlooks[0].erasures_before, 110);
  EXPECT_EQ(outlooks[0].holds_from, 0);
}

TEST(EpochOutlookTest, AnOlderEpochThatStaysLongerKeepsTheLaterOnesWaiting) {
  // Backups were kept for long when the first was rotated, then for a day.
  const auto outlooks = OutlookOf({Row(1, EpochState::kScheduled, 100, 200),
                                   Row(2, EpochState::kScheduled, 110, 122),
                                   Row(3, EpochState::kEnabled, 120)});

  EXPECT_EQ(outlooks[1].holds_from, 200);
}

TEST(EpochOutlookTest, AnErasureOfTodayHoldsOnceTodaysBackupsAreGone) {
  EXPECT_EQ(HoldsFromIfRotated({Row(1, EpochState::kEnabled, 100)}, 150, 30),
            181);
  EXPECT_EQ(HoldsFromIfRotated({Row(1, EpochState::kDestroyed, 100, 500),
                                Row(2, EpochState::kEnabled, 120)},
                               150, 30),
            181);
}

TEST(EpochOutlookTest, ItDoesNotHoldBeforeEveryOlderEpochIsGone) {
  EXPECT_EQ(HoldsFromIfRotated({Row(1, EpochState::kScheduled, 100, 300),
                                Row(2, EpochState::kEnabled, 120)},
                               150, 30),
            300);
}

}  // namespace
}  // namespace subrosa
