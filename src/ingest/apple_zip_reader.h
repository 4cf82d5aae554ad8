// An AppleZipReader takes an export of Apple Health as the Health app writes
// it: a zip with export.xml, clinical records in FHIR, routes and
// electrocardiograms.
#ifndef SUBROSA_SRC_INGEST_APPLE_ZIP_READER_H_
#define SUBROSA_SRC_INGEST_APPLE_ZIP_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/ingest/apple_reader.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/fhir_mapper.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/sample_wire.h"
#include "src/ingest/seen_ids.h"
#include "src/ingest/zip_members.h"

namespace subrosa {

class AppleZipReader final : public RecordReader {
 public:
  // What becomes of a member:
  //   export.xml (whatever the Health app's language calls it): its samples
  //   clinical-records/*.json: a FhirResource, about whose export it is
  //   a file of text in another folder: kept whole, as a sample of the type
  //     that the folder names: "workout-routes", "electrocardiograms"
  //   export_cda.xml: passed over, since it holds the same samples again
  // Everything else is rejected. A file that is kept whole, and an element,
  // holds at most `max_bytes`. Errors as AppleReader::Make.
  static absl::StatusOr<std::unique_ptr<RecordReader>> Make(
      BufferedInput input, const ReaderOptions& options, size_t max_bytes);

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override;
  absl::string_view unit() const override { return "element or file"; }
  uint64_t bytes_read() const override { return members_.bytes_read(); }

 private:
  AppleZipReader(BufferedInput input, const ReaderOptions& options,
                 size_t max_bytes);

  // One step of the member that is open, or the next member.
  absl::StatusOr<ReadOutcome> Step(v1::HealthRecord* record);
  absl::StatusOr<ReadOutcome> TakeFile(v1::HealthRecord* record);

  // Reads the member into `file_`; false if it is too long.
  absl::StatusOr<bool> ReadFile();
  absl::Status FillClinical(v1::HealthRecord* record);
  absl::Status FillWhole(v1::HealthRecord* record);

  ZipMembers members_;
  const ReaderOptions options_;
  const size_t max_bytes_;
  std::unique_ptr<AppleReader> samples_;  // Null outside export.xml.
  FhirMapper mapper_;
  RecordFinisher finisher_;
  SeenIds seen_;
  SampleWire wire_;
  std::string file_;
  std::string type_;
  bool has_export_ = false;
  uint64_t entries_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_APPLE_ZIP_READER_H_
