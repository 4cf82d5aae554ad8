#include "tools/sample/sample.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/message.h"
#include "src/base/status_macros.h"
#include "subrosa/v1/record.pb.h"
#include "tools/sample/apple_health.h"
#include "tools/sample/fhir.h"
#include "tools/sample/people.h"
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

absl::Status WriteFhir(const Options& options, Output* output) {
  const Fhir fhir(options.span, options.records_per_consumer);
  for (uint64_t i = 0; i < options.consumers; ++i) {
    const Persona who = fhir.people().Make(options.first_consumer + i);
    for (uint32_t index = 0; index < options.records_per_consumer; ++index) {
      if (options.output_bytes > 0 && output->bytes() >= options.output_bytes) {
        return output->Flush();
      }
      if (!options.resource.empty() &&
          options.resource != Fhir::TypeOf(who, index)) {
        continue;
      }
      fhir.AppendResource(who, index, output->buffer());
      SUBROSA_RETURN_IF_ERROR(output->FlushIfFull());
    }
  }
  return output->Flush();
}

absl::Status WriteAppleHealth(const Options& options, Output* output) {
  const People people(options.span.seed, options.span.until_day);
  const AppleHealth apple(options.span, people.Make(options.first_consumer));
  const uint64_t count = options.output_bytes > 0
                             ? apple.ElementsFor(options.output_bytes)
                             : options.records_per_consumer;
  apple.AppendHead(output->buffer());
  for (uint64_t i = 0; i < count; ++i) {
    apple.AppendElement(i, count, output->buffer());
    SUBROSA_RETURN_IF_ERROR(output->FlushIfFull());
  }
  AppleHealth::AppendTail(output->buffer());
  return output->Flush();
}

}  // namespace

absl::Status WriteSample(const Options& options, Output* output) {
  switch (options.format) {
    case Format::kNdjson:
    case Format::kProtobuf:
      return WriteRecords(options, output);
    case Format::kFhir:
      return WriteFhir(options, output);
    case Format::kAppleHealth:
      return WriteAppleHealth(options, output);
  }
  return absl::InternalError("format: want one of four");
}

}  // namespace subrosa::sample
