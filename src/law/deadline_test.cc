#include "src/law/deadline.h"

#include <ctime>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/law/holiday_calendar.h"
#include "src/law/law_book.h"

namespace subrosa {
namespace {

v1::Period Of(int count, v1::PeriodUnit unit) {
  v1::Period period;
  period.set_count(count);
  period.set_unit(unit);
  return period;
}

absl::CivilDay LastDay(const v1::Period& period, absl::CivilDay start) {
  const absl::StatusOr<absl::CivilDay> day =
      LastDayOf(period, start, /*calendar=*/nullptr);
  return day.ok() ? *day : absl::CivilDay();
}

absl::TimeZone Zone(const std::string& name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone));
  return zone;
}

const LawBook& Book() {
  static const LawBook* const book = new LawBook(LawBook::BuiltIn().value());
  return *book;
}

absl::Time Due(const std::string& rule, absl::Time start) {
  const absl::StatusOr<DueTimes> due =
      Book().DueTimesOf(*Book().Find(rule), start);
  return due.ok() ? due->first : absl::InfinitePast();
}

TEST(DeadlineTest, TheDayOfReceiptDoesNotCountAndTheLastDayDoes) {
  EXPECT_EQ(LastDay(Of(45, v1::PERIOD_UNIT_CALENDAR_DAYS),
                    absl::CivilDay(2026, 3, 1)),
            absl::CivilDay(2026, 4, 15));
  EXPECT_EQ(LastDay(Of(1, v1::PERIOD_UNIT_CALENDAR_DAYS),
                    absl::CivilDay(2028, 2, 28)),
            absl::CivilDay(2028, 2, 29));
}

TEST(DeadlineTest, SixMonthsFromTheEndOfAugustEndWithFebruary) {
  const v1::Period half_year = Of(6, v1::PERIOD_UNIT_MONTHS);
  EXPECT_EQ(LastDay(half_year, absl::CivilDay(2026, 8, 31)),
            absl::CivilDay(2027, 2, 28));
  EXPECT_EQ(LastDay(half_year, absl::CivilDay(2027, 8, 31)),
            absl::CivilDay(2028, 2, 29));
  EXPECT_EQ(LastDay(half_year, absl::CivilDay(2026, 8, 15)),
            absl::CivilDay(2027, 2, 15));
}

TEST(DeadlineTest, AYearFromTheLeapDayEndsTheDayBeforeMarch) {
  EXPECT_EQ(LastDay(Of(1, v1::PERIOD_UNIT_YEARS), absl::CivilDay(2028, 2, 29)),
            absl::CivilDay(2029, 2, 28));
  EXPECT_EQ(LastDay(Of(4, v1::PERIOD_UNIT_YEARS), absl::CivilDay(2028, 2, 29)),
            absl::CivilDay(2032, 2, 29));
}

