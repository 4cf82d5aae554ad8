#include "tools/sample/course.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "tools/sample/random.h"

namespace subrosa::sample {
namespace {

// Streams of a consumer's days, apart from those of the records.
constexpr uint64_t kMoodStream = 0x6d6f6f64;
constexpr uint64_t kSleepStream = 0x736c6565;

// Keeps day numbers above 0 for the remainders below, whatever the span.
constexpr int32_t kLongAgo = 1 << 24;

// 0 to 1000 and back over `length` days.
int Wave(int32_t day, int length) {
  const int rising = day % length * 2000 / length;
  return rising <= 1000 ? rising : 2000 - rising;
}

}  // namespace

const VitalFacts& FactsOf(Vital vital) {
  static constexpr VitalFacts kFacts[kVitals] = {
      {{"40443-4", "Heart rate --resting"}, "/min"},
      {{"8867-4", "Heart rate"}, "/min"},
      {{"80404-7", "R-R interval.standard deviation (Heart rate variability)"},
       "ms"},
      {{"59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"},
       "%"},
      {{"8480-6", "Systolic blood pressure"}, "mm[Hg]"},
      {{"8462-4", "Diastolic blood pressure"}, "mm[Hg]"},
      {{"29463-7", "Body weight"}, "kg"},
      {{"41950-7", "Number of steps in 24 hour Measured"}, "{steps}/(24.h)"},
  };
  return kFacts[static_cast<size_t>(vital)];
}

int32_t Course::DayOfRecord(uint32_t index, uint32_t records) const {
  return span_.until_day - span_.days + 1 +
         static_cast<int32_t>(uint64_t{index} *
                              static_cast<uint64_t>(span_.days) / records);
}

int Course::MoodOn(const Persona& who, int32_t day) const {
  const int since_start = day - (span_.until_day - span_.days + 1);
  Random noise(span_.seed ^ kMoodStream, who.number,
               static_cast<uint64_t>(day + kLongAgo));
  const int wave =
      Wave(day + kLongAgo + who.mood_wave_phase, who.mood_wave_days);
  const int mood = who.mood_start + who.mood_gain * since_start / span_.days +
                   (wave - 500) / 4 + noise.Around(-130, 130);
  return std::clamp(mood, 20, 980);
}

int Course::AsleepMinutesOn(const Persona& who, int32_t day) const {
  Random night(span_.seed ^ kSleepStream, who.number,
               static_cast<uint64_t>(day + kLongAgo));
  const int insomnia =
      absl::string_view(who.mind->plain) == "insomnia" ? 55 : 0;
  const int spread = night.Around(-70, 70);
  return std::clamp(360 + (MoodOn(who, day) - 300) / 4 - insomnia + spread, 260,
                    520);
}

int Course::CycleDayOn(const Persona& who, int32_t day) const {
  return (day + kLongAgo + who.cycle_phase) % who.cycle_length_days;
}

int Course::VitalTenths(Vital vital, const Persona& who, int32_t day,
                        Random& random) const {
  const int mood = MoodOn(who, day);
  const int strain = (1000 - mood) / 100;  // 0 to 9.
  const int noise = random.Around(-6, 6);
  switch (vital) {
    case Vital::kRestingHeartRate:
      return (who.resting_heart_rate + strain / 2 + noise) * 10;
    case Vital::kHeartRate:
      return (who.resting_heart_rate + 14 + strain + noise * 3) * 10;
    case Vital::kHeartRateVariability:
      return (62 - who.resting_heart_rate / 3 - strain * 2 + noise) * 10 + 4;
    case Vital::kOxygenSaturation:
      return (97 + noise / 3) * 10;
    case Vital::kSystolic:
      return (who.systolic + strain + noise) * 10;
    case Vital::kDiastolic:
      return (who.systolic * 64 / 100 + strain / 2 + noise) * 10;
    case Vital::kBodyWeight:
      return who.weight_hectograms + noise;
    case Vital::kSteps:
      return (random.Around(900, 11500) + mood * 3) * 10;
  }
  return 0;
}

int Course::PhqTotal(const Persona& who, int32_t day, Random& random) const {
  return std::clamp(
      (1000 - MoodOn(who, day)) * 24 / 1000 + random.Between(-2, 2), 0, 27);
}

int Course::GadTotal(const Persona& who, int32_t day, Random& random) const {
  return std::clamp(
      (1000 - MoodOn(who, day)) * 19 / 1000 + random.Between(-2, 2), 0, 21);
}

}  // namespace subrosa::sample
