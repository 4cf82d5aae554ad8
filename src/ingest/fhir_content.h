// What a FHIR resource says, taken out beside the whole: codes, reasons,
// values, parts. Not for other headers: it draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_FHIR_CONTENT_H_
#define SUBROSA_SRC_INGEST_FHIR_CONTENT_H_

#include "src/ingest/fhir_element.h"
#include "subrosa/v1/clinical.pb.h"

namespace subrosa {

// Sets all but type, id and json of `made`, which is empty. Takes the first
// 4096 parts; what is of another form than R4's is left to the json.
void SetContent(const FhirMembers& resource, v1::FhirResource* made);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_CONTENT_H_
