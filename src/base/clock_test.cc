#include "src/base/clock.h"

#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

TEST(ClockTest, ADayBeginsAtMidnightInUtc) {
  EXPECT_EQ(DayOf(absl::FromUnixSeconds(0)), 0);
  EXPECT_EQ(DayOf(absl::FromUnixSeconds(86399)), 0);
  EXPECT_EQ(DayOf(absl::FromUnixSeconds(86400)), 1);
}

TEST(ClockTest, DaysBefore1970AreBelowZero) {
  EXPECT_EQ(DayOf(absl::FromUnixSeconds(-1)), -1);
  EXPECT_EQ(DayOf(absl::FromUnixSeconds(-86401)), -2);
}

TEST(ClockTest, ADayComesBackAsItsDate) {
  EXPECT_EQ(CivilDayOf(0), absl::CivilDay(1970, 1, 1));
  EXPECT_EQ(CivilDayOf(-1), absl::CivilDay(1969, 12, 31));
  EXPECT_EQ(CivilDayOf(DayOf(absl::FromCivil(absl::CivilDay(2024, 2, 29),
                                             absl::UTCTimeZone()))),
            absl::CivilDay(2024, 2, 29));
}

TEST(ClockTest, AFixedClockStandsStillUntilItIsMoved) {
  FixedClock clock(absl::FromUnixSeconds(100));

  EXPECT_EQ(clock.Now(), clock.Now());
  clock.Advance(absl::Seconds(5));

  EXPECT_EQ(clock.Now(), absl::FromUnixSeconds(105));
}

}  // namespace
}  // namespace subrosa
