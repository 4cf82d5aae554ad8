#include "src/erasure/erasure_plan.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/steward/scratch_home.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using testing::ElementsAre;
using testing::Pair;

v1::MoodCheckIn CheckIn(int score) {
  v1::MoodCheckIn check_in;
  check_in.set_score(score);
  return check_in;
}

TEST(ErasurePlanTest, APlanCountsTheConsumersRecordsByTypeAndChangesNothing) {
  ScratchHome home;
  v1::SleepSession sleep;
  sleep.set_awakenings(1);
  home.Put({RecordOf("ada", "1", CheckIn(1)), RecordOf("ada", "2", CheckIn(2)),
            RecordOf("ada", "3", sleep), RecordOf("bo", "1", CheckIn(3))});

  for (int round = 0; round < 2; ++round) {
    const auto plan = PlanErasure(home.steward(), "ada");
    ASSERT_TRUE(plan.ok());
    EXPECT_THAT(plan->records_by_schema,
                ElementsAre(Pair("subrosa.v1.MoodCheckIn", 2),
                            Pair("subrosa.v1.SleepSession", 1)));
    EXPECT_EQ(plan->records, 3);
    EXPECT_EQ(plan->old_revisions, 0);
  }
}

TEST(ErasurePlanTest, OldRevisionsAreCountedApart) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn(1)), RecordOf("ada", "1", CheckIn(2)),
            RecordOf("ada", "1", CheckIn(3))});

  const auto plan = PlanErasure(home.steward(), "ada");

  EXPECT_EQ(plan->records, 1);
  EXPECT_EQ(plan->old_revisions, 2);
  ASSERT_TRUE(home.steward().Erase("ada").ok());
  EXPECT_EQ(home.steward().FinishErasures(nullptr).value(), 3);
}

TEST(ErasurePlanTest, APlanSaysFromWhenOnItHoldsInBackupsToo) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn(1))});
  const int32_t today = DayOf(home.clock().Now());
  EXPECT_EQ(PlanErasure(home.steward(), "ada")->holds_from_if_rotated,
            today + 31);

  ASSERT_TRUE(home.steward().Custody().SetKeyBackupDays(7).ok());

  EXPECT_EQ(PlanErasure(home.steward(), "ada")->holds_from_if_rotated,
            today + 8);
}

TEST(ErasurePlanTest, AnUnknownConsumerHasNoPlan) {
  ScratchHome home;

  EXPECT_TRUE(absl::IsNotFound(PlanErasure(home.steward(), "ada").status()));
}

TEST(ErasurePlanTest, AnErasedConsumerHasNoPlanAnyMore) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn(1))});
  ASSERT_TRUE(home.steward().Erase("ada").ok());

  EXPECT_TRUE(absl::IsNotFound(PlanErasure(home.steward(), "ada").status()));
}

TEST(ErasurePlanTest, ADamagedRecordIsPlannedAndErasedLikeAnyOther) {
  ScratchHome home;
  home.Put({RecordOf("ada", "1", CheckIn(1))});
  const auto database =
      OpenSqlite(home.folder() + "/records.db", SqliteOptions());
  ASSERT_TRUE(
      (*database)->Execute("UPDATE record SET envelope = zeroblob(200)").ok());

  EXPECT_EQ(PlanErasure(home.steward(), "ada")->records, 1);
  ASSERT_TRUE(home.steward().Erase("ada").ok());
  EXPECT_EQ(home.steward().FinishErasures(nullptr).value(), 1);
}

}  // namespace
}  // namespace subrosa
