#include "src/ingest/health_connect_types.h"

#include "absl/strings/strip.h"

namespace subrosa {
namespace {

using Members = absl::Span<const ConnectMember>;

constexpr ConnectMember Bare(absl::string_view name, absl::string_view ucum,
                             bool is_main = true) {
  return {
      name, ConnectKind::kBare, is_main, is_main, UnitKind::kPercent, ucum, {},
      false};
}

constexpr ConnectMember Measure(absl::string_view name, UnitKind unit,
                                bool is_main = true, bool is_required = true) {
  return {name, ConnectKind::kMeasure, is_required, is_main, unit, "", {},
          false};
}

constexpr ConnectMember Word(absl::string_view name, bool is_main = false) {
  return {name, ConnectKind::kWord, false, is_main, UnitKind::kPercent, "", {},
          false};
}

constexpr ConnectMember Text(absl::string_view name) {
  return {name, ConnectKind::kText, false, false, UnitKind::kPercent, "", {},
          false};
}

constexpr ConnectMember List(absl::string_view name, Members items,
                             bool has_spans, bool is_required) {
  return {name,  ConnectKind::kList, is_required, false, UnitKind::kPercent, "",
          items, has_spans};
}

constexpr ConnectMember kBeat[] = {Bare("beatsPerMinute", "/min")};
constexpr ConnectMember kStep[] = {Bare("rate", "/min")};
constexpr ConnectMember kSpeedItem[] = {Measure("speed", UnitKind::kSpeed)};
constexpr ConnectMember kPowerItem[] = {Measure("power", UnitKind::kPower)};
constexpr ConnectMember kStage[] = {Word("stage", true)};
constexpr ConnectMember kSegment[] = {Word("segmentType", true)};

const ConnectMember kActiveCalories[] = {Measure("energy", UnitKind::kEnergy)};
const ConnectMember kBasalRate[] = {
    Measure("basalMetabolicRate", UnitKind::kPower)};
const ConnectMember kTemperature[] = {
    Measure("temperature", UnitKind::kTemperature),
    Word("measurementLocation")};
const ConnectMember kGlucose[] = {Measure("level", UnitKind::kGlucose),
                                  Word("specimenSource"), Word("mealType"),
                                  Word("relationToMeal")};
const ConnectMember kPressure[] = {
    Measure("systolic", UnitKind::kPressure, false),
    Measure("diastolic", UnitKind::kPressure, false), Word("bodyPosition"),
    Word("measurementLocation")};
const ConnectMember kPercentage[] = {Bare("percentage", "%")};
const ConnectMember kMassOnly[] = {Measure("mass", UnitKind::kMass)};
const ConnectMember kMucus[] = {Word("appearance", true), Word("sensation")};
const ConnectMember kDistance[] = {Measure("distance", UnitKind::kLength)};
const ConnectMember kElevation[] = {Measure("elevation", UnitKind::kLength)};
const ConnectMember kExercise[] = {Word("exerciseType", true), Text("title"),
                                   Text("notes"),
                                   List("segments", kSegment, true, false)};
const ConnectMember kFloors[] = {Bare("floors", "{floors}")};
const ConnectMember kHeartRate[] = {List("samples", kBeat, false, true)};
const ConnectMember kVariability[] = {Bare("heartRateVariabilityMillis", "ms")};
const ConnectMember kHeight[] = {Measure("height", UnitKind::kLength)};
const ConnectMember kHydration[] = {Measure("volume", UnitKind::kVolume)};
const ConnectMember kFlow[] = {Word("flow", true)};
const ConnectMember kNutrition[] = {
    Measure("energy", UnitKind::kEnergy, false, false), Text("name"),
    Word("mealType")};
const ConnectMember kOvulation[] = {Word("result", true)};
const ConnectMember kPower[] = {List("samples", kPowerItem, false, true)};
const ConnectMember kRespiratoryRate[] = {Bare("rate", "/min")};
const ConnectMember kRestingRate[] = {Bare("beatsPerMinute", "/min")};
const ConnectMember kSexual[] = {Word("protectionUsed", true)};
const ConnectMember kSleep[] = {Text("title"), Text("notes"),
                                List("stages", kStage, true, false)};
const ConnectMember kSpeed[] = {List("samples", kSpeedItem, false, true)};
const ConnectMember kSteps[] = {Bare("count", "{steps}")};
const ConnectMember kCadence[] = {List("samples", kStep, false, true)};
const ConnectMember kVo2[] = {
    Bare("vo2MillilitersPerMinuteKilogram", "mL/kg/min"),
    Word("measurementMethod")};
const ConnectMember kWeight[] = {Measure("weight", UnitKind::kMass)};
const ConnectMember kPushes[] = {Bare("count", "{pushes}")};

const ConnectType kTypes[] = {
    {"ActiveCaloriesBurnedRecord", true, kActiveCalories},
    {"BasalBodyTemperatureRecord", false, kTemperature},
    {"BasalMetabolicRateRecord", false, kBasalRate},
    {"BloodGlucoseRecord", false, kGlucose},
    {"BloodPressureRecord", false, kPressure},
    {"BodyFatRecord", false, kPercentage},
    {"BodyTemperatureRecord", false, kTemperature},
    {"BodyWaterMassRecord", false, kMassOnly},
    {"BoneMassRecord", false, kMassOnly},
    {"CervicalMucusRecord", false, kMucus},
    {"DistanceRecord", true, kDistance},
    {"ElevationGainedRecord", true, kElevation},
    {"ExerciseSessionRecord", true, kExercise},
    {"FloorsClimbedRecord", true, kFloors},
    {"HeartRateRecord", true, kHeartRate},
    {"HeartRateVariabilityRmssdRecord", false, kVariability},
    {"HeightRecord", false, kHeight},
    {"HydrationRecord", true, kHydration},
    {"IntermenstrualBleedingRecord", false, {}},
    {"LeanBodyMassRecord", false, kMassOnly},
    {"MenstruationFlowRecord", false, kFlow},
    {"MenstruationPeriodRecord", true, {}},
    {"NutritionRecord", true, kNutrition},
    {"OvulationTestRecord", false, kOvulation},
    {"OxygenSaturationRecord", false, kPercentage},
    {"PowerRecord", true, kPower},
    {"RespiratoryRateRecord", false, kRespiratoryRate},
    {"RestingHeartRateRecord", false, kRestingRate},
    {"SexualActivityRecord", false, kSexual},
    {"SleepSessionRecord", true, kSleep},
    {"SpeedRecord", true, kSpeed},
    {"StepsCadenceRecord", true, kCadence},
    {"StepsRecord", true, kSteps},
    {"TotalCaloriesBurnedRecord", true, kActiveCalories},
    {"Vo2MaxRecord", false, kVo2},
    {"WeightRecord", false, kWeight},
    {"WheelchairPushesRecord", true, kPushes},
};

}  // namespace

const ConnectType* FindConnectType(absl::string_view name) {
  const absl::string_view bare = absl::StripSuffix(name, "Record");
  for (const ConnectType& type : kTypes) {
    if (absl::StripSuffix(type.name, "Record") == bare) return &type;
  }
  return nullptr;
}

}  // namespace subrosa
