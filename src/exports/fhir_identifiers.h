// Where the numbers of a person stand in a resource of FHIR: the values of its
// identifiers, by what they say they are.
#ifndef SUBROSA_SRC_EXPORTS_FHIR_IDENTIFIERS_H_
#define SUBROSA_SRC_EXPORTS_FHIR_IDENTIFIERS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {

// A string of JSON, with its quotes.
struct FhirIdentifierSpan {
  size_t offset = 0;
  size_t length = 0;
  v1::IdentifierKind kind = v1::IDENTIFIER_UNSPECIFIED;
};

// The values of all identifiers in `json`, however deep, whose type (a code of
// HL7's table 0203) or system says that they are a medical record's, a social
// security, a licence, a passport, an insurance or a card number, in their
// order. Others, as a server's own, are left out. What is not JSON has those
// that stand before it breaks off.
std::vector<FhirIdentifierSpan> FindFhirIdentifiers(const std::string& json);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_FHIR_IDENTIFIERS_H_
