#include "tools/sample/record_json.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "tools/sample/json_text.h"

namespace subrosa::sample {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The samples have whole seconds only.
void AppendTimestamp(const google::protobuf::Timestamp& timestamp,
                     std::string* out) {
  const int64_t seconds = timestamp.seconds();
  const int64_t day = (seconds - (seconds < 0 ? 86399 : 0)) / 86400;
  const int64_t rest = seconds - day * 86400;
  const absl::CivilDay civil = absl::CivilDay(1970, 1, 1) + day;
  absl::StrAppend(out, "\"", absl::Dec(civil.year(), absl::kZeroPad4), "-",
                  absl::Dec(civil.month(), absl::kZeroPad2), "-");
  absl::StrAppend(out, absl::Dec(civil.day(), absl::kZeroPad2), "T",
                  absl::Dec(rest / 3600, absl::kZeroPad2), ":");
  absl::StrAppend(out, absl::Dec(rest / 60 % 60, absl::kZeroPad2), ":",
                  absl::Dec(rest % 60, absl::kZeroPad2), "Z\"");
}

void AppendMessage(const Message& message, std::string* out);

void AppendMessageValue(const Message& message, std::string* out) {
  const Descriptor* type = message.GetDescriptor();
  if (type == google::protobuf::Timestamp::descriptor()) {
    AppendTimestamp(static_cast<const google::protobuf::Timestamp&>(message),
                    out);
  } else if (type == google::protobuf::Duration::descriptor()) {
    absl::StrAppend(
        out, "\"",
        static_cast<const google::protobuf::Duration&>(message).seconds(),
        "s\"");
  } else {
    out->push_back('{');
    AppendMessage(message, out);
    out->push_back('}');
  }
}

// One value: of a field, or the one at `index` of a repeated field.
void AppendValue(const Message& message, const FieldDescriptor* field,
                 int index, std::string* out) {
  const Reflection* reflection = message.GetReflection();
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      AppendMessageValue(
          many ? reflection->GetRepeatedMessage(message, field, index)
               : reflection->GetMessage(message, field),
          out);
      return;
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      const std::string& value =
          many ? reflection->GetRepeatedStringReference(message, field, index,
                                                        &scratch)
               : reflection->GetStringReference(message, field, &scratch);
      if (field->type() == FieldDescriptor::TYPE_BYTES) {
        AppendJsonString(absl::Base64Escape(value), out);
      } else {
        AppendJsonString(value, out);
      }
      return;
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      AppendJsonString(
          (many ? reflection->GetRepeatedEnum(message, field, index)
                : reflection->GetEnum(message, field))
              ->name(),
          out);
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      absl::StrAppend(out,
                      many ? reflection->GetRepeatedInt32(message, field, index)
                           : reflection->GetInt32(message, field));
      return;
    case FieldDescriptor::CPPTYPE_BOOL:
      out->append((many ? reflection->GetRepeatedBool(message, field, index)
                        : reflection->GetBool(message, field))
                      ? "true"
                      : "false");
      return;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      AppendJsonNumber(
          many ? reflection->GetRepeatedDouble(message, field, index)
               : reflection->GetDouble(message, field),
          out);
      return;
    default:
      // No payload uses the other kinds; the test that reads every record back
      // would fail on the missing value.
      out->append("null");
  }
}

// The fields of `message` that are set, without the braces.
void AppendMessage(const Message& message, std::string* out) {
  const Descriptor* type = message.GetDescriptor();
  const Reflection* reflection = message.GetReflection();
  const char* separator = "\"";
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const int count = field->is_repeated()
                          ? reflection->FieldSize(message, field)
                          : (reflection->HasField(message, field) ? 1 : 0);
    if (count == 0) continue;
    absl::StrAppend(out, separator, field->json_name(), "\":");
    separator = ",\"";
    if (!field->is_repeated()) {
      AppendValue(message, field, 0, out);
      continue;
    }
    for (int item = 0; item < count; ++item) {
      out->push_back(item == 0 ? '[' : ',');
      AppendValue(message, field, item, out);
    }
    out->push_back(']');
  }
}

}  // namespace

void AppendRecordLine(const v1::HealthRecord& record, const Message& payload,
                      std::string* out) {
  out->push_back('{');
  const size_t start = out->size();
  AppendMessage(record, out);
  if (out->size() > start) out->push_back(',');
  absl::StrAppend(out, "\"payload\":{\"@type\":\"type.googleapis.com/",
                  payload.GetDescriptor()->full_name(), "\"");
  const size_t before = out->size();
  out->push_back(',');
  AppendMessage(payload, out);
  if (out->size() == before + 1) out->pop_back();
  out->append("}}\n");
}

}  // namespace subrosa::sample
