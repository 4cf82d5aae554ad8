// A FhirJsonReader takes FHIR R4 in JSON that is not one resource a line:
// Bundles of any size, and resources over any number of lines.
//
// References between the entries of a Bundle are resolved within it, forward
// ones too: what refers to an entry that comes later is read again when the
// Bundle is over, so such records come after the others, with their own places.
// From a pipe, which is read once, they are rejected.
#ifndef SUBROSA_SRC_INGEST_FHIR_JSON_READER_H_
#define SUBROSA_SRC_INGEST_FHIR_JSON_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/bundle_splitter.h"
#include "src/ingest/fhir_finisher.h"
#include "src/ingest/fhir_mapper.h"
#include "src/ingest/fhir_references.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"

namespace subrosa {

class FhirJsonReader final : public RecordReader {
 public:
  // As many entries of a Bundle may refer to later ones; 10 MB remember them.
  static constexpr size_t kMaxWaiting = 262144;

  // As many entries may lie between one and its patient, each before the next.
  static constexpr int kMaxSteps = 4;

  // Reads `input` from where it stands; entries hold at most `max_entry_bytes`.
  FhirJsonReader(BufferedInput input, const ReaderOptions& options,
                 size_t max_entry_bytes);

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override;
  absl::string_view unit() const override { return "entry"; }
  uint64_t bytes_read() const override { return splitter_.bytes_read(); }

 private:
  // An entry that refers to one that has not been read.
  struct Waiting {
    uint64_t number;
    uint64_t byte_offset;
    JsonPiece full_url;
    JsonPiece resource;
  };

  absl::StatusOr<ReadOutcome> TakePart(const BundlePart& part,
                                       v1::HealthRecord* record,
                                       bool* is_taken);
  absl::StatusOr<ReadOutcome> TakeWaiting(v1::HealthRecord* record,
                                          bool* is_taken);

  // Maps and finishes one resource. False if its patient is not known yet.
  bool Take(absl::string_view full_url, absl::string_view json,
            bool is_in_bundle, v1::HealthRecord* record, ReadOutcome* outcome);
  absl::Status StartEntry(absl::string_view full_url);

  // Starts another round over what waits, or ends the Bundle.
  void EndRound();

  FhirMapper mapper_;
  FhirFinisher finisher_;
  BundleSplitter splitter_;
  FhirReferences references_;

  std::vector<Waiting> waiting_;
  bool is_waiting_read_ = false;  // The Bundle is over, what waits is read.
  size_t waiting_at_ = 0;
  size_t waiting_kept_ = 0;  // Of those before waiting_at_, which wait on.
  int steps_ = 0;
  bool is_last_round_ = false;
  std::string full_url_;
  std::string resource_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_JSON_READER_H_
