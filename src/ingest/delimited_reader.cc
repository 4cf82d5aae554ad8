#include "src/ingest/delimited_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/wire_field.h"

namespace subrosa {
namespace {

constexpr size_t kMaxVarintBytes = 10;

}  // namespace

DelimitedReader::DelimitedReader(BufferedInput input,
                                 const ReaderOptions& options,
                                 size_t max_message_bytes)
    : input_(std::move(input)),
      max_message_bytes_(max_message_bytes),
      plans_(options.types),
      checker_(&plans_),
      finisher_(options.defaults),
      record_plan_(plans_.For(v1::HealthRecord::descriptor())) {}

absl::StatusOr<std::unique_ptr<RecordReader>> DelimitedReader::Make(
    BufferedInput input, const ReaderOptions& options,
    size_t max_message_bytes) {
  auto reader = std::unique_ptr<DelimitedReader>(
      new DelimitedReader(std::move(input), options, max_message_bytes));
  if (!options.message_type.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(reader->bare_,
                             BareMessage::Find(options, &reader->plans_));
  }
  return reader;
}

absl::StatusOr<ReadOutcome> DelimitedReader::Next(v1::HealthRecord* record) {
  ReadOutcome outcome;
  outcome.number = records_;
  outcome.byte_offset = input_.offset();
  SUBROSA_ASSIGN_OR_RETURN(absl::string_view head,
                           input_.Peek(kMaxVarintBytes));
  if (head.empty()) return outcome;
  outcome.number = ++records_;
  const size_t available = head.size();
  uint64_t size;
  if (!TakeVarint(&head, &size)) {
    // Without this length nobody knows where the next record starts.
    return absl::InvalidArgumentError(
        absl::StrCat("record ", records_, " at byte ", outcome.byte_offset,
                     ": want a length of at most 10 bytes, got ",
                     available < kMaxVarintBytes ? "the end of the file in it"
                                                 : "bytes that are none",
                     "; what follows cannot be read"));
  }
  input_.Consume(available - head.size());
  SUBROSA_RETURN_IF_ERROR(TakeMessage(size, record, &outcome.reject));
  outcome.step = outcome.reject.ok() ? ReadStep::kRecord : ReadStep::kReject;
  return outcome;
}

// Returns whether reading can go on; `reject` says why the message makes no
// record.
absl::Status DelimitedReader::TakeMessage(uint64_t size,
                                          v1::HealthRecord* record,
                                          absl::Status* reject) {
  if (size > max_message_bytes_) {
    *reject = absl::InvalidArgumentError(
        absl::StrCat("record: want at most ", max_message_bytes_,
                     " bytes, got a length of ", size));
    return input_.Skip(size).status();
  }
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view message,
                           input_.Peek(static_cast<size_t>(size)));
  if (message.size() < size) {
    *reject = absl::InvalidArgumentError(
        absl::StrCat("record: want ", size, " bytes, got ", message.size(),
                     " and the end of the file"));
    input_.Consume(message.size());
    return absl::OkStatus();
  }
  *reject = Take(message.substr(0, static_cast<size_t>(size)), record);
  input_.Consume(static_cast<size_t>(size));
  return absl::OkStatus();
}

absl::Status DelimitedReader::Take(absl::string_view message,
                                   v1::HealthRecord* record) {
  ReadOrigin origin;
  origin.system = "protobuf";
  origin.raw = message;
  if (bare_.has_value()) {
    SUBROSA_RETURN_IF_ERROR(checker_.Check(message, bare_->plan()));
    SUBROSA_RETURN_IF_ERROR(bare_->Fill(message, checker_.roles(), record));
  } else {
    SUBROSA_RETURN_IF_ERROR(checker_.Check(message, *record_plan_));
    if (!record->ParseFromArray(message.data(),
                                static_cast<int>(message.size()))) {
      return absl::InternalError("record: what was checked does not parse");
    }
  }
  const absl::string_view url = record->payload().type_url();
  origin.type = url.substr(url.rfind('/') + 1);
  origin.id = record->id();
  return finisher_.Finish(origin, record);
}

}  // namespace subrosa
