// Tells FHIR by the first bytes of a JSON object.
#ifndef SUBROSA_SRC_INGEST_FHIR_LOOK_H_
#define SUBROSA_SRC_INGEST_FHIR_LOOK_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace subrosa {

// How much of an object is looked at for its type.
inline constexpr size_t kFhirLookBytes = size_t{64} << 10;

// What the first bytes of an object tell of it.
enum class FhirLook {
  kNone,      // It is no resource.
  kResource,  // It has a `resourceType`.
  kBundle,    // Its `resourceType` is Bundle, and comes before its `entry`.
  kMore,      // It takes more bytes to tell.
};

// Looks at the top level of the object that `start` begins with, white space
// allowed. A FhirResource of ours has a resourceType too, but deeper.
FhirLook LookForFhir(absl::string_view start);

// True if `line` holds the end of the object that it starts with.
bool EndsItsObject(absl::string_view line);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_LOOK_H_
