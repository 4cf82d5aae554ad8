// An NdjsonReader takes one record a line: HealthRecords, or bare messages.
#ifndef SUBROSA_SRC_INGEST_NDJSON_READER_H_
#define SUBROSA_SRC_INGEST_NDJSON_READER_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "src/ingest/bare_message.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/json_decoder.h"
#include "src/ingest/line_reader.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/record_finisher.h"

namespace subrosa {

class NdjsonReader final : public RecordReader {
 public:
  // Reads `input` from where it stands; lines hold at most `max_line_bytes`.
  // Errors as BareMessage::Find.
  static absl::StatusOr<std::unique_ptr<RecordReader>> Make(
      BufferedInput input, const ReaderOptions& options, size_t max_line_bytes);

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override;
  absl::string_view unit() const override { return "line"; }
  uint64_t bytes_read() const override { return lines_.bytes_read(); }

 private:
  NdjsonReader(BufferedInput input, const ReaderOptions& options,
               size_t max_line_bytes);

  absl::Status Take(absl::string_view line, v1::HealthRecord* record);

  MessagePlans plans_;
  JsonDecoder decoder_;
  LineReader lines_;
  RecordFinisher finisher_;
  const MessagePlan* record_plan_;
  std::optional<BareMessage> bare_;  // Absent: lines are HealthRecords.
  std::string wire_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_NDJSON_READER_H_
