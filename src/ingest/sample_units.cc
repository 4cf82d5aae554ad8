#include "src/ingest/sample_units.h"

#include "absl/types/span.h"

namespace subrosa {
namespace {

struct Unit {
  UnitKind kind;
  absl::string_view name;
  absl::string_view ucum;
};

constexpr Unit kOpenMHealth[] = {
    {UnitKind::kBodyMassIndex, "kg/m^2", "kg/m2"},
    {UnitKind::kBodyMassIndex, "kg/m2", "kg/m2"},
    {UnitKind::kBreaths, "breaths/min", "/min"},
    {UnitKind::kDuration, "ps", "ps"},
    {UnitKind::kDuration, "ns", "ns"},
    {UnitKind::kDuration, "us", "us"},
    {UnitKind::kDuration, "ms", "ms"},
    {UnitKind::kDuration, "sec", "s"},
    {UnitKind::kDuration, "min", "min"},
    {UnitKind::kDuration, "h", "h"},
    {UnitKind::kDuration, "d", "d"},
    {UnitKind::kDuration, "wk", "wk"},
    {UnitKind::kDuration, "Mo", "mo"},
    {UnitKind::kDuration, "yr", "a"},
    {UnitKind::kEnergy, "kcal", "kcal"},
    {UnitKind::kFlow, "L/min", "L/min"},
    {UnitKind::kGlucose, "mg/dL", "mg/dL"},
    {UnitKind::kGlucose, "mmol/L", "mmol/L"},
    {UnitKind::kHeartBeats, "beats/min", "/min"},
    {UnitKind::kLength, "fm", "fm"},
    {UnitKind::kLength, "pm", "pm"},
    {UnitKind::kLength, "nm", "nm"},
    {UnitKind::kLength, "um", "um"},
    {UnitKind::kLength, "mm", "mm"},
    {UnitKind::kLength, "cm", "cm"},
    {UnitKind::kLength, "m", "m"},
    {UnitKind::kLength, "km", "km"},
    {UnitKind::kLength, "in", "[in_i]"},
    {UnitKind::kLength, "ft", "[ft_i]"},
    {UnitKind::kLength, "yd", "[yd_i]"},
    {UnitKind::kLength, "mi", "[mi_i]"},
    {UnitKind::kMass, "fg", "fg"},
    {UnitKind::kMass, "pg", "pg"},
    {UnitKind::kMass, "ng", "ng"},
    {UnitKind::kMass, "ug", "ug"},
    {UnitKind::kMass, "mg", "mg"},
    {UnitKind::kMass, "g", "g"},
    {UnitKind::kMass, "kg", "kg"},
    {UnitKind::kMass, "Metric Ton", "t"},
    {UnitKind::kMass, "gr", "[gr]"},
    {UnitKind::kMass, "oz", "[oz_av]"},
    {UnitKind::kMass, "lb", "[lb_av]"},
    {UnitKind::kMass, "Ton", "[ston_av]"},
    {UnitKind::kPercent, "%", "%"},
    {UnitKind::kPressure, "mmHg", "mm[Hg]"},
    {UnitKind::kSteps, "steps", "{steps}"},
    {UnitKind::kTemperature, "K", "K"},
    {UnitKind::kTemperature, "F", "[degF]"},
    {UnitKind::kTemperature, "C", "Cel"},
};

constexpr Unit kHealthConnect[] = {
    {UnitKind::kEnergy, "kilocalories", "kcal"},
    {UnitKind::kEnergy, "calories", "cal"},
    {UnitKind::kEnergy, "kilojoules", "kJ"},
    {UnitKind::kEnergy, "joules", "J"},
    {UnitKind::kGlucose, "millimolesPerLiter", "mmol/L"},
    {UnitKind::kGlucose, "milligramsPerDeciliter", "mg/dL"},
    {UnitKind::kLength, "meters", "m"},
    {UnitKind::kLength, "kilometers", "km"},
    {UnitKind::kLength, "miles", "[mi_i]"},
    {UnitKind::kLength, "feet", "[ft_i]"},
    {UnitKind::kLength, "inches", "[in_i]"},
    {UnitKind::kMass, "kilograms", "kg"},
    {UnitKind::kMass, "grams", "g"},
    {UnitKind::kMass, "milligrams", "mg"},
    {UnitKind::kMass, "micrograms", "ug"},
    {UnitKind::kMass, "pounds", "[lb_av]"},
    {UnitKind::kMass, "ounces", "[oz_av]"},
    {UnitKind::kPercent, "percent", "%"},
    {UnitKind::kPower, "watts", "W"},
    {UnitKind::kPower, "kilocaloriesPerDay", "kcal/d"},
    {UnitKind::kPressure, "millimetersOfMercury", "mm[Hg]"},
    {UnitKind::kSpeed, "metersPerSecond", "m/s"},
    {UnitKind::kSpeed, "kilometersPerHour", "km/h"},
    {UnitKind::kSpeed, "milesPerHour", "[mi_i]/h"},
    {UnitKind::kTemperature, "celsius", "Cel"},
    {UnitKind::kTemperature, "fahrenheit", "[degF]"},
    {UnitKind::kVolume, "liters", "L"},
    {UnitKind::kVolume, "milliliters", "mL"},
    {UnitKind::kVolume, "fluidOuncesUs", "[foz_us]"},
};

absl::string_view Find(absl::Span<const Unit> units, UnitKind kind,
                       absl::string_view name) {
  for (const Unit& unit : units) {
    if (unit.kind == kind && unit.name == name) return unit.ucum;
  }
  return {};
}

}  // namespace

absl::string_view OpenMHealthUnit(UnitKind kind, absl::string_view name) {
  return Find(kOpenMHealth, kind, name);
}

absl::string_view OpenMHealthUnitName(UnitKind kind, absl::string_view ucum) {
  absl::string_view name;
  for (const Unit& unit : kOpenMHealth) {
    if (unit.kind != kind || unit.ucum != ucum) continue;
    if (unit.name == ucum || name.empty()) name = unit.name;
  }
  return name;
}

absl::string_view HealthConnectUnit(UnitKind kind, absl::string_view name) {
  return Find(kHealthConnect, kind, name);
}

double SecondsOfUnit(absl::string_view ucum) {
  constexpr double kDay = 86400;
  constexpr struct {
    absl::string_view ucum;
    double seconds;
  } kUnits[] = {
      {"ps", 1e-12},
      {"ns", 1e-9},
      {"us", 1e-6},
      {"ms", 1e-3},
      {"s", 1},
      {"min", 60},
      {"h", 3600},
      {"d", kDay},
      {"wk", 7 * kDay},
      {"mo", 30.4375 * kDay},
      {"a", 365.25 * kDay},
  };
  for (const auto& unit : kUnits) {
    if (unit.ucum == ucum) return unit.seconds;
  }
  return 0;
}

}  // namespace subrosa
