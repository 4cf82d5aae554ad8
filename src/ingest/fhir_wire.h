// The wire form of what FHIR's data types become, appended field by field.
// Equal values give the bytes that protobuf would.
#ifndef SUBROSA_SRC_INGEST_FHIR_WIRE_H_
#define SUBROSA_SRC_INGEST_FHIR_WIRE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "src/ingest/fhir_value.h"

namespace subrosa {

// Appends the string `field`; nothing if `text` is empty.
void AppendTextField(int field, absl::string_view text, std::string* wire);

// Appends the v1.CodedConcept `field`, also an empty one.
void AppendConceptField(int field, const FhirConcept& concept,
                        std::string* wire);

// Appends the v1.Quantity `field`.
void AppendQuantityField(int field, const FhirQuantity& quantity,
                         std::string* wire);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_WIRE_H_
