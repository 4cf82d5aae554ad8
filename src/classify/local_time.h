// When what a record tells happened, by the consumer's clock: their offset from
// UTC is added where the record has it. If it does not say when, it is when it
// was collected. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_LOCAL_TIME_H_
#define SUBROSA_SRC_CLASSIFY_LOCAL_TIME_H_

#include <cstdint>

#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Whole hours since 1970-01-01, and days; rounded down.
inline int64_t LocalHourOf(const v1::HealthRecord& record) {
  constexpr int64_t kHourSeconds = 3600;
  const v1::Effective& effective = record.effective();
  // Of any record, also one that nobody has checked.
  constexpr int64_t kMaxSeconds = int64_t{1} << 40;
  int64_t seconds = effective.has_start() ? effective.start().seconds()
                                          : record.collected_at().seconds();
  if (seconds > kMaxSeconds) seconds = kMaxSeconds;
  if (seconds < -kMaxSeconds) seconds = -kMaxSeconds;
  seconds += int64_t{60} * effective.utc_offset_minutes();
  return seconds / kHourSeconds - (seconds % kHourSeconds < 0 ? 1 : 0);
}

inline int64_t LocalDayOf(const v1::HealthRecord& record) {
  const int64_t hour = LocalHourOf(record);
  return hour / 24 - (hour % 24 < 0 ? 1 : 0);
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_LOCAL_TIME_H_
