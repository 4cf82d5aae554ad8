// Of a resource as it was read, the elements that may be handed out: those that
// the reader takes out (src/ingest/fhir_elements.h) and those that R4 asks for
// beside (fhir_types.h). Whatever else it holds, names of others, references,
// narrative, identifiers, extensions, is in no list and so is not written.
#ifndef SUBROSA_SRC_EXPORTS_FHIR_PROJECTION_H_
#define SUBROSA_SRC_EXPORTS_FHIR_PROJECTION_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "src/exports/fhir_types.h"

namespace subrosa {

// Thread-compatible. Its memory is reused from resource to resource.
class FhirProjection {
 public:
  FhirProjection();
  ~FhirProjection();

  // Appends the elements of `json`, one resource, each after a comma, as they
  // were written: numbers keep their digits. An element of which nothing may
  // be handed out is left out, and so is the resource's type, id and subject.
  //
  // False, with `out` as it was, for what is no JSON, nests deeper than 64
  // levels, says an element twice that would be written, has another form than
  // R4's, or holds what a reader must understand and this one does not: a
  // modifierExtension, implicitRules, a Consent for named actors or data.
  bool Append(const FhirTypeRule& rule, absl::string_view json,
              std::string* out);

  // After Append: whether `name` was written; "medication[x]" asks for any
  // that starts so.
  bool Wrote(absl::string_view name) const;

  // After Append: whether it refers to its medicine, which is not written.
  bool refers_to_medicine() const;

 private:
  class Reader;  // Keeps simdjson out of this header.

  std::unique_ptr<Reader> reader_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_FHIR_PROJECTION_H_
