// Units as Apple Health writes them, and as UCUM does.
#ifndef SUBROSA_SRC_INGEST_APPLE_UNITS_H_
#define SUBROSA_SRC_INGEST_APPLE_UNITS_H_

#include "absl/strings/string_view.h"

namespace subrosa {

// The UCUM code for `unit`, a unit string of HealthKit ("count/min", "degF",
// "mmol<180.1558800000541>/L"); empty where we know none. "count" is UCUM's
// unity, "1". Source: HKUnit's documentation; UCUM 2.1.
absl::string_view UcumOfAppleUnit(absl::string_view unit);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_APPLE_UNITS_H_
