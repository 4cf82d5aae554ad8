#include "src/ingest/open_mhealth_types.h"

namespace subrosa {
namespace {

using Words = absl::Span<const absl::string_view>;

constexpr absl::string_view kStatistics[] = {"average",
                                             "count",
                                             "maximum",
                                             "median",
                                             "minimum",
                                             "standard deviation",
                                             "sum",
                                             "variance",
                                             "20th percentile",
                                             "80th percentile",
                                             "lower quartile",
                                             "upper quartile",
                                             "1st quintile",
                                             "2nd quintile",
                                             "3rd quintile",
                                             "4th quintile",
                                             "quartile deviation"};
constexpr absl::string_view kSleepRelations[] = {"before sleeping",
                                                 "during sleep", "on waking"};
constexpr absl::string_view kActivityRelations[] = {
    "at rest", "active", "before exercise", "after exercise",
    "during exercise"};
constexpr absl::string_view kMealRelations[] = {
    "fasting",          "not fasting",     "before meal",         "after meal",
    "before breakfast", "after breakfast", "before lunch",        "after lunch",
    "before dinner",    "after dinner",    "2 hours postprandial"};
constexpr absl::string_view kSpecimens[] = {
    "breath",         "capillary blood", "interstitial fluid",
    "lacrimal fluid", "plasma",          "saliva",
    "serum",          "sweat",           "tears",
    "urine",          "whole blood"};
constexpr absl::string_view kBloodSpecimens[] = {"whole blood", "plasma",
                                                 "serum"};
constexpr absl::string_view kPostures[] = {"sitting", "lying down", "standing",
                                           "semi-recumbent"};
constexpr absl::string_view kIntensities[] = {"light", "moderate", "vigorous"};
constexpr absl::string_view kSleepUnits[] = {"sec", "min", "h"};
constexpr absl::string_view kMinutes[] = {"min"};

constexpr BodyMember Quantity(absl::string_view name, UnitKind unit,
                              bool is_required = false, bool is_main = false,
                              Words units = {}) {
  return {name, BodyKind::kQuantity, is_required, is_main, unit, {}, units};
}

constexpr BodyMember Main(absl::string_view name, UnitKind unit,
                          Words units = {}) {
  return Quantity(name, unit, true, true, units);
}

constexpr BodyMember Word(absl::string_view name, Words words) {
  return {name, BodyKind::kWord, false, false, UnitKind::kPercent, words, {}};
}

constexpr BodyMember Bare(absl::string_view name, BodyKind kind,
                          bool is_required = false, bool is_main = false) {
  return {name, kind, is_required, is_main, UnitKind::kSteps, {}, {}};
}

const BodyMember kCommon[] = {
    Word("descriptive_statistic", kStatistics),
    Word("temporal_relationship_to_sleep", kSleepRelations),
    Word("temporal_relationship_to_physical_activity", kActivityRelations),
    Word("temporal_relationship_to_meal", kMealRelations),
    Word("body_posture", kPostures),
    Word("position_during_measurement", kPostures),
};

const BodyMember kBloodGlucose[] = {
    Main("blood_glucose", UnitKind::kGlucose),
    Word("specimen_source", kSpecimens),
    Word("blood_specimen_type", kBloodSpecimens)};
const BodyMember kBloodPressure[] = {
    Quantity("systolic_blood_pressure", UnitKind::kPressure, true),
    Quantity("diastolic_blood_pressure", UnitKind::kPressure, true)};
const BodyMember kBodyFat[] = {Main("body_fat_percentage", UnitKind::kPercent)};
const BodyMember kBodyHeight[] = {Main("body_height", UnitKind::kLength)};
const BodyMember kBodyMassIndex[] = {
    Main("body_mass_index", UnitKind::kBodyMassIndex)};
const BodyMember kBodyTemperature[] = {
    Main("body_temperature", UnitKind::kTemperature)};
const BodyMember kBodyWeight[] = {Main("body_weight", UnitKind::kMass)};
const BodyMember kCalories[] = {Main("kcal_burned", UnitKind::kEnergy),
                                Bare("activity_name", BodyKind::kName)};
const BodyMember kHeartRate[] = {Main("heart_rate", UnitKind::kHeartBeats)};
const BodyMember kModerateMinutes[] = {
    Main("minutes_moderate_activity", UnitKind::kDuration, kMinutes)};
const BodyMember kOxygen[] = {
    Main("oxygen_saturation", UnitKind::kPercent),
    Quantity("supplemental_oxygen_flow_rate", UnitKind::kFlow)};
const BodyMember kActivity[] = {
    Bare("activity_name", BodyKind::kName, true),
    Quantity("distance", UnitKind::kLength),
    Quantity("kcal_burned", UnitKind::kEnergy),
    Bare("met_value", BodyKind::kNumber),
    Word("reported_activity_intensity", kIntensities)};
const BodyMember kBreathing[] = {Main("respiratory_rate", UnitKind::kBreaths)};
const BodyMember kSleepDuration[] = {
    Main("sleep_duration", UnitKind::kDuration, kSleepUnits)};
const BodyMember kSleepEpisode[] = {
    Quantity("total_sleep_time", UnitKind::kDuration),
    Quantity("latency_to_sleep_onset", UnitKind::kDuration),
    Quantity("latency_to_arising", UnitKind::kDuration),
    Quantity("wake_after_sleep_onset", UnitKind::kDuration),
    Quantity("sleep_maintenance_efficiency_percentage", UnitKind::kPercent),
    Bare("number_of_awakenings", BodyKind::kNumber),
    Bare("is_main_sleep", BodyKind::kTruth)};
const BodyMember kSteps[] = {Bare("step_count", BodyKind::kCount, true, true)};
const BodyMember kTotalSleep[] = {
    Main("total_sleep_time", UnitKind::kDuration)};

// name, last version, time required, interval, IEEE 1752.1, quantity since
const OpenMHealthType kTypes[] = {
    {"blood-glucose", 4, 3, 0, 4, 0, kBloodGlucose},
    {"blood-pressure", 4, 3, 0, 4, 0, kBloodPressure},
    {"body-fat-percentage", 2, 2, 0, 2, 0, kBodyFat},
    {"body-height", 2, 2, 0, 2, 0, kBodyHeight},
    {"body-mass-index", 3, 2, 0, 3, 0, kBodyMassIndex},
    {"body-temperature", 4, 3, 0, 4, 0, kBodyTemperature},
    {"body-weight", 3, 2, 0, 3, 0, kBodyWeight},
    {"calories-burned", 2, 2, 2, 0, 0, kCalories},
    {"heart-rate", 2, 2, 0, 0, 0, kHeartRate},
    {"minutes-moderate-activity", 1, 0, 0, 0, 0, kModerateMinutes},
    {"oxygen-saturation", 2, 2, 0, 0, 0, kOxygen},
    {"physical-activity", 1, 0, 0, 0, 0, kActivity},
    {"respiratory-rate", 2, 2, 0, 0, 0, kBreathing},
    {"sleep-duration", 2, 2, 2, 0, 0, kSleepDuration},
    {"sleep-episode", 1, 1, 1, 0, 0, kSleepEpisode},
    {"step-count", 3, 2, 2, 0, 3, kSteps},
    {"total-sleep-time", 1, 1, 1, 0, 0, kTotalSleep},
};

}  // namespace

const OpenMHealthType* FindOpenMHealthType(absl::string_view name) {
  for (const OpenMHealthType& type : kTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

absl::Span<const OpenMHealthType> OpenMHealthTypes() { return kTypes; }

absl::Span<const BodyMember> CommonBodyMembers() { return kCommon; }

}  // namespace subrosa
