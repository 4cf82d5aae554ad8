#include "src/ingest/apple_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {

RecordDefaults AppleReader::WithDevice(RecordDefaults defaults) {
  if (defaults.collection == v1::COLLECTION_UNSPECIFIED) {
    defaults.collection = v1::COLLECTION_DEVICE;
  }
  return defaults;
}

AppleReader::AppleReader(DocumentBytes* source, const ReaderOptions& options,
                         size_t max_element_bytes)
    : items_(source, &sample_, max_element_bytes, XmlText::kIgnored,
             XmlNames::kJoined),
      finisher_(WithDevice(options.defaults)),
      max_element_bytes_(max_element_bytes) {}

absl::Status AppleReader::CheckOptions(const ReaderOptions& options) {
  if (!options.defaults.consumer.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "consumer: want whose export it is, which the file does not say, got "
      "nobody");
}

absl::StatusOr<std::unique_ptr<AppleReader>> AppleReader::Make(
    DocumentBytes* source, const ReaderOptions& options,
    size_t max_element_bytes) {
  SUBROSA_RETURN_IF_ERROR(CheckOptions(options));
  return std::unique_ptr<AppleReader>(
      new AppleReader(source, options, max_element_bytes));
}

absl::StatusOr<std::unique_ptr<RecordReader>> AppleReader::MakeOfFile(
    BufferedInput input, const ReaderOptions& options,
    size_t max_element_bytes) {
  auto owned = std::make_unique<BufferedInput>(std::move(input));
  auto source = std::make_unique<InputSource>(owned.get());
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<AppleReader> reader,
                           Make(source.get(), options, max_element_bytes));
  reader->input_ = std::move(owned);
  reader->file_ = std::move(source);
  return std::unique_ptr<RecordReader>(std::move(reader));
}

absl::StatusOr<ReadOutcome> AppleReader::Next(v1::HealthRecord* record) {
  SUBROSA_ASSIGN_OR_RETURN(const XmlItems::Step step, items_.Next());
  ReadOutcome outcome;
  outcome.number = elements_;
  outcome.byte_offset = items_.bytes_read();
  if (elements_ == 0 && !sample_.is_health_data()) {
    return absl::InvalidArgumentError(
        "XML: want HealthData as its first element, got another");
  }
  if (step == XmlItems::Step::kEnd) return outcome;
  outcome.number = ++elements_;
  outcome.byte_offset = items_.offset();
  outcome.step = ReadStep::kReject;
  outcome.reject = step == XmlItems::Step::kItem
                       ? Fill(record)
                       : absl::InvalidArgumentError(absl::StrCat(
                             "element: want at most ",
                             step == XmlItems::Step::kTooDeep
                                 ? absl::StrCat(kMaxDepth, " levels")
                                 : absl::StrCat(max_element_bytes_, " bytes"),
                             ", got more"));
  if (outcome.reject.ok()) outcome.step = ReadStep::kRecord;
  return outcome;
}

absl::Status AppleReader::Fill(v1::HealthRecord* record) {
  // An export says neither whose it is nor gives its samples ids.
  record->clear_consumer();
  record->clear_id();
  SUBROSA_RETURN_IF_ERROR(sample_.Fill(items_.raw(), record));
  ReadOrigin origin;
  origin.system = "apple-health";
  origin.type = sample_.type();
  origin.raw = items_.raw();
  return finisher_.FinishMade(origin, record);
}

}  // namespace subrosa
