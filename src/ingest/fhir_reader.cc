#include "src/ingest/fhir_reader.h"

#include <utility>

#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// FHIR is what care systems write; who knows better says so.
RecordDefaults WithProvider(RecordDefaults defaults) {
  if (defaults.collection == v1::COLLECTION_UNSPECIFIED) {
    defaults.collection = v1::COLLECTION_PROVIDER;
  }
  return defaults;
}

}  // namespace

FhirReader::FhirReader(BufferedInput input, const ReaderOptions& options,
                       size_t max_line_bytes)
    : lines_(std::move(input), max_line_bytes),
      finisher_(WithProvider(options.defaults)) {}

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
  const absl::StatusOr<FhirAbout> about = mapper_.Map(line.text, record);
  if (!about.ok()) {
    outcome.reject = about.status();
    return outcome;
  }
  if (*about == FhirAbout::kNobody) {
    outcome.step = ReadStep::kNotAboutConsumer;
    outcome.type = mapper_.type();
    return outcome;
  }
  ReadOrigin origin;
  origin.system = "fhir-r4";
  origin.type = mapper_.type();
  // Without "Type/", which `type` says.
  origin.id = record->id();
  if (!origin.id.empty()) origin.id.remove_prefix(origin.type.size() + 1);
  origin.raw = line.text;
  outcome.reject = finisher_.Finish(origin, record);
  if (outcome.reject.ok()) outcome.step = ReadStep::kRecord;
  return outcome;
}

}  // namespace subrosa
