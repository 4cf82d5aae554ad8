// A FhirReader takes FHIR R4 bulk data: one resource in JSON a line.
//
// A resource that refers to no patient, but to a resource in a line before it
// (a Provenance to an Encounter), goes to that one's patient, within the bounds
// of FhirReferences; their memory is this reader's. Patients are of one server.
#ifndef SUBROSA_SRC_INGEST_FHIR_READER_H_
#define SUBROSA_SRC_INGEST_FHIR_READER_H_

#include "absl/status/statusor.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/fhir_finisher.h"
#include "src/ingest/fhir_mapper.h"
#include "src/ingest/fhir_references.h"
#include "src/ingest/line_reader.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"

namespace subrosa {

class FhirReader final : public RecordReader {
 public:
  // Reads `input` from where it stands; lines hold at most `max_line_bytes`.
  FhirReader(BufferedInput input, const ReaderOptions& options,
             size_t max_line_bytes);

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override;
  absl::string_view unit() const override { return "line"; }
  uint64_t bytes_read() const override { return lines_.bytes_read(); }

 private:
  FhirMapper mapper_;
  FhirReferences references_;
  LineReader lines_;
  FhirFinisher finisher_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_READER_H_
