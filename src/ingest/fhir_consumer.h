// Whom a FHIR resource is about. Not for other headers: it draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_FHIR_CONSUMER_H_
#define SUBROSA_SRC_INGEST_FHIR_CONSUMER_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/fhir_element.h"
#include "src/ingest/fhir_references.h"

namespace subrosa {

// True if `text` is an id of FHIR: 1 to 64 of A-Z, a-z, 0-9, - and dot.
bool IsFhirId(absl::string_view text);

// Whom a resource is about.
struct FhirSubject {
  enum class Kind {
    kPatient,
    kNobody,   // An Organization, a Device without a patient.
    kUnknown,  // Whoever the entry leads to that `path` refers to.
  };
  Kind kind = Kind::kNobody;

  // Of the patient. Valid as long as the resource and until `references`
  // change.
  absl::string_view id;

  std::string path;
};

// Whom `resource`, of type `type`, is about: itself, or the patient that one of
// its elements refers to, through a contained resource or, where `references`
// is not null, through entries of its Bundle. `references` has started the
// entry, and learns what server patients are of.
//
// INVALID_ARGUMENT, `subject.reference: want …, got …`, if it should be about a
// patient and does not say who, says two, or refers to one in a way that only
// its server can resolve.
absl::StatusOr<FhirSubject> SubjectOf(absl::string_view type,
                                      const FhirMembers& resource,
                                      FhirReferences* references);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_CONSUMER_H_
