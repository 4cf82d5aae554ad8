// Reads the codes and values of FHIR's data types. What is read are views into
// the parsed resource, valid as long as that: a resource holds dozens of texts,
// and none of them is copied before it is written. Not for other headers: it
// draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_FHIR_VALUE_H_
#define SUBROSA_SRC_INGEST_FHIR_VALUE_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"

namespace subrosa {

// A v1.Coding.
struct FhirCoding {
  absl::string_view system;
  absl::string_view code;
  absl::string_view display;
};

// A v1.CodedConcept.
struct FhirConcept {
  absl::InlinedVector<FhirCoding, 2> codings;
  absl::string_view text;

  bool empty() const { return codings.empty() && text.empty(); }
};

// Adds a CodeableConcept, a Coding, or a list of either to `concept`. What is
// no code by our bounds gives its words alone.
void AppendConcept(simdjson::dom::element element, FhirConcept* concept);

// A v1.Quantity.
struct FhirQuantity {
  double value = 0;
  absl::string_view unit;
  std::string given_value;  // Of a quantity that is a bound: "<5".
  absl::string_view given_unit;
};

// What a `value[x]` says: a number, a code, or words.
struct FhirValue {
  std::optional<FhirQuantity> quantity;
  std::optional<FhirConcept> code;
  std::string text;  // At most kMaxTextBytes; what is longer is left out.

  static constexpr size_t kMaxTextBytes = 16384;
};

// True if TakeFhirValue knows `kind`: "Quantity", and not "Attachment".
bool IsFhirValueKind(absl::string_view kind);

// Takes `element`, whose kind its name behind "value" tells: "Quantity",
// "CodeableConcept", "String". Ranges, ratios and periods are given as words:
// "5..10 mg", "1:128", "2024-01/2024-02". False, with `value`, which is empty,
// as it was, for another kind, and for what is not of its kind.
bool TakeFhirValue(absl::string_view kind, simdjson::dom::element element,
                   FhirValue* value);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_VALUE_H_
