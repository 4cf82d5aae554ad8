// A FhirFinisher completes the record of a FHIR resource: what the options add,
// and where it comes from.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_FHIR_FINISHER_H_
#define SUBROSA_SRC_INGEST_FHIR_FINISHER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/seen_ids.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class FhirFinisher {
 public:
  // Care systems write FHIR, so that is the default of how it was collected.
  explicit FhirFinisher(RecordDefaults defaults);

  // Completes `record` (an id that another has is cleared: seen_ids.h), which a
  // FhirMapper made of `raw`, a resource of `type`. Errors as ValidateRecord.
  absl::Status Finish(absl::string_view type, absl::string_view raw,
                      v1::HealthRecord* record);

 private:
  RecordFinisher finisher_;
  SeenIds seen_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_FINISHER_H_
