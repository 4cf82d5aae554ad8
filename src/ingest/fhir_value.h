// Reads the codes and values of FHIR's data types. Not for other headers: it
// draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_FHIR_VALUE_H_
#define SUBROSA_SRC_INGEST_FHIR_VALUE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "subrosa/v1/concept.pb.h"

namespace subrosa {

// Adds a CodeableConcept, a Coding, or a list of either to `concept`. What is
// no code by our bounds gives its words alone.
void AppendConcept(simdjson::dom::element element, v1::CodedConcept* concept);

// What a `value[x]` says: a number, a code, or words.
struct FhirValue {
  bool has_quantity = false;
  v1::Quantity quantity;
  bool has_code = false;
  v1::CodedConcept code;
  std::string text;  // At most kMaxTextBytes; what is longer is left out.

  static constexpr size_t kMaxTextBytes = 16384;
};

// Takes `element`, whose kind its name behind "value" tells: "Quantity",
// "CodeableConcept", "String". Ranges, ratios and periods are given as words:
// "5..10 mg", "1:128", "2024-01/2024-02". False, with `value`, which is empty,
// as it was, for another kind, and for what is not of its kind.
bool TakeFhirValue(absl::string_view kind, simdjson::dom::element element,
                   FhirValue* value);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_VALUE_H_
