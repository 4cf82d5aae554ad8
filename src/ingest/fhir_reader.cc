#include "src/ingest/fhir_reader.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
FhirReader::FhirReader(BufferedInput input, const ReaderOptions& options,
                       size_t max_line_bytes)
    : lines_(std::move(input), max_line_bytes), finisher_(options.defaults) {}

absl::StatusOr<ReadOutcome> FhirReader::Next(v1::HealthRecord* record) {
  SUBROSA_ASSIGN_OR_RETURN(const Line line, lines_.Next());
  ReadOutcome outcome;
  outcome.number = line.number;
  outcome.byte_offset = line.byte_offset;
  if (line.kind == Line::Kind::kEnd) return outcome;
  outcome.step = ReadStep::kReject;
  if (line.kind == Line::Kind::kTooLong) {
    outcome.reject = lines_.TooLong();
    return outcome;
  }
  references_.StartEntry({});
  const absl::StatusOr<FhirAbout> about =
      mapper_.MapEntry(line.text, &references_, record);
  if (!about.ok()) {
    outcome.reject = about.status();
    return outcome;
  }
  if (*about == FhirAbout::kUnknown) {
    outcome.reject = absl::InvalidArgumentError(absl::StrCat(
        mapper_.unknown_path(),
        ": want Patient/ID, or a line before that leads to a patient, got "
        "neither"));
    return outcome;
  }
  if (*about == FhirAbout::kNobody) {
    outcome.step = ReadStep::kNotAboutConsumer;
    outcome.type = mapper_.type();
    return outcome;
  }
  outcome.reject = finisher_.Finish(mapper_.type(), line.text, record);
  if (!outcome.reject.ok()) return outcome;
  outcome.step = ReadStep::kRecord;
  outcome.is_kept_whole = mapper_.is_kept_whole();
  if (outcome.is_kept_whole) outcome.type = mapper_.type();
  return outcome;
}

}  // namespace subrosa
