// Days and minutes as whole numbers. A day counts from 1970-01-01; an instant
// is seconds since then in UTC.
//
// Everyone in the samples lives on the Pacific coast of the United States. The
// two Sundays of daylight saving time are computed here, so that the bytes do
// not depend on a machine's time zone files; a change is taken to happen at
// midnight.
#ifndef SUBROSA_TOOLS_SAMPLE_CALENDAR_H_
#define SUBROSA_TOOLS_SAMPLE_CALENDAR_H_

#include <cstdint>

#include "absl/time/civil_time.h"
#include "src/base/clock.h"

namespace subrosa::sample {

inline int32_t DayOf(absl::CivilDay day) {
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}

// The offset from UTC on `day` on the Pacific coast, in minutes: -480, or -420
// from the second Sunday of March to the first of November.
inline int PacificOffsetMinutes(int32_t day) {
  const absl::CivilDay civil = CivilDayOf(day);
  const auto sunday_from = [](absl::CivilDay from) {
    return absl::NextWeekday(from - 1, absl::Weekday::sunday);
  };
  const absl::CivilDay begins = sunday_from(absl::CivilDay(civil.year(), 3, 8));
  const absl::CivilDay ends = sunday_from(absl::CivilDay(civil.year(), 11, 1));
  return civil >= begins && civil < ends ? -420 : -480;
}

// The instant of `minute` (of the local day; may be below 0 or above 1439) and
// `second` on `day`.
inline int64_t PacificInstant(int32_t day, int minute, int second) {
  return int64_t{day} * 86400 +
         (int64_t{minute} - PacificOffsetMinutes(day)) * 60 + second;
}

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_CALENDAR_H_
