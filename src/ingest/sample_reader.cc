#include "src/ingest/sample_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"
#include "src/ingest/fhir_look.h"
#include "src/ingest/health_connect_mapper.h"
#include "src/ingest/open_mhealth_mapper.h"
#include "src/ingest/sample_look.h"

namespace subrosa {
namespace {

// A platform of devices writes what a device observed; a sample that was typed
// in says so.
RecordDefaults WithDevice(RecordDefaults defaults) {
  if (defaults.collection == v1::COLLECTION_UNSPECIFIED) {
    defaults.collection = v1::COLLECTION_DEVICE;
  }
  return defaults;
}

absl::StatusOr<std::unique_ptr<SampleMapper>> MakeMapper(
    Format format, const std::string& message_type) {
  if (format == Format::kOpenMHealth) {
    return OpenMHealthMapper::Make(message_type);
  }
  if (format != Format::kHealthConnect) {
    return absl::InvalidArgumentError(
        "format: want a health platform's, got another");
  }
  if (!message_type.empty()) {
    return absl::InvalidArgumentError(
        "message_type: want none for Health Connect, got one");
  }
  return HealthConnectMapper::Make();
}

// True if the first line of what comes next in `input` is one whole object.
absl::StatusOr<bool> StartsWithWholeLine(size_t max_bytes,
                                         BufferedInput* input) {
  absl::string_view start;
  size_t line_end = absl::string_view::npos;
  for (size_t size = 1; size <= max_bytes; size = start.size() + 1) {
    SUBROSA_ASSIGN_OR_RETURN(start, input->Peek(size));
    absl::string_view text = start;
    absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
    const size_t first = text.find_first_not_of(" \t\r\n");
    if (first != text.npos) {
      if (text[first] != '{' || HasRecordsList(text.substr(first))) {
        return false;
      }
      line_end = text.find('\n', first);
      if (line_end != text.npos) {
        return EndsItsObject(text.substr(first, line_end - first));
      }
    }
    if (start.size() < size) break;
  }
  // A file of one line; or a line that is too long, which is passed over as
  // one.
  return true;
}

}  // namespace

SampleReader::SampleReader(std::unique_ptr<SampleMapper> mapper,
                           const RecordDefaults& defaults)
    : mapper_(std::move(mapper)), finisher_(WithDevice(defaults)) {}

absl::StatusOr<std::unique_ptr<RecordReader>> SampleReader::Make(
    BufferedInput input, Format format, const ReaderOptions& options,
    size_t max_bytes) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<SampleMapper> mapper,
                           MakeMapper(format, options.message_type));
  SUBROSA_ASSIGN_OR_RETURN(const bool has_lines,
                           StartsWithWholeLine(max_bytes, &input));
  auto reader = std::unique_ptr<SampleReader>(
      new SampleReader(std::move(mapper), options.defaults));
  if (has_lines) {
    reader->lines_.emplace(std::move(input), max_bytes);
  } else {
    reader->splitter_.emplace(std::move(input), max_bytes);
  }
  return reader;
}

absl::StatusOr<SampleText> SampleReader::NextText() {
  if (splitter_.has_value()) return splitter_->Next();
  SUBROSA_ASSIGN_OR_RETURN(const Line line, lines_->Next());
  SampleText sample;
  sample.number = line.number;
  sample.byte_offset = line.byte_offset;
  if (line.kind == Line::Kind::kText) {
    sample.kind = SampleText::Kind::kText;
    sample.text = line.text;
  } else if (line.kind == Line::Kind::kTooLong) {
    sample.kind = SampleText::Kind::kReject;
    sample.reject = lines_->TooLong();
  }
  return sample;
}

absl::StatusOr<ReadOutcome> SampleReader::Next(v1::HealthRecord* record) {
  SUBROSA_ASSIGN_OR_RETURN(SampleText sample, NextText());
  ReadOutcome outcome;
  outcome.number = sample.number;
  outcome.byte_offset = sample.byte_offset;
  if (sample.kind == SampleText::Kind::kEnd) return outcome;
  outcome.step = ReadStep::kReject;
  outcome.reject = sample.kind == SampleText::Kind::kReject
                       ? std::move(sample.reject)
                       : mapper_->Map(sample.text, record);
  if (!outcome.reject.ok()) return outcome;
  ReadOrigin origin;
  origin.system = mapper_->system();
  origin.type = mapper_->type();
  origin.id = record->id();
  origin.raw = sample.text;
  outcome.reject = finisher_.Finish(origin, record);
  if (!outcome.reject.ok()) return outcome;
  seen_.Take(record);
  outcome.step = ReadStep::kRecord;
  outcome.is_kept_whole = mapper_->is_kept_whole();
  if (outcome.is_kept_whole) outcome.type = mapper_->type();
  return outcome;
}

}  // namespace subrosa
