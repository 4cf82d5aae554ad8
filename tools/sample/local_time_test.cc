#include "tools/sample/local_time.h"

#include <string>

#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "tools/sample/calendar.h"

namespace subrosa::sample {
namespace {

std::string Fhir(const LocalTime& time) {
  std::string text;
  AppendFhirTime(time, &text);
  return text;
}

TEST(LocalTimeTest, EachFormatHasItsWordsForTheSameTime) {
  const LocalTime time = {DayOf(absl::CivilDay(2026, 6, 30)), 21 * 60 + 5, 7};
  std::string apple;
  AppendAppleTime(time, &apple);

  EXPECT_EQ(Fhir(time), "2026-06-30T21:05:07-07:00");
  EXPECT_EQ(apple, "2026-06-30 21:05:07 -0700");
}

TEST(LocalTimeTest, MinutesOutsideTheDayFallOnItsNeighbours) {
  const int32_t day = DayOf(absl::CivilDay(2026, 1, 1));

  EXPECT_EQ(Fhir({day, -1, 0}), "2025-12-31T23:59:00-08:00");
  EXPECT_EQ(Fhir({day, 1440, 0}), "2026-01-02T00:00:00-08:00");
  EXPECT_EQ(Fhir({day, 1439, 60}), "2026-01-02T00:00:00-08:00");
}

TEST(CalendarTest, DaylightSavingTimeBeginsInMarchAndEndsInNovember) {
  const auto offset = [](int month, int day) {
    return PacificOffsetMinutes(DayOf(absl::CivilDay(2026, month, day)));
  };

  EXPECT_EQ(offset(3, 7), -480);
  EXPECT_EQ(offset(3, 8), -420);
  EXPECT_EQ(offset(10, 31), -420);
  EXPECT_EQ(offset(11, 1), -480);
}

TEST(CalendarTest, AnInstantIsSecondsInUtc) {
  // 2026-06-30 21:05:07 at seven hours behind.
  EXPECT_EQ(PacificInstant(DayOf(absl::CivilDay(2026, 6, 30)), 21 * 60 + 5, 7),
            1782878707);
}

}  // namespace
}  // namespace subrosa::sample
