#include "tools/sample/sample.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/message.h"
#include "src/base/status_macros.h"
#include "tools/sample/permutation.h"
#include "tools/sample/record_json.h"
#include "tools/sample/wellness.h"

namespace subrosa::sample {
namespace {

using google::protobuf::Message;
using google::protobuf::io::CodedOutputStream;

// Packs `payload` into `record` and appends it behind its length, as protobuf's
// SerializeDelimitedToZeroCopyStream does.
void AppendDelimited(const Message& payload, v1::HealthRecord* record,
                     std::string* out) {
  google::protobuf::Any* any = record->mutable_payload();
  std::string* type = any->mutable_type_url();
  type->assign("type.googleapis.com/");
  type->append(payload.GetDescriptor()->full_name());
  payload.SerializeToString(any->mutable_value());

  const size_t size = record->ByteSizeLong();
  const size_t before = out->size();
  out->resize(before + CodedOutputStream::VarintSize64(size) + size);
  auto* target = reinterpret_cast<uint8_t*>(&(*out)[before]);
  target = CodedOutputStream::WriteVarint64ToArray(size, target);
  record->SerializeWithCachedSizesToArray(target);
}

absl::Status WriteRecords(const Options& options, Output* output) {
  Wellness wellness(options.span, options.records_per_consumer,
                    options.record_bytes);
  const uint64_t each = options.records_per_consumer;
  const uint64_t total = options.consumers * each;
  const Permutation shuffled(total, options.span.seed);

  v1::HealthRecord record;
  Persona who;
  for (uint64_t i = 0; i < total; ++i) {
    if (options.output_bytes > 0 && output->bytes() >= options.output_bytes) {
      break;
    }
    const uint64_t at = options.random_order ? shuffled.At(i) : i;
    const uint64_t number = options.first_consumer + at / each;
    if (who.number != number) who = wellness.people().Make(number);
    const Message& payload =
        wellness.Make(who, static_cast<uint32_t>(at % each), &record);
    if (options.format == Format::kNdjson) {
      AppendRecordLine(record, payload, output->buffer());
    } else {
      AppendDelimited(payload, &record, output->buffer());
    }
    SUBROSA_RETURN_IF_ERROR(output->FlushIfFull());
  }
  return output->Flush();
}

}  // namespace

absl::Status WriteSample(const Options& options, Output* output) {
  switch (options.format) {
    case Format::kNdjson:
    case Format::kProtobuf:
      return WriteRecords(options, output);
    case Format::kFhir:
    case Format::kAppleHealth:
      break;
  }
  return absl::UnimplementedError(
      "--format: want ndjson or protobuf, got one that is not made yet");
}

}  // namespace subrosa::sample
