// A HolidayCalendar knows on which days an administration works. Its holidays
// are data (src/law/calendars); Sundays are never business days, and Saturdays
// only where the data says so.
//
// Immutable once made; safe to use from any thread.
#ifndef SUBROSA_SRC_LAW_HOLIDAY_CALENDAR_H_
#define SUBROSA_SRC_LAW_HOLIDAY_CALENDAR_H_

#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

class HolidayCalendar {
 public:
  // `data` is one that ParseCalendar took.
  explicit HolidayCalendar(v1::HolidayCalendar data);

  const v1::HolidayCalendar& data() const { return data_; }

  // Whether some holiday is observed on `day`. A holiday that falls on a
  // weekend is observed where its own entry says: the first of January 2028, a
  // Saturday, on the last of December 2027 by federal law.
  bool IsHoliday(absl::CivilDay day) const;

  // Neither a holiday nor of the weekend.
  bool IsBusinessDay(absl::CivilDay day) const;

  // The `count`th business day after `day`, which does not count itself.
  // `count` is at least 1 and at most 10,000.
  absl::CivilDay AddBusinessDays(absl::CivilDay day, int count) const;

 private:
  v1::HolidayCalendar data_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_LAW_HOLIDAY_CALENDAR_H_
