#include "tests/bench/apple_export.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace subrosa {
namespace {

std::string Time(uint64_t number, int64_t plus) {
  return absl::FormatTime(
      "%Y-%m-%d %H:%M:%S +0200",
      absl::FromUnixSeconds(1'500'000'000 + static_cast<int64_t>(number) * 300 +
                            plus),
      absl::FixedTimeZone(2 * 3600));
}

std::string Times(uint64_t number) {
  return absl::StrCat("creationDate=\"", Time(number, 60), "\" startDate=\"",
                      Time(number, 0), "\" endDate=\"", Time(number, 45), "\"");
}

constexpr absl::string_view kWatch =
    "sourceName=\"Robin&#8217;s Apple Watch\" sourceVersion=\"9.3.1\" "
    "device=\"&lt;&lt;HKDevice: 0x28126&gt;, name:Apple Watch, "
    "manufacturer:Apple Inc., model:Watch, hardware:Watch6,2, "
    "software:9.3.1&gt;\"";

}  // namespace

std::string AppleExportStart() {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE HealthData [\n"
         "<!ELEMENT HealthData (ExportDate,Me,Record*)>\n"
         "<!ATTLIST HealthData locale CDATA #REQUIRED>\n]>\n"
         "<HealthData locale=\"en_US\">\n"
         " <ExportDate value=\"2024-05-01 10:36:11 +0200\"/>\n";
}

std::string AppleExportSample(uint64_t number) {
  switch (number % 16) {
    case 3:
    case 9:
      return absl::StrCat(
          " <Record type=\"HKQuantityTypeIdentifierStepCount\" ", kWatch,
          " unit=\"count\" ", Times(number), " value=\"", number % 900,
          "\"/>\n");
    case 5:
      return absl::StrCat(
          " <Record type=\"HKCategoryTypeIdentifierSleepAnalysis\" ", kWatch,
          " ", Times(number),
          " value=\"HKCategoryValueSleepAnalysisAsleepCore\">\n"
          "  <MetadataEntry key=\"HKTimeZone\" value=\"Europe/Berlin\"/>\n"
          " </Record>\n");
    case 15:
      return absl::StrCat(
          " <Workout workoutActivityType=\"HKWorkoutActivityTypeWalking\" "
          "duration=\"31.5\" durationUnit=\"min\" ",
          kWatch, " ", Times(number),
          ">\n  <WorkoutEvent type=\"HKWorkoutEventTypePause\" date=\"",
          Time(number, 10),
          "\"/>\n  <WorkoutStatistics "
          "type=\"HKQuantityTypeIdentifierDistanceWalkingRunning\" sum=\"2.",
          number % 900, "\" unit=\"km\"/>\n </Workout>\n");
    default:
      return absl::StrCat(
          " <Record type=\"HKQuantityTypeIdentifierHeartRate\" ", kWatch,
          " unit=\"count/min\" ", Times(number), " value=\"", 50 + number % 90,
          "\">\n  <MetadataEntry key=\"HKMetadataKeyHeartRateMotionContext\" "
          "value=\"1\"/>\n </Record>\n");
  }
}

std::string AppleExportEnd() { return "</HealthData>\n"; }

}  // namespace subrosa
