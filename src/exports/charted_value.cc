#include "src/exports/charted_value.h"

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/duration.pb.h"
#include "src/classify/marks.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/concept.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

bool IsOf(const FieldDescriptor& field, const Descriptor& type) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type()->full_name() == type.full_name();
}

bool IsNumber(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return true;
    default:
      return false;
  }
}

bool SaysHealth(const FieldDescriptor& field) {
  const absl::StatusOr<v1::FieldMark> mark = MarkOf(field);
  return mark.ok() && (mark->health_size() > 0 || mark->label_size() > 0);
}

std::string Words(absl::string_view name) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", " "}});
}

// INSTRUMENT_PHQ9 of the enum Instrument as "phq9".
std::string Words(const EnumValueDescriptor& value) {
  std::string prefix;
  for (const char c : value.type()->name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) {
      prefix.push_back('_');
    }
    prefix.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
  }
  prefix.push_back('_');
  const absl::string_view name = value.name();
  return Words(absl::StartsWith(name, prefix) ? name.substr(prefix.size())
                                              : name);
}

std::string FieldOf(const Message& message, absl::string_view name) {
  const FieldDescriptor* const field =
      message.GetDescriptor()->FindFieldByName(std::string(name));
  return field == nullptr ? ""
                          : message.GetReflection()->GetString(message, field);
}

// The words of a coded concept.
std::string ConceptText(const Message& coded) {
  const FieldDescriptor* const codings =
      coded.GetDescriptor()->FindFieldByName("coding");
  if (coded.GetReflection()->FieldSize(coded, codings) > 0) {
    const Message& first =
        coded.GetReflection()->GetRepeatedMessage(coded, codings, 0);
    std::string display = FieldOf(first, "display");
    return display.empty() ? FieldOf(first, "code") : display;
  }
  return FieldOf(coded, "text");
}

double NumberOf(const Message& message, const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.GetFloat(message, &field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return static_cast<double>(reflection.GetInt64(message, &field));
    default:
      return 0;
  }
}

double MinutesOf(const Message& duration) {
  return NumberOf(duration,
                  *duration.GetDescriptor()->FindFieldByName("seconds")) /
         60;
}

}  // namespace

ValueChart::ValueChart(const Descriptor& type) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* const field = type.field(i);
    if (field->is_repeated()) continue;
    const bool is_kind = field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM ||
                         IsOf(*field, *v1::CodedConcept::descriptor());
    if (is_kind && kind_ == nullptr) kind_ = field;
    const bool is_value =
        IsNumber(*field) || IsOf(*field, *v1::Quantity::descriptor()) ||
        IsOf(*field, *google::protobuf::Duration::descriptor());
    if (is_value && value_ == nullptr && SaysHealth(*field)) value_ = field;
  }
}

std::optional<ChartedValue> ValueChart::Of(const Message& payload) const {
  if (value_ == nullptr) return std::nullopt;
  const Reflection& reflection = *payload.GetReflection();
  if ((value_->has_presence() && !reflection.HasField(payload, value_))) {
    return std::nullopt;
  }
  ChartedValue charted;
  if (kind_ != nullptr && kind_->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    charted.name = Words(*reflection.GetEnum(payload, kind_));
  } else if (kind_ != nullptr) {
    charted.name = ConceptText(reflection.GetMessage(payload, kind_));
  }
  if (value_->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    absl::StrAppend(&charted.name, charted.name.empty() ? "" : " ",
                    Words(value_->name()));
    charted.value = NumberOf(payload, *value_);
    return charted;
  }
  const Message& value = reflection.GetMessage(payload, value_);
  if (IsOf(*value_, *v1::Quantity::descriptor())) {
    const std::string unit = FieldOf(value, "unit");
    if (charted.name.empty()) charted.name = Words(value_->name());
    if (!unit.empty()) absl::StrAppend(&charted.name, " (", unit, ")");
    charted.value =
        NumberOf(value, *value.GetDescriptor()->FindFieldByName("value"));
    return charted;
  }
  absl::StrAppend(&charted.name, charted.name.empty() ? "" : " ",
                  Words(value_->name()), " (min)");
  charted.value = MinutesOf(value);
  return charted;
}

}  // namespace subrosa
