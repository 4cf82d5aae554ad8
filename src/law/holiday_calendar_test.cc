#include "src/law/holiday_calendar.h"

#include <string>

#include "absl/time/civil_time.h"
#include "gtest/gtest.h"
#include "src/law/law_book.h"

namespace subrosa {
namespace {

const HolidayCalendar& Calendar(const std::string& id) {
  static const LawBook* const book = new LawBook(LawBook::BuiltIn().value());
  return *book->FindCalendar(id);
}

// As the Office of Personnel Management and the state's own page list them.
TEST(HolidayCalendarTest, FederalHolidaysOf2026AreThese) {
  const HolidayCalendar& federal = Calendar("federal");
  int holidays = 0;
  for (absl::CivilDay day(2026, 1, 1); day.year() == 2026; ++day) {
    if (federal.IsHoliday(day)) ++holidays;
  }
  EXPECT_EQ(holidays, 11);
  for (const absl::CivilDay day :
       {absl::CivilDay(2026, 1, 1), absl::CivilDay(2026, 1, 19),
        absl::CivilDay(2026, 2, 16), absl::CivilDay(2026, 5, 25),
        absl::CivilDay(2026, 6, 19), absl::CivilDay(2026, 7, 3),
        absl::CivilDay(2026, 9, 7), absl::CivilDay(2026, 10, 12),
        absl::CivilDay(2026, 11, 11), absl::CivilDay(2026, 11, 26),
        absl::CivilDay(2026, 12, 25)}) {
    EXPECT_TRUE(federal.IsHoliday(day)) << absl::FormatCivilTime(day);
  }
}

TEST(HolidayCalendarTest, TheFourthOfJulyOnASaturdayIsFridaysInWashingtonOnly) {
  EXPECT_TRUE(Calendar("federal").IsHoliday(absl::CivilDay(2026, 7, 3)));
  EXPECT_FALSE(Calendar("california").IsHoliday(absl::CivilDay(2026, 7, 3)));
}

TEST(HolidayCalendarTest, NewYearOfTheNextYearCanBeObservedInThisOne) {
  EXPECT_TRUE(Calendar("federal").IsHoliday(absl::CivilDay(2027, 12, 31)));
  EXPECT_FALSE(Calendar("california").IsHoliday(absl::CivilDay(2027, 12, 31)));
}

TEST(HolidayCalendarTest, CaliforniaKeepsChavezDayAndTheDayAfterThanksgiving) {
  EXPECT_TRUE(Calendar("california").IsHoliday(absl::CivilDay(2026, 3, 31)));
  EXPECT_TRUE(Calendar("california").IsHoliday(absl::CivilDay(2026, 11, 27)));
  EXPECT_FALSE(Calendar("federal").IsHoliday(absl::CivilDay(2026, 3, 31)));
  EXPECT_FALSE(Calendar("federal").IsHoliday(absl::CivilDay(2026, 11, 27)));
}

TEST(HolidayCalendarTest, AHolidayBeginsInItsFirstYear) {
  EXPECT_FALSE(Calendar("federal").IsHoliday(absl::CivilDay(2020, 6, 19)));
  EXPECT_TRUE(Calendar("federal").IsHoliday(absl::CivilDay(2021, 6, 18)));
}

TEST(HolidayCalendarTest, AWeekendIsNoBusinessDay) {
  EXPECT_FALSE(Calendar("federal").IsBusinessDay(absl::CivilDay(2026, 11, 28)));
  EXPECT_FALSE(Calendar("federal").IsBusinessDay(absl::CivilDay(2026, 11, 29)));
  EXPECT_TRUE(Calendar("federal").IsBusinessDay(absl::CivilDay(2026, 11, 30)));
}

// Cal. Civ. Code 9: every day that is none of section 7's.
TEST(HolidayCalendarTest, InCaliforniaASaturdayIsABusinessDayAHolidayIsNone) {
  const HolidayCalendar& california = Calendar("california");
  EXPECT_TRUE(california.IsBusinessDay(absl::CivilDay(2026, 11, 28)));
  EXPECT_FALSE(california.IsBusinessDay(absl::CivilDay(2026, 11, 29)));
  EXPECT_FALSE(california.IsBusinessDay(absl::CivilDay(2026, 7, 4)));
}

TEST(HolidayCalendarTest, ThePlainestCaseIsTheNextDay) {
  EXPECT_EQ(Calendar("federal").AddBusinessDays(absl::CivilDay(2026, 4, 7), 1),
            absl::CivilDay(2026, 4, 8));
  EXPECT_EQ(Calendar("federal").AddBusinessDays(absl::CivilDay(2026, 4, 10), 1),
            absl::CivilDay(2026, 4, 13));
}

}  // namespace
}  // namespace subrosa
