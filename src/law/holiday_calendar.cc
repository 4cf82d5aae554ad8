#include "src/law/holiday_calendar.h"

#include <cstdint>
#include <utility>

namespace subrosa {
namespace {

// 1 Monday to 7 Sunday.
int WeekdayOf(absl::CivilDay day) {
  return static_cast<int>(absl::GetWeekday(day)) + 1;
}

constexpr int kSaturday = 6;
constexpr int kSunday = 7;
constexpr int kDaysInWeek = 7;

// The first `weekday` on `day` or after it.
absl::CivilDay OnOrAfter(absl::CivilDay day, int weekday) {
  return day + (weekday - WeekdayOf(day) + kDaysInWeek) % kDaysInWeek;
}

// The day of `holiday` in `year`, before it moves off a weekend.
absl::CivilDay DayIn(const v1::Holiday& holiday, int64_t year) {
  if (holiday.day() != 0) {
    return absl::CivilDay(year, holiday.month(), holiday.day());
  }
  if (holiday.nth() > 0) {
    return OnOrAfter(absl::CivilDay(year, holiday.month(), 1),
                     holiday.weekday()) +
           (holiday.nth() - 1) * kDaysInWeek;
  }
  // The last: a week before the first of the month after.
  const absl::CivilDay next_month(absl::CivilMonth(year, holiday.month()) + 1);
  return OnOrAfter(next_month, holiday.weekday()) - kDaysInWeek;
}

absl::CivilDay Moved(absl::CivilDay day, v1::Observed observed) {
  switch (observed) {
    case v1::OBSERVED_FRIDAY_BEFORE:
      return day - (WeekdayOf(day) - (kSaturday - 1));
    case v1::OBSERVED_MONDAY_AFTER:
      return day + (kDaysInWeek + 1 - WeekdayOf(day));
    default:
      return day;
  }
}

// The day on which `holiday` is observed for `year`; it may lie in another.
absl::CivilDay ObservedFor(const v1::Holiday& holiday, int64_t year) {
  const absl::CivilDay day = DayIn(holiday, year) + holiday.plus_days();
  switch (WeekdayOf(day)) {
    case kSaturday:
      return Moved(day, holiday.on_saturday());
    case kSunday:
      return Moved(day, holiday.on_sunday());
    default:
      return day;
  }
}

bool IsOf(const v1::Holiday& holiday, int64_t year) {
  return (holiday.from_year() == 0 || year >= holiday.from_year()) &&
         (holiday.until_year() == 0 || year <= holiday.until_year());
}

}  // namespace

HolidayCalendar::HolidayCalendar(v1::HolidayCalendar data)
    : data_(std::move(data)) {}

bool HolidayCalendar::IsHoliday(absl::CivilDay day) const {
  for (const v1::Holiday& holiday : data_.holiday()) {
    for (int64_t year = day.year() - 1; year <= day.year() + 1; ++year) {
      if (IsOf(holiday, year) && ObservedFor(holiday, year) == day) return true;
    }
  }
  return false;
}

bool HolidayCalendar::IsBusinessDay(absl::CivilDay day) const {
  const int last = data_.saturdays() ? kSaturday : kSaturday - 1;
  return WeekdayOf(day) <= last && !IsHoliday(day);
}

absl::CivilDay HolidayCalendar::AddBusinessDays(absl::CivilDay day,
                                                int count) const {
  while (count > 0) {
    ++day;
    if (IsBusinessDay(day)) --count;
  }
  return day;
}

}  // namespace subrosa
