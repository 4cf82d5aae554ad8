#include "src/exports/payload_text.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/classify/marks.h"
#include "src/exports/field_scalar.h"
#include "src/exports/message_json.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

using ValueVisitor = absl::FunctionRef<absl::Status(absl::string_view path,
                                                    absl::string_view text)>;

// A scalar as bare text, at the end of `out`.
class TextScalarWriter {
 public:
  explicit TextScalarWriter(std::string* out) : out_(out) {}

  void operator()(int32_t number) const { absl::StrAppend(out_, number); }
  void operator()(uint32_t number) const { absl::StrAppend(out_, number); }
  void operator()(int64_t number) const { absl::StrAppend(out_, number); }
  void operator()(uint64_t number) const { absl::StrAppend(out_, number); }
  void operator()(double number) const { AppendShortest(number); }
  void operator()(float number) const { AppendShortest(number); }
  void operator()(bool value) const { out_->append(value ? "true" : "false"); }
  void operator()(const EnumScalar& value) const {
    const EnumValueDescriptor* const named =
        value.type.FindValueByNumber(value.number);
    if (named != nullptr) {
      out_->append(named->name());
    } else {
      // protobuf's own name of it.
      absl::StrAppend(out_, "UNKNOWN_ENUM_VALUE_", value.type.name(), "_",
                      value.number);
    }
  }
  void operator()(const BytesScalar& value) const {
    absl::StrAppend(out_, absl::Base64Escape(value.bytes));
  }
  void operator()(absl::string_view text) const {
    out_->append(text.data(), text.size());
  }

 private:
  // The shortest text that reads back as `number`: absl::StrCat would keep six
  // digits, and a copy is exact.
  template <typename Number>
  void AppendShortest(Number number) const {
    char text[32];
    const std::to_chars_result end =
        std::to_chars(text, text + sizeof(text), number);
    out_->append(text, end.ptr);
  }

  std::string* const out_;
};

// Appends a message as JSON, or as bare text where it is one: timestamps,
// durations and wrappers are strings or scalars in JSON.
absl::Status AppendBelow(const Message& below, std::string* out) {
  const size_t start = out->size();
  SUBROSA_RETURN_IF_ERROR(AppendMessageJson(below, out));
  if (!IsSingleValue(*below.GetDescriptor())) return absl::OkStatus();
  const absl::string_view json = absl::string_view(*out).substr(start);
  if (json.size() < 2 || json.front() != '"') return absl::OkStatus();
  out->pop_back();
  out->erase(start, 1);
  return absl::OkStatus();
}

absl::Status VisitMessage(const Message& message, const std::string& prefix,
                          ValueVisitor visit);

absl::Status VisitOne(const Message& message, const FieldDescriptor& field,
                      int index, const std::string& path, ValueVisitor visit) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    std::string text;
    WriteScalar(message, field, index, TextScalarWriter(&text));
    return visit(path, text);
  }
  const Reflection& reflection = *message.GetReflection();
  const Message& below =
      index < 0 ? reflection.GetMessage(message, &field)
                : reflection.GetRepeatedMessage(message, &field, index);
  if (!IsSingleValue(*below.GetDescriptor())) {
    return VisitMessage(below, absl::StrCat(path, "."), visit);
  }
  std::string text;
  SUBROSA_RETURN_IF_ERROR(AppendBelow(below, &text));
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

// `name` is how the type was asked for.
absl::StatusOr<std::unique_ptr<Message>> NewOf(const Descriptor* type,
                                               absl::string_view name,
                                               const MessageTypes& types) {
  if (type == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(
        "payload: want a message type that is described here, got `", name,
        "`; name its descriptor set"));
  }
  return types.New(type);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Message>> NewPayload(absl::string_view full_name,
                                                    const MessageTypes& types) {
  return NewOf(types.Find(full_name), full_name, types);
}

absl::Status ParseInto(const std::string& bytes, Message* payload) {
  if (payload->ParseFromString(bytes)) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("payload: want a `",
                                          payload->GetDescriptor()->full_name(),
                                          "`, got bytes that are none"));
}

absl::StatusOr<std::unique_ptr<Message>> ParsePayload(
    const v1::HealthRecord& record, const MessageTypes& types) {
  const std::string& url = record.payload().type_url();
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Message> payload,
                           NewOf(types.FindByUrl(url), url, types));
  SUBROSA_RETURN_IF_ERROR(ParseInto(record.payload().value(), payload.get()));
  return payload;
}

std::string TypeTitle(const Descriptor& type) {
  const absl::StatusOr<v1::MessageMark> mark = MarkOf(type);
  return mark.ok() && !mark->title().empty() ? mark->title() : type.full_name();
}

absl::Status AppendFieldText(const Message& message,
                             const FieldDescriptor& field, std::string* out) {
  const Reflection& reflection = *message.GetReflection();
  const bool repeated = field.is_repeated();
  const int size = repeated ? reflection.FieldSize(message, &field)
                   : reflection.HasField(message, &field) ? 1
                                                          : 0;
  const bool is_list = repeated && size > 0 &&
                       field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
                       !IsSingleValue(*field.message_type());
  if (is_list) out->push_back('[');
  for (int i = 0; i < size; ++i) {
    if (i > 0) out->append(is_list ? "," : "; ");
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      WriteScalar(message, field, repeated ? i : -1, TextScalarWriter(out));
      continue;
    }
    const Message& below =
        repeated ? reflection.GetRepeatedMessage(message, &field, i)
                 : reflection.GetMessage(message, &field);
    SUBROSA_RETURN_IF_ERROR(AppendBelow(below, out));
  }
  if (is_list) out->push_back(']');
  return absl::OkStatus();
}

absl::Status VisitValues(const Message& payload, ValueVisitor visit) {
  return VisitMessage(payload, "", visit);
}

}  // namespace subrosa
