#include "src/ingest/ndjson_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// The name behind the slash of a type URL.
absl::string_view TypeName(absl::string_view type_url) {
  return type_url.substr(type_url.rfind('/') + 1);
}

}  // namespace

NdjsonReader::NdjsonReader(BufferedInput input, const ReaderOptions& options,
                           size_t max_line_bytes)
    : plans_(options.types),
      decoder_(&plans_),
      lines_(std::move(input), max_line_bytes),
      finisher_(options.defaults),
      record_plan_(plans_.For(v1::HealthRecord::descriptor())) {}

absl::StatusOr<std::unique_ptr<RecordReader>> NdjsonReader::Make(
    BufferedInput input, const ReaderOptions& options, size_t max_line_bytes) {
  auto reader = std::unique_ptr<NdjsonReader>(
      new NdjsonReader(std::move(input), options, max_line_bytes));
  if (!options.message_type.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(reader->bare_,
                             BareMessage::Find(options, &reader->plans_));
  }
  return reader;
}

absl::StatusOr<ReadOutcome> NdjsonReader::Next(v1::HealthRecord* record) {
  SUBROSA_ASSIGN_OR_RETURN(const Line line, lines_.Next());
  ReadOutcome outcome;
  outcome.number = line.number;
  outcome.byte_offset = line.byte_offset;
  if (line.kind == Line::Kind::kEnd) return outcome;
  outcome.reject = line.kind == Line::Kind::kTooLong ? lines_.TooLong()
                                                     : Take(line.text, record);
  outcome.step = outcome.reject.ok() ? ReadStep::kRecord : ReadStep::kReject;
  return outcome;
}

absl::Status NdjsonReader::Take(absl::string_view line,
                                v1::HealthRecord* record) {
  ReadOrigin origin;
  origin.system = "ndjson";
  origin.raw = line;
  if (bare_.has_value()) {
    SUBROSA_RETURN_IF_ERROR(decoder_.Decode(line, bare_->plan(), &wire_));
    SUBROSA_RETURN_IF_ERROR(bare_->Fill(wire_, decoder_.roles(), record));
  } else {
    SUBROSA_RETURN_IF_ERROR(decoder_.Decode(line, *record_plan_, &wire_));
    if (!record->ParseFromString(wire_)) {
      return absl::InternalError("line: what was decoded does not parse");
    }
  }
  origin.type = TypeName(record->payload().type_url());
  origin.id = record->id();
  return finisher_.Finish(origin, record);
}

}  // namespace subrosa
