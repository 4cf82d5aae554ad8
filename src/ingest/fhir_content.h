// What a FHIR resource says, taken out beside the whole: codes, reasons,
// values, parts. Not for other headers: it draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_FHIR_CONTENT_H_
#define SUBROSA_SRC_INGEST_FHIR_CONTENT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "src/ingest/fhir_element.h"

namespace subrosa {

// True if what a resource of `type` says is all taken out, by R4's definition
// of that type. Of any other only what it shares with these is: it is kept
// whole.
bool IsMappedFhirType(absl::string_view type);

// Appends the wire form of the v1.FhirResource that `resource`, of `type`, is
// with its text, `json`. Its fields stand in the order of their numbers, so
// that equal resources give equal bytes. Takes the first 4096 parts; what is of
// another form than R4's is left to the json.
void AppendFhirResource(absl::string_view type, const FhirMembers& resource,
                        absl::string_view json, std::string* wire);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_CONTENT_H_
