// A DelimitedReader takes messages in protobuf's wire format, each after its
// length as a varint: HealthRecords, or bare messages.
#ifndef SUBROSA_SRC_INGEST_DELIMITED_READER_H_
#define SUBROSA_SRC_INGEST_DELIMITED_READER_H_

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/ingest/bare_message.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/wire_checker.h"

namespace subrosa {

class DelimitedReader final : public RecordReader {
 public:
  // Reads `input` from where it stands; messages hold at most
  // `max_message_bytes`. Errors as BareMessage::Find.
  static absl::StatusOr<std::unique_ptr<RecordReader>> Make(
      BufferedInput input, const ReaderOptions& options,
      size_t max_message_bytes);

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override;
  absl::string_view unit() const override { return "record"; }
  uint64_t bytes_read() const override { return input_.offset(); }

 private:
  DelimitedReader(BufferedInput input, const ReaderOptions& options,
                  size_t max_message_bytes);

  absl::Status TakeMessage(uint64_t size, v1::HealthRecord* record,
                           absl::Status* reject);
  absl::Status Take(absl::string_view message, v1::HealthRecord* record);

  BufferedInput input_;
  size_t max_message_bytes_;
  MessagePlans plans_;
  WireChecker checker_;
  RecordFinisher finisher_;
  const MessagePlan* record_plan_;
  std::optional<BareMessage> bare_;  // Absent: messages are HealthRecords.
  uint64_t records_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_DELIMITED_READER_H_
