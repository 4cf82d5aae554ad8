// What FHIR R4 (http://hl7.org/fhir/R4, each type's page) asks of the types of
// resources that are written: what they must hold, and which elements beside
// those that are read change what they mean.
#ifndef SUBROSA_SRC_EXPORTS_FHIR_TYPES_H_
#define SUBROSA_SRC_EXPORTS_FHIR_TYPES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace subrosa {

struct FhirTypeRule {
  absl::string_view type;

  // The element that refers to the patient.
  absl::string_view subject;

  // Elements that the type must have. "medication[x]" stands for each whose
  // name starts with "medication".
  absl::Span<const absl::string_view> required;

  // Elements that no reader of ours takes out, and that are written all the
  // same: the type must have them, or leaving them out would change what the
  // rest says.
  absl::Span<const absl::string_view> beside;
};

// The rule for `type`; null for a type that is not written. A Patient is not:
// the Bundle's own stands for each.
const FhirTypeRule* FindFhirTypeRule(absl::string_view type);

// All of them, sorted by type.
absl::Span<const FhirTypeRule> FhirTypeRules();

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_FHIR_TYPES_H_