TEST(DeadlineTest, HoursAndAPeriodWithoutUnitAreNoDays) {
  const absl::CivilDay start(2026, 1, 1);
  EXPECT_TRUE(absl::IsInvalidArgument(
      LastDayOf(Of(24, v1::PERIOD_UNIT_HOURS), start, nullptr).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      LastDayOf(Of(1, v1::PERIOD_UNIT_UNSPECIFIED), start, nullptr).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      LastDayOf(Of(0, v1::PERIOD_UNIT_YEARS), start, nullptr).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      LastDayOf(Of(10'001, v1::PERIOD_UNIT_MONTHS), start, nullptr).status()));
}

TEST(DeadlineTest, BusinessDaysNeedACalendar) {
  EXPECT_TRUE(
      absl::IsInvalidArgument(LastDayOf(Of(10, v1::PERIOD_UNIT_BUSINESS_DAYS),
                                        absl::CivilDay(2026, 1, 1), nullptr)
                                  .status()));
}

// By hand: received on Wednesday 2026-11-25. Thanksgiving and the day after are
// holidays, so that the first business day is Saturday the 28th.
TEST(DeadlineTest, TenBusinessDaysSkipThanksgivingAndNoSaturday) {
  const absl::TimeZone zone = Zone("America/Los_Angeles");
  const absl::Time received =
      absl::FromCivil(absl::CivilSecond(2026, 11, 25, 16, 0, 0), zone);
  EXPECT_EQ(Due("ca-ccpa/acknowledge", received),
            absl::FromCivil(absl::CivilDay(2026, 12, 10), zone));
}

TEST(DeadlineTest, ADayIsADayWhenClocksChange) {
  // 2026-03-08 had 23 hours in Los Angeles, 2026-11-01 had 25.
  const absl::TimeZone zone = Zone("America/Los_Angeles");
  for (const absl::CivilSecond received :
       {absl::CivilSecond(2026, 2, 10, 23, 59, 59),
        absl::CivilSecond(2026, 10, 10, 0, 0, 0)}) {
    const absl::Time due =
        Due("wa-mhmda/respond", absl::FromCivil(received, zone));
    EXPECT_EQ(absl::ToCivilSecond(due, zone),
              absl::CivilSecond(absl::CivilDay(received) + 46));
  }
}

TEST(DeadlineTest, TheDayIsThatOfThePacksZone) {
  // 02:00 UTC on the second is still the first in Los Angeles.
  const absl::Time received = absl::FromCivil(
      absl::CivilSecond(2026, 3, 2, 2, 0, 0), absl::UTCTimeZone());
  EXPECT_EQ(Due("wa-mhmda/respond", received),
            absl::FromCivil(absl::CivilDay(2026, 4, 16),
                            Zone("America/Los_Angeles")));
}

TEST(DeadlineTest, AnExtensionCountsOnFromTheStart) {
  const LawEntry* const respond = Book().Find("ca-ccpa/respond");
  const absl::TimeZone zone = Zone("America/Los_Angeles");
  const absl::StatusOr<DueTimes> due = Book().DueTimesOf(
      *respond, absl::FromCivil(absl::CivilDay(2026, 1, 31), zone));
  ASSERT_TRUE(due.ok());
  EXPECT_EQ(due->first, absl::FromCivil(absl::CivilDay(2026, 3, 18), zone));
  EXPECT_EQ(due->extended, absl::FromCivil(absl::CivilDay(2026, 5, 2), zone));
}

TEST(DeadlineTest, WhatHasNoExtensionEndsOnce) {
  const LawEntry* const rule = Book().Find("nv-sb370/delete");
  const absl::StatusOr<DueTimes> due =
      Book().DueTimesOf(*rule, absl::UnixEpoch());
  ASSERT_TRUE(due.ok());
  EXPECT_EQ(due->first, due->extended);
}

TEST(DeadlineTest, AnExtensionInAnotherUnitCountsFromTheFirstPeriodsLastDay) {
  v1::Deadline deadline;
  *deadline.mutable_within() = Of(1, v1::PERIOD_UNIT_MONTHS);
  *deadline.mutable_extension() = Of(10, v1::PERIOD_UNIT_CALENDAR_DAYS);
  const absl::TimeZone utc = absl::UTCTimeZone();
  const absl::StatusOr<DueTimes> due =
      DueTimesOf(deadline, absl::FromCivil(absl::CivilDay(2026, 1, 31), utc),
                 utc, nullptr);
  ASSERT_TRUE(due.ok());
  EXPECT_EQ(due->first, absl::FromCivil(absl::CivilDay(2026, 3, 1), utc));
  EXPECT_EQ(due->extended, absl::FromCivil(absl::CivilDay(2026, 3, 11), utc));
}

TEST(DeadlineTest, HoursCountFromTheInstant) {
  const absl::Time inferred = absl::FromUnixSeconds(1'772'000'123);
  EXPECT_EQ(Due("co-cpa/inference", inferred), inferred + absl::Hours(24));
}

TEST(DeadlineTest, WhatIsNoDeadlineHasNoEnd) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      Book()
          .DueTimesOf(*Book().Find("wa-mhmda/share"), absl::UnixEpoch())
          .status()));
}

// Holidays counted another way: day by day with the C library's calendar, each
// rule of California's list written out.
bool IsCaliforniaHoliday(const std::tm& day) {
  const int month = day.tm_mon + 1;
  const int date = day.tm_mday;
  const int weekday = day.tm_wday;  // 0 Sunday.
  const int week = (date - 1) / 7 + 1;
  const bool monday = weekday == 1;
  const auto on = [&](int m, int d) {
    return (month == m && date == d) ||
           (monday && month == m && date == d + 1);  // After a Sunday.
  };
  if (on(1, 1) || on(7, 4) || on(12, 25)) return true;
  if ((month == 3 && date == 31) || (monday && month == 4 && date == 1)) {
    return true;
  }
  if (on(11, 11) || (month == 11 && date == 10 && weekday == 5)) return true;
  if (monday && ((month == 1 && week == 3) || (month == 2 && week == 3) ||
                 (month == 5 && date > 24) || (month == 9 && week == 1))) {
    return true;
  }
  if (month == 11 && weekday == 4 && week == 4) return true;
  return month == 11 && weekday == 5 && date >= 23 && date <= 29;
}

TEST(DeadlineTest, BusinessDaysAgreeWithAnIndependentCount) {
  const HolidayCalendar* const calendar = Book().FindCalendar("california");
  ASSERT_NE(calendar, nullptr);
  constexpr uint32_t kSeed = 20261125;
  std::mt19937 random(kSeed);
  for (int round = 0; round < 3000; ++round) {
    const int offset = static_cast<int>(random() % (365 * 40));
    const int count = 1 + static_cast<int>(random() % 30);
    const absl::CivilDay start = absl::CivilDay(2020, 1, 1) + offset;
    std::time_t at = 1'577'836'800 + std::time_t{86'400} * offset;  // UTC.
    std::tm day = {};
    for (int left = count; left > 0;) {
      at += 86'400;
      gmtime_r(&at, &day);
      if (day.tm_wday != 0 && !IsCaliforniaHoliday(day)) --left;
    }
    ASSERT_EQ(calendar->AddBusinessDays(start, count),
              absl::CivilDay(day.tm_year + 1900, day.tm_mon + 1, day.tm_mday))
        << absl::FormatCivilTime(start) << " and " << count << " business days"
        << " (seed " << kSeed << ")";
  }
}

// The same for days, months and years, by the C library alone.
TEST(DeadlineTest, PeriodsAgreeWithAnIndependentCount) {
  constexpr uint32_t kSeed = 370;
  std::mt19937 random(kSeed);
  for (int round = 0; round < 3000; ++round) {
    const absl::CivilDay start =
        absl::CivilDay(1996, 1, 1) + static_cast<int>(random() % 40'000);
    const int count = 1 + static_cast<int>(random() % 60);
    std::tm day = {};
    day.tm_year = static_cast<int>(start.year()) - 1900;
    day.tm_mon = start.month() - 1;
    day.tm_mday = start.day() + count;
    std::time_t at = timegm(&day);
    gmtime_r(&at, &day);
    ASSERT_EQ(LastDay(Of(count, v1::PERIOD_UNIT_CALENDAR_DAYS), start),
              absl::CivilDay(day.tm_year + 1900, day.tm_mon + 1, day.tm_mday));
    // Months: from the same day back until one exists.
    for (int date = start.day();; --date) {
      day = {};
      day.tm_year = static_cast<int>(start.year()) - 1900;
      day.tm_mon = start.month() - 1 + count;
      const int wanted = day.tm_mon % 12;
      day.tm_mday = date;
      at = timegm(&day);
      gmtime_r(&at, &day);
      if (day.tm_mon == wanted) break;
    }
    ASSERT_EQ(LastDay(Of(count, v1::PERIOD_UNIT_MONTHS), start),
              absl::CivilDay(day.tm_year + 1900, day.tm_mon + 1, day.tm_mday));
  }
}

}  // namespace
}  // namespace subrosa
