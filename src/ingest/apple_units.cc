#include "src/ingest/apple_units.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"

namespace subrosa {
namespace {

struct Unit {
  absl::string_view apple;
  absl::string_view ucum;
};

// Sorted by what Apple writes.
constexpr Unit kUnits[] = {
    {"%", "%"},
    {"Cal", "kcal"},
    {"Hz", "Hz"},
    {"IU", "[iU]"},
    {"J", "J"},
    {"L", "L"},
    {"L/min", "L/min"},
    {"S", "S"},
    {"V", "V"},
    {"W", "W"},
    {"cal", "cal"},
    {"cm", "cm"},
    {"cmH2O", "cm[H2O]"},
    {"count", "1"},
    {"count/day", "/d"},
    {"count/hr", "/h"},
    {"count/min", "/min"},
    {"count/s", "/s"},
    {"dBASPL", "dB[SPL]"},
    {"day", "d"},
    {"deg", "deg"},
    {"degC", "Cel"},
    {"degF", "[degF]"},
    {"fl_oz_us", "[foz_us]"},
    {"ft", "[ft_i]"},
    {"g", "g"},
    {"g/L", "g/L"},
    {"hr", "h"},
    {"in", "[in_i]"},
    {"kJ", "kJ"},
    {"kPa", "kPa"},
    {"kcal", "kcal"},
    {"kcal/hr·kg", "kcal/h/kg"},
    {"kg", "kg"},
    {"km", "km"},
    {"km/hr", "km/h"},
    {"lb", "[lb_av]"},
    {"m", "m"},
    {"m/s", "m/s"},
    {"mL", "mL"},
    {"mL/min·kg", "mL/min/kg"},
    {"mV", "mV"},
    {"mcV", "uV"},
    {"mcg", "ug"},
    {"mg", "mg"},
    {"mg/dL", "mg/dL"},
    {"mi", "[mi_i]"},
    {"mi/hr", "[mi_i]/h"},
    {"min", "min"},
    {"mmHg", "mm[Hg]"},
    {"mmol/L", "mmol/L"},
    {"ms", "ms"},
    {"oz", "[oz_av]"},
    {"s", "s"},
    {"st", "[stone_av]"},
    {"yd", "[yd_i]"},
};

}  // namespace

absl::string_view UcumOfAppleUnit(absl::string_view unit) {
  // A mole of something says its molar mass: "mmol<180.1558800000541>/L".
  if (absl::StartsWith(unit, "mmol<") && absl::EndsWith(unit, ">/L")) {
    return "mmol/L";
  }
  const auto* const found = std::lower_bound(
      std::begin(kUnits), std::end(kUnits), unit,
      [](const Unit& a, absl::string_view b) { return a.apple < b; });
  return found != std::end(kUnits) && found->apple == unit
             ? found->ucum
             : absl::string_view();
}

}  // namespace subrosa
