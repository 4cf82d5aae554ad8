// Local times in words, as FHIR and Apple Health write them.
#ifndef SUBROSA_TOOLS_SAMPLE_LOCAL_TIME_H_
#define SUBROSA_TOOLS_SAMPLE_LOCAL_TIME_H_

#include <cstdint>
#include <string>

namespace subrosa::sample {

// A time of the local day on `day`; `minute` may be below 0 or above 1439, and
// `second` above 59.
struct LocalTime {
  int32_t day;
  int minute;
  int second;
};

// "2026-06-30".
void AppendDate(int32_t day, std::string* out);

// "2026-06-30T21:05:00-07:00".
void AppendFhirTime(const LocalTime& time, std::string* out);

// "2026-06-30 21:05:00 -0700".
void AppendAppleTime(const LocalTime& time, std::string* out);

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_LOCAL_TIME_H_
