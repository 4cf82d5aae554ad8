#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rosewater/v1/breathing.pb.h"
#include "src/classify/schema_lint.h"

namespace rosewater {
namespace {

TEST(BreathingMarksTest, EveryFieldSaysWhatItHolds) {
  EXPECT_THAT(subrosa::LintPayload(*v1::BreathingExercise::descriptor()),
              testing::IsEmpty());
}

}  // namespace
}  // namespace rosewater
