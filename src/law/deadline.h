// When a period that a statute gives is over.
//
// The day on which it starts does not count and its last day does, to its end
// in the zone of the pack: a request received on 1 March is to be answered
// within 45 days until 15 April, midnight. A period of months or years ends on
// the day of that number, or on the month's last where there is none. Hours
// count from the instant. Where a statute says nothing of this we take the
// earlier day.
#ifndef SUBROSA_SRC_LAW_DEADLINE_H_
#define SUBROSA_SRC_LAW_DEADLINE_H_

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/law/holiday_calendar.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

// The last day of `period`, counted in days, months or years from `start`.
// `calendar` may be null unless the period counts business days.
//
// INVALID_ARGUMENT for hours, for business days without a calendar, and for a
// period that no pack may hold.
absl::StatusOr<absl::CivilDay> LastDayOf(const v1::Period& period,
                                         absl::CivilDay start,
                                         const HolidayCalendar* calendar);

// When a clock runs out.
struct DueTimes {
  // The first instant that is too late.
  absl::Time first = absl::InfiniteFuture();
  // The same, once extended; as `first` where there is no extension.
  absl::Time extended = absl::InfiniteFuture();
};

// The ends of a deadline that was started at `start`; days begin in `zone`.
// An extension in the unit of the first period counts on from the start: 45 and
// 45 days are 90. Errors as LastDayOf.
absl::StatusOr<DueTimes> DueTimesOf(const v1::Deadline& deadline,
                                    absl::Time start, absl::TimeZone zone,
                                    const HolidayCalendar* calendar);

}  // namespace subrosa

#endif  // SUBROSA_SRC_LAW_DEADLINE_H_
