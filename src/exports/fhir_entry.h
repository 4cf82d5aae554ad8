// Records as FHIR R4 (http://hl7.org/fhir/R4), for a consumer's copy: an entry
// of a Bundle for each that has codes (docs/formats/copy.md, "FHIR Bundle").
#ifndef SUBROSA_SRC_EXPORTS_FHIR_ENTRY_H_
#define SUBROSA_SRC_EXPORTS_FHIR_ENTRY_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/exports/fhir_projection.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// True if records with a payload of `type` may have a form in FHIR: a
// FhirResource, a Condition, a Medication, a VitalSample.
bool HasFhirForm(const google::protobuf::Descriptor& type);

// Thread-compatible. Its memory is reused from record to record.
class FhirEntryWriter {
 public:
  // Every resource is about the patient of PatientEntry. `subject` is a UUID
  // in lower case: a pseudonym, random or by a PRF for each recipient.
  explicit FhirEntryWriter(absl::string_view subject);

  // The entry of the patient, who has an id and nothing else. It comes first,
  // so that what follows refers to what is known.
  std::string PatientEntry() const;

  // Appends the entry for `record`, an object of JSON in one line without its
  // end. The same record gives the same entry; its fullUrl is RecordUuid.
  //
  // A FhirResource keeps what is read of it, and what R4 asks for beside, as it
  // was written. What a record does not say is not made up: a status that R4
  // wants and that nobody said is "unknown".
  //
  // `payload` is what is written, and `record.payload` is not looked at. So the
  // caller may have taken out of it what nobody may be handed.
  //
  // False, with `out` as it was, if the record has no form in R4: a type that
  // is not mapped (src/ingest/fhir_content.h), a Patient, for which the one
  // above stands, no valid R4, or what FhirProjection refuses.
  bool Append(const v1::HealthRecord& record,
              const google::protobuf::Message& payload, std::string* out);

 private:
  bool AppendResource(const v1::FhirResource& payload, std::string* out);

  const std::string subject_;
  FhirProjection projection_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_FHIR_ENTRY_H_
