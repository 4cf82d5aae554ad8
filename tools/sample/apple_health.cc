#include "tools/sample/apple_health.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/sample/json_text.h"
#include "tools/sample/local_time.h"
#include "tools/sample/random.h"

namespace subrosa::sample {
namespace {

constexpr uint64_t kAppleStream = 0x6170706c;

void AppendAttribute(absl::string_view name, absl::string_view value,
                     std::string* out) {
  absl::StrAppend(out, " ", name, "=\"", value, "\"");
}

void AppendTimeAttribute(absl::string_view name, const LocalTime& time,
                         std::string* out) {
  absl::StrAppend(out, " ", name, "=\"");
  AppendAppleTime(time, out);
  out->push_back('"');
}

LocalTime Later(LocalTime time, int minutes) {
  time.minute += minutes;
  return time;
}

// Who made a sample; the watch's device string holds what XML must escape.
enum class Maker { kWatch, kPhone, kApp };

void AppendSource(Maker maker, std::string* out) {
  switch (maker) {
    case Maker::kWatch:
      AppendAttribute("sourceName", "Watch", out);
      AppendAttribute("sourceVersion", "12.4", out);
      AppendAttribute("device",
                      "&lt;&lt;HKDevice: 0x281f0c3e0&gt;, name:Apple Watch, "
                      "manufacturer:Apple Inc., model:Watch&gt;",
                      out);
      return;
    case Maker::kPhone:
      AppendAttribute("sourceName", "Phone", out);
      AppendAttribute("sourceVersion", "19.4", out);
      return;
    case Maker::kApp:
      AppendAttribute("sourceName", "Rosewater &amp; You", out);
      AppendAttribute("sourceVersion", "7.2", out);
      return;
  }
}

void AppendTimes(const LocalTime& start, int minutes, std::string* out) {
  const LocalTime end = Later(start, minutes);
  AppendTimeAttribute("creationDate", Later(end, 4), out);
  AppendTimeAttribute("startDate", start, out);
  AppendTimeAttribute("endDate", end, out);
}

// <Record type=... value="tenths / 10"
void AppendQuantity(absl::string_view type, Maker maker, absl::string_view unit,
                    const LocalTime& start, int minutes, int tenths,
                    std::string* out) {
  absl::StrAppend(out, "<Record type=\"HKQuantityTypeIdentifier", type, "\"");
  AppendSource(maker, out);
  AppendAttribute("unit", unit, out);
  AppendTimes(start, minutes, out);
  out->append(" value=\"");
  AppendJsonNumber(tenths / 10.0, out);
  out->push_back('"');
}

void AppendCategory(absl::string_view type, Maker maker, const LocalTime& start,
                    int minutes, absl::string_view value, std::string* out) {
  absl::StrAppend(out, "<Record type=\"HKCategoryTypeIdentifier", type, "\"");
  AppendSource(maker, out);
  AppendTimes(start, minutes, out);
  absl::StrAppend(out, " value=\"HKCategoryValue", value, "\"");
}

void AppendMetadata(absl::string_view key, absl::string_view value,
                    std::string* out) {
  absl::StrAppend(out, ">\n  <MetadataEntry key=\"", key, "\" value=\"", value,
                  "\"/>\n </Record>\n");
}

}  // namespace

AppleHealth::AppleHealth(const Span& span, const Persona& who)
    : span_(span), who_(who), course_(span) {}

void AppleHealth::AppendHead(std::string* out) const {
  out->append(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!DOCTYPE HealthData [\n"
      "<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout)*)>\n"
      "<!ATTLIST HealthData locale CDATA #REQUIRED>\n"
      "<!ELEMENT Record (MetadataEntry*)>\n"
      "<!ATTLIST Record type CDATA #REQUIRED value CDATA #IMPLIED>\n"
      "]>\n"
      "<HealthData locale=\"en_US\">\n"
      " <ExportDate value=\"");
  AppendAppleTime({span_.until_day, 1290, 0}, out);
  out->append("\"/>\n <Me HKCharacteristicTypeIdentifierDateOfBirth=\"");
  AppendDate(BornOn(who_), out);
  absl::StrAppend(
      out, "\" HKCharacteristicTypeIdentifierBiologicalSex=\"HKBiologicalSex",
      who_.gender == Gender::kWoman ? "Female"
      : who_.gender == Gender::kMan ? "Male"
                                    : "NotSet",
      "\" HKCharacteristicTypeIdentifierBloodType=\"HKBloodTypeNotSet\"/>\n");
}

void AppleHealth::AppendTail(std::string* out) {
  out->append("</HealthData>\n");
}

void AppleHealth::AppendElement(uint64_t index, uint64_t count,
                                std::string* out) const {
  Random random(span_.seed ^ kAppleStream, who_.number, index);
  // The whole span in seconds, shared evenly, and somewhere in its share.
  const uint64_t seconds = static_cast<uint64_t>(span_.days) * 86400;
  const uint64_t share = seconds / count;
  const uint64_t at =
      share * index + seconds % count * index / count +
      random.Below(static_cast<uint32_t>(std::max<uint64_t>(share, 1)));
  const int32_t day =
      span_.until_day - span_.days + 1 + static_cast<int32_t>(at / 86400);
  const LocalTime at_any_hour = {day, static_cast<int>(at % 86400 / 60),
                                 static_cast<int>(at % 60)};
  // What needs someone awake happens from 7:00 to 22:00.
  const LocalTime now = {day, 420 + at_any_hour.minute * 15 / 24,
                         at_any_hour.second};
  const auto tenths = [&](Vital vital) {
    return course_.VitalTenths(vital, who_, day, random);
  };

  out->push_back(' ');
  const uint32_t kind = random.Below(100);
  if (kind < 44) {
    AppendQuantity("HeartRate", Maker::kWatch, "count/min", at_any_hour, 0,
                   tenths(Vital::kHeartRate), out);
    AppendMetadata("HKMetadataKeyHeartRateMotionContext",
                   random.Chance(30) ? "2" : "1", out);
    return;
  }
  if (kind < 60) {
    const Maker maker = random.Chance(50) ? Maker::kWatch : Maker::kPhone;
    AppendQuantity("StepCount", maker, "count", now, 10,
                   random.Around(8, 900) * 10, out);
  } else if (kind < 66) {
    AppendQuantity("ActiveEnergyBurned", Maker::kWatch, "Cal", now, 10,
                   random.Around(10, 640), out);
  } else if (kind < 70) {
    AppendQuantity("HeartRateVariabilitySDNN", Maker::kWatch, "ms", now, 1,
                   tenths(Vital::kHeartRateVariability), out);
  } else if (kind < 73) {
    AppendQuantity("RestingHeartRate", Maker::kWatch, "count/min", now, 0,
                   tenths(Vital::kRestingHeartRate), out);
  } else if (kind < 76) {
    // Apple writes a share of 1.
    AppendQuantity("OxygenSaturation", Maker::kWatch, "%", now, 0, 0, out);
    out->resize(out->rfind('"', out->size() - 2) + 1);
    absl::StrAppend(out, "0.", tenths(Vital::kOxygenSaturation) / 10, "\"");
  } else if (kind < 78) {
    AppendQuantity("BodyMass", Maker::kApp, "kg", now, 0,
                   tenths(Vital::kBodyWeight), out);
  } else if (kind < 90) {
    static constexpr const char* kStages[] = {"AsleepCore", "AsleepDeep",
                                              "AsleepREM", "Awake"};
    const int asleep = course_.AsleepMinutesOn(who_, day);
    const int begins = random.Between(420 - asleep, 390);
    const int lasts = random.Between(4, 30);
    const char* stage = random.Pick(kStages);
    AppendCategory("SleepAnalysis", Maker::kWatch, {day, begins, 0}, lasts,
                   absl::StrCat("SleepAnalysis", stage), out);
  } else if (kind < 94) {
    AppendCategory("MindfulSession", Maker::kApp, now, 5 * random.Between(1, 4),
                   "NotApplicable", out);
  } else if (kind < 96 && who_.tracks_cycle) {
    static constexpr const char* kFlows[] = {"Medium", "Heavy", "Medium",
                                             "Light", "Light"};
    const int cycle_day = course_.CycleDayOn(who_, day);
    AppendCategory("MenstrualFlow", Maker::kPhone, {day, 0, 0}, 1439,
                   absl::StrCat("VaginalBleeding",
                                cycle_day < 5 ? kFlows[cycle_day] : "None"),
                   out);
    AppendMetadata("HKMenstrualCycleStart", cycle_day == 0 ? "1" : "0", out);
    return;
  } else if (kind < 98) {
    out->append(
        "<Correlation type=\"HKCorrelationTypeIdentifierBloodPressure\"");
    AppendSource(Maker::kApp, out);
    AppendTimes(now, 0, out);
    out->append(">\n  ");
    AppendQuantity("BloodPressureSystolic", Maker::kApp, "mmHg", now, 0,
                   tenths(Vital::kSystolic), out);
    out->append("/>\n  ");
    AppendQuantity("BloodPressureDiastolic", Maker::kApp, "mmHg", now, 0,
                   tenths(Vital::kDiastolic), out);
    out->append("/>\n </Correlation>\n");
    return;
  } else {
    static constexpr const char* kSports[] = {"Walking", "Running", "Yoga",
                                              "Cycling"};
    const int minutes = random.Between(12, 70);
    absl::StrAppend(out, "<Workout workoutActivityType=\"HKWorkoutActivityType",
                    random.Pick(kSports), "\" duration=\"", minutes,
                    "\" durationUnit=\"min\"");
    AppendSource(Maker::kWatch, out);
    AppendTimes(now, minutes, out);
  }
  out->append("/>\n");
}

uint64_t AppleHealth::ElementsFor(uint64_t bytes) const {
  constexpr uint64_t kTried = 2048;
  std::string text;
  AppendHead(&text);
  AppendTail(&text);
  const uint64_t frame = text.size();
  text.clear();
  for (uint64_t i = 0; i < kTried; ++i) AppendElement(i, kTried, &text);
  const uint64_t body = bytes > frame ? bytes - frame : 0;
  // Divided in two steps, lest the product overflow.
  const uint64_t elements =
      body / text.size() * kTried + body % text.size() * kTried / text.size();
  return std::max<uint64_t>(1, elements);
}

}  // namespace subrosa::sample
