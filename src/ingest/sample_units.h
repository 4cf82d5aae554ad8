// The units that health platforms write, and UCUM's codes for them
// (https://ucum.org). A number is never converted: its unit is only named anew.
#ifndef SUBROSA_SRC_INGEST_SAMPLE_UNITS_H_
#define SUBROSA_SRC_INGEST_SAMPLE_UNITS_H_

#include "absl/strings/string_view.h"

namespace subrosa {

// What is measured, as far as it takes to say which units fit.
enum class UnitKind {
  kBodyMassIndex,
  kBreaths,
  kDuration,
  kEnergy,
  kFlow,
  kGlucose,
  kHeartBeats,
  kLength,
  kMass,
  kPercent,
  kPower,
  kPressure,
  kSpeed,
  kSteps,
  kTemperature,
  kVolume,
};

// The UCUM code of `name`, as Open mHealth writes a unit of `kind`: "lb" is
// "[lb_av]". Empty if it is none of that kind's.
absl::string_view OpenMHealthUnit(UnitKind kind, absl::string_view name);

// How Open mHealth writes the unit of `kind` that UCUM calls `ucum`; UCUM's own
// way where it takes that. Empty if it is none of that kind's.
absl::string_view OpenMHealthUnitName(UnitKind kind, absl::string_view ucum);

// OpenMHealthUnit for Health Connect's long names: "pounds".
absl::string_view HealthConnectUnit(UnitKind kind, absl::string_view name);

// How many seconds a unit of time has, by its UCUM code; by UCUM a month is a
// twelfth of a year of 365.25 days. 0 if it is none.
double SecondsOfUnit(absl::string_view ucum);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_SAMPLE_UNITS_H_
