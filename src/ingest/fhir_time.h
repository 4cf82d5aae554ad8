// When a FHIR resource says that things happened, and when they were recorded.
// Not for other headers: it draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_FHIR_TIME_H_
#define SUBROSA_SRC_INGEST_FHIR_TIME_H_

#include "absl/status/status.h"
#include "src/ingest/fhir_element.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Sets `effective` and `collected_at` of `record` from `resource`, or clears
// what it does not say. INVALID_ARGUMENT for a time that is none.
absl::Status SetTimes(const FhirMembers& resource, v1::HealthRecord* record);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_TIME_H_
