// Times and durations as text, read strictly: what is out of range or merely
// looks like a time is no time.
#ifndef SUBROSA_SRC_INGEST_TIME_TEXT_H_
#define SUBROSA_SRC_INGEST_TIME_TEXT_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace subrosa {

// An instant of the years 1 to 9999, with the offset that it was written in.
struct TextTime {
  int64_t seconds = 0;  // Since 1970-01-01T00:00:00Z.
  int32_t nanos = 0;    // 0 to 999999999.

  // Minutes from UTC, -1080 to 1080. Absent for "Z", which says where the clock
  // was set and not where the consumer was.
  std::optional<int32_t> utc_offset_minutes;
};

struct TextDuration {
  int64_t seconds = 0;  // -315576000000 to 315576000000.
  int32_t nanos = 0;    // Of the same sign as `seconds`.
};

// Seconds since 1970 of the first instant in UTC of a day of the Gregorian
// calendar, which counts from year 1 on; absent for a day that it does not
// have.
std::optional<int64_t> SecondsOfDay(int year, int month, int day);

// RFC 3339: "2024-02-29T23:59:59.5-08:00". At most nine digits of fraction; no
// leap second. Absent if `text` is anything else.
std::optional<TextTime> ParseRfc3339(absl::string_view text);

// FHIR's dateTime and instant: RFC 3339, or a year, a month or a day, which
// stands for its first instant in UTC. Absent if `text` is anything else.
std::optional<TextTime> ParseFhirDateTime(absl::string_view text);

// The same, but a year, a month or a day stands for its last second: what ends
// a period that ends "2014" is the end of 2014.
std::optional<TextTime> ParseFhirPeriodEnd(absl::string_view text);

// ProtoJSON's duration: "3.5s", "-0.000000001s". Absent if `text` is anything
// else.
std::optional<TextDuration> ParseDuration(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_TIME_TEXT_H_
