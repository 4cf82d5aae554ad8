#include "src/exports/payload_text.h"

#include <charconv>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "src/base/status_macros.h"
#include "src/classify/marks.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

using ValueVisitor = absl::FunctionRef<absl::Status(absl::string_view path,
                                                    absl::string_view text)>;

// The shortest text that reads back as `number`: absl::StrCat would keep six
// digits, and a copy is exact.
template <typename Number>
std::string Shortest(Number number) {
  char text[32];
  const std::to_chars_result end =
      std::to_chars(text, text + sizeof(text), number);
  return std::string(text, end.ptr);
}

// The text of a scalar field; `index` is -1 for one that is not repeated.
std::string ScalarText(const Message& message, const FieldDescriptor& field,
                       int index) {
  const Reflection& reflection = *message.GetReflection();
  const bool one = index < 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(
          one ? reflection.GetInt32(message, &field)
              : reflection.GetRepeatedInt32(message, &field, index));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(
          one ? reflection.GetInt64(message, &field)
              : reflection.GetRepeatedInt64(message, &field, index));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrCat(
          one ? reflection.GetUInt32(message, &field)
              : reflection.GetRepeatedUInt32(message, &field, index));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat(
          one ? reflection.GetUInt64(message, &field)
              : reflection.GetRepeatedUInt64(message, &field, index));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Shortest(
          one ? reflection.GetDouble(message, &field)
              : reflection.GetRepeatedDouble(message, &field, index));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Shortest(
          one ? reflection.GetFloat(message, &field)
              : reflection.GetRepeatedFloat(message, &field, index));
    case FieldDescriptor::CPPTYPE_BOOL:
      return (one ? reflection.GetBool(message, &field)
                  : reflection.GetRepeatedBool(message, &field, index))
                 ? "true"
                 : "false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return (one ? reflection.GetEnum(message, &field)
                  : reflection.GetRepeatedEnum(message, &field, index))
          ->name();
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string text =
          one ? reflection.GetString(message, &field)
              : reflection.GetRepeatedString(message, &field, index);
      return field.type() == FieldDescriptor::TYPE_BYTES
                 ? absl::Base64Escape(text)
                 : text;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return "";
}

absl::Status VisitMessage(const Message& message, const std::string& prefix,
                          ValueVisitor visit);

absl::Status VisitOne(const Message& message, const FieldDescriptor& field,
                      int index, const std::string& path, ValueVisitor visit) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    return visit(path, ScalarText(message, field, index));
  }
  const Reflection& reflection = *message.GetReflection();
  const Message& below =
      index < 0 ? reflection.GetMessage(message, &field)
                : reflection.GetRepeatedMessage(message, &field, index);
  if (!IsSingleValue(*below.GetDescriptor())) {
    return VisitMessage(below, absl::StrCat(path, "."), visit);
  }
  // Timestamps, durations and wrappers are strings or scalars in JSON.
  SUBROSA_ASSIGN_OR_RETURN(std::string text, PayloadJson(below));
  if (text.size() >= 2 && text.front() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  return visit(path, text);
}

absl::Status VisitMessage(const Message& message, const std::string& prefix,
                          ValueVisitor visit) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = absl::StrCat(prefix, field->name());
    if (!field->is_repeated()) {
      SUBROSA_RETURN_IF_ERROR(VisitOne(message, *field, -1, path, visit));
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      SUBROSA_RETURN_IF_ERROR(
          VisitOne(message, *field, i, absl::StrCat(path, "[", i, "]"), visit));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Message>> ParsePayload(
    const v1::HealthRecord& record, const MessageTypes& types) {
  const Descriptor* type = types.FindByUrl(record.payload().type_url());
  if (type == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(
        "payload: want a message type that is described here, got `",
        record.payload().type_url(), "`; name its descriptor set"));
  }
  std::unique_ptr<Message> payload = types.New(type);
  if (!payload->ParseFromString(record.payload().value())) {
    return absl::DataLossError(absl::StrCat(
        "payload: want a `", type->full_name(), "`, got bytes that are none"));
  }
  return payload;
}

std::string TypeTitle(const Descriptor& type) {
  const absl::StatusOr<v1::MessageMark> mark = MarkOf(type);
  return mark.ok() && !mark->title().empty() ? mark->title() : type.full_name();
}

absl::StatusOr<std::string> PayloadJson(const Message& payload) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  // protobuf's own message may quote a value; ours does not.
  if (!google::protobuf::util::MessageToJsonString(payload, &json, options)
           .ok()) {
    return absl::DataLossError(
        absl::StrCat("payload: want a `", payload.GetDescriptor()->full_name(),
                     "` that JSON can say, got one out of range"));
  }
  return json;
}

absl::StatusOr<std::string> FieldText(const Message& message,
                                      const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const bool repeated = field.is_repeated();
  const int size = repeated ? reflection.FieldSize(message, &field)
                   : reflection.HasField(message, &field) ? 1
                                                          : 0;
  const bool is_list = repeated && size > 0 &&
                       field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                       !IsSingleValue(*field.message_type());
  std::string text = is_list ? "[" : "";
  for (int i = 0; i < size; ++i) {
    if (i > 0) text.append(is_list ? "," : "; ");
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      text.append(ScalarText(message, field, repeated ? i : -1));
      continue;
    }
    const Message& below =
        repeated ? reflection.GetRepeatedMessage(message, &field, i)
                 : reflection.GetMessage(message, &field);
    SUBROSA_ASSIGN_OR_RETURN(std::string json, PayloadJson(below));
    const bool is_text = IsSingleValue(*below.GetDescriptor()) &&
                         json.size() >= 2 && json.front() == '"';
    text.append(is_text ? json.substr(1, json.size() - 2) : json);
  }
  if (is_list) text.push_back(']');
  return text;
}

absl::Status VisitValues(const Message& payload, ValueVisitor visit) {
  return VisitMessage(payload, "", visit);
}

}  // namespace subrosa
