// Course tells how a persona is on any day of the span: mood, sleep, cycle, and
// what is measured of them. Every format draws on it, so that questionnaires,
// journals, sleep and pulse agree.
//
// Thread-safe once built.
#ifndef SUBROSA_TOOLS_SAMPLE_COURSE_H_
#define SUBROSA_TOOLS_SAMPLE_COURSE_H_

#include <cstdint>

#include "tools/sample/concerns.h"
#include "tools/sample/people.h"
#include "tools/sample/random.h"

namespace subrosa::sample {

struct Span {
  uint64_t seed = 1;
  int32_t until_day = 0;  // The last day.
  int days = 365;         // At least 1.
};

// What a wearable or a scale measures.
enum class Vital {
  kRestingHeartRate,
  kHeartRate,
  kHeartRateVariability,
  kOxygenSaturation,
  kSystolic,
  kDiastolic,
  kBodyWeight,
  kSteps,
};
inline constexpr uint32_t kVitals = 8;

struct VitalFacts {
  Code loinc;
  const char* unit;  // UCUM.
};
const VitalFacts& FactsOf(Vital vital);

class Course {
 public:
  explicit Course(const Span& span) : span_(span) {}

  // The day of record `index` of `records`, spread evenly over the span.
  int32_t DayOfRecord(uint32_t index, uint32_t records) const;

  // 0 (very low) to 1000 (very good): a slow wave on a trend, with some noise
  // of the day.
  int MoodOn(const Persona& who, int32_t day) const;

  // 260 to 520, in the night before `day`: fewer when low, fewest with
  // insomnia.
  int AsleepMinutesOn(const Persona& who, int32_t day) const;

  // 0 on the first day of bleeding. For those who track it.
  int CycleDayOn(const Persona& who, int32_t day) const;

  // A measurement on `day`, in tenths of its unit.
  int VitalTenths(Vital vital, const Persona& who, int32_t day,
                  Random& random) const;

  // Totals of the two questionnaires: 0 to 27, 0 to 21; high when low.
  int PhqTotal(const Persona& who, int32_t day, Random& random) const;
  int GadTotal(const Persona& who, int32_t day, Random& random) const;

 private:
  Span span_;
};

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_COURSE_H_
