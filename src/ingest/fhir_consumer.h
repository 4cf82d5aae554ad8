// Whom a FHIR resource is about. Not for other headers: it draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_FHIR_CONSUMER_H_
#define SUBROSA_SRC_INGEST_FHIR_CONSUMER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/fhir_element.h"

namespace subrosa {

// True if `text` is an id of FHIR: 1 to 64 of A-Z, a-z, 0-9, - and dot.
bool IsFhirId(absl::string_view text);

// The ID of the patient that `resource`, of type `type`, is about; empty for
// one that is about nobody: an Organization, a Device without a patient. Valid
// as long as `resource`.
//
// INVALID_ARGUMENT, `subject.reference: want …, got …`, if it should be about a
// patient and does not say who, or refers to one in a way that only its server
// can resolve.
absl::StatusOr<absl::string_view> ConsumerOf(absl::string_view type,
                                             const FhirMembers& resource);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_CONSUMER_H_
