// A FhirMapper makes a record of one FHIR R4 resource: kept whole, with what
// classification and reading need taken out beside it.
//
// Thread-compatible. Its memory is reused from resource to resource.
#ifndef SUBROSA_SRC_INGEST_FHIR_MAPPER_H_
#define SUBROSA_SRC_INGEST_FHIR_MAPPER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/fhir_references.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Whom a resource is about.
enum class FhirAbout {
  kConsumer,
  kNobody,
  kUnknown,  // Whoever an entry of the Bundle leads to that is not known yet.
};

class FhirMapper {
 public:
  FhirMapper();
  ~FhirMapper();

  // Maps `json`, one resource. If it is about a consumer, `record` gets, in
  // place of what it held:
  //   consumer      the ID of the `Patient/ID` that `subject` or another
  //                 element refers to; the resource's own for a Patient
  //   id            `Type/ID`, empty if the resource has no id
  //   effective     from effective, onset, performed, occurrence, ...
  //   collected_at  from recordedDate, issued, meta.lastUpdated; else unset
  //   payload       a v1.FhirResource
  // and else stays as it is, until RecordFinisher::FinishMade replaces that.
  // kJsonPaddingBytes must be readable behind `json`.
  //
  // Returns INVALID_ARGUMENT, `field.path: want …, got …` and never a value,
  // for what is no JSON or no resource, for a key given twice at any depth, for
  // more than kMaxDepth levels, for a time that is none, for a Bundle, and for
  // a resource that refers to no single patient though its type should.
  // `record` is then unspecified.
  absl::StatusOr<FhirAbout> Map(absl::string_view json,
                                v1::HealthRecord* record);

  // The same for one of several resources, of a Bundle or a bulk file, which
  // `references` has started, and which they learn of. kUnknown if it refers to
  // an entry that has not been added; `record` is then unspecified.
  absl::StatusOr<FhirAbout> MapEntry(absl::string_view json,
                                     FhirReferences* references,
                                     v1::HealthRecord* record);

  // After kUnknown: the element that refers, "subject.reference".
  const std::string& unknown_path() const;

  // The type of the resource mapped last: "Observation". Empty if it has none.
  const std::string& type() const;

  // Whether it is of a type that is not mapped, so that it is kept whole and
  // only what it shares with those that are is taken out.
  bool is_kept_whole() const;

 private:
  class State;  // Keeps simdjson out of this header.
  std::unique_ptr<State> state_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_MAPPER_H_
