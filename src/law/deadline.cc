#include "src/law/deadline.h"

#include <algorithm>

#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr int kMaxPeriod = 10'000;

// `day` so many months later, or that month's last day where it is shorter.
absl::CivilDay AddMonths(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  return absl::CivilDay(month) + (std::min(day.day(), last.day()) - 1);
}

// The first instant after `day`.
absl::Time EndOfDay(absl::CivilDay day, absl::TimeZone zone) {
  return absl::FromCivil(day + 1, zone);
}

absl::StatusOr<absl::Time> EndOf(const v1::Period& period, absl::Time start,
                                 absl::TimeZone zone,
                                 const HolidayCalendar* calendar) {
  if (period.unit() == v1::PERIOD_UNIT_HOURS) {
    return start + absl::Hours(period.count());
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const absl::CivilDay last,
      LastDayOf(period, absl::ToCivilDay(start, zone), calendar));
  return EndOfDay(last, zone);
}

}  // namespace

absl::StatusOr<absl::CivilDay> LastDayOf(const v1::Period& period,
                                         absl::CivilDay start,
                                         const HolidayCalendar* calendar) {
  constexpr int kMonthsInYear = 12;
  if (period.count() < 1 || period.count() > kMaxPeriod) {
    return absl::InvalidArgumentError(
        "period.count: want 1 to 10000, got another");
  }
  switch (period.unit()) {
    case v1::PERIOD_UNIT_CALENDAR_DAYS:
      return start + period.count();
    case v1::PERIOD_UNIT_BUSINESS_DAYS:
      if (calendar == nullptr) {
        return absl::InvalidArgumentError(
            "calendar: want one to count business days by, got none");
      }
      return calendar->AddBusinessDays(start, period.count());
    case v1::PERIOD_UNIT_MONTHS:
      return AddMonths(start, period.count());
    case v1::PERIOD_UNIT_YEARS:
      return AddMonths(start, period.count() * kMonthsInYear);
    default:
      return absl::InvalidArgumentError(
          "period.unit: want days, months or years, got another");
  }
}

absl::StatusOr<DueTimes> DueTimesOf(const v1::Deadline& deadline,
                                    absl::Time start, absl::TimeZone zone,
                                    const HolidayCalendar* calendar) {
  DueTimes due;
  SUBROSA_ASSIGN_OR_RETURN(due.first,
                           EndOf(deadline.within(), start, zone, calendar));
  due.extended = due.first;
  if (!deadline.has_extension()) return due;
  v1::Period extension = deadline.extension();
  // Of another unit, it counts from the first period's last day.
  absl::Time from = due.first - absl::Nanoseconds(1);
  if (extension.unit() == deadline.within().unit()) {
    extension.set_count(extension.count() + deadline.within().count());
    from = start;
  }
  SUBROSA_ASSIGN_OR_RETURN(due.extended,
                           EndOf(extension, from, zone, calendar));
  return due;
}

}  // namespace subrosa
