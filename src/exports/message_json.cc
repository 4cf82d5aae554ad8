#include "src/exports/message_json.h"

#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/json_util.h"
#include "src/base/status_macros.h"
#include "src/exports/field_scalar.h"
#include "src/exports/instant_text.h"
#include "src/exports/json_text.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

// What ProtoJSON takes: 0001-01-01 to 9999-12-31, and as long a duration.
constexpr int64_t kFirstSecond = -62135596800;
constexpr int64_t kLastSecond = 253402300799;
constexpr int64_t kMostDurationSeconds = 315576000000;

// Like printf's %g, with as many digits as it takes to read the same number.
std::string NumberText(double number, int fewest_digits, int most_digits,
                       bool is_float) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.*g", fewest_digits, number);
  // protobuf takes a float that is too small to be exact for another one.
  errno = 0;
  const bool is_same =
      is_float ? std::strtof(text, nullptr) == static_cast<float>(number) &&
                     errno == 0
               : std::strtod(text, nullptr) == number;
  if (!is_same) {
    std::snprintf(text, sizeof(text), "%.*g", most_digits, number);
  }
  return text;
}

void AppendNumber(double number, bool is_float, std::string* out) {
  if (std::isnan(number)) {
    out->append("\"NaN\"");
  } else if (std::isinf(number)) {
    out->append(number < 0 ? "\"-Infinity\"" : "\"Infinity\"");
  } else if (is_float) {
    out->append(NumberText(number, 6, 9, true));
  } else {
    out->append(NumberText(number, 15, 17, false));
  }
}

absl::Status AppendByProtobuf(const Message& message, std::string* out) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  // protobuf's own message may quote a value; ours does not.
  if (!google::protobuf::util::MessageToJsonString(message, &json, options)
           .ok()) {
    return absl::DataLossError(
        absl::StrCat("payload: want a `", message.GetDescriptor()->full_name(),
                     "` that JSON can say, got one out of range"));
  }
  out->append(json);
  return absl::OkStatus();
}

// The two numbers that a Timestamp and a Duration are made of.
struct SecondsAndNanos {
  int64_t seconds = 0;
  int32_t nanos = 0;
};
SecondsAndNanos PartsOf(const Message& message) {
  const Descriptor& type = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  return {reflection.GetInt64(message, type.FindFieldByNumber(1)),
          reflection.GetInt32(message, type.FindFieldByNumber(2))};
}

bool Is(const Descriptor& type, const Descriptor& known) {
  return &type == &known || type.full_name() == known.full_name();
}

// A message of package google.protobuf.
absl::Status AppendWellKnown(const Message& message, std::string* out) {
  const Descriptor& type = *message.GetDescriptor();
  if (Is(type, *google::protobuf::Timestamp::descriptor())) {
    const SecondsAndNanos parts = PartsOf(message);
    if (parts.nanos == 0 && parts.seconds >= kFirstSecond &&
        parts.seconds <= kLastSecond) {
      absl::StrAppend(out, "\"",
                      InstantText(absl::FromUnixSeconds(parts.seconds)), "\"");
      return absl::OkStatus();
    }
  } else if (Is(type, *google::protobuf::Duration::descriptor())) {
    const SecondsAndNanos parts = PartsOf(message);
    if (parts.nanos == 0 && parts.seconds >= -kMostDurationSeconds &&
        parts.seconds <= kMostDurationSeconds) {
      absl::StrAppend(out, "\"", parts.seconds, "s\"");
      return absl::OkStatus();
    }
  }
  return AppendByProtobuf(message, out);
}

bool IsLeftToProtobuf(const FieldDescriptor& field) {
  return field.is_map() || field.is_extension() ||
         field.type() == FieldDescriptor::TYPE_GROUP;
}

// A scalar as ProtoJSON has it, at the end of `out`.
class JsonScalarWriter {
 public:
  explicit JsonScalarWriter(std::string* out) : out_(out) {}

  void operator()(int32_t number) const { absl::StrAppend(out_, number); }
  void operator()(uint32_t number) const { absl::StrAppend(out_, number); }
  // Beyond 2^53 a reader's number would be another.
  void operator()(int64_t number) const {
    absl::StrAppend(out_, "\"", number, "\"");
  }
  void operator()(uint64_t number) const {
    absl::StrAppend(out_, "\"", number, "\"");
  }
  void operator()(double number) const {
    AppendNumber(number, /*is_float=*/false, out_);
  }
  void operator()(float number) const {
    AppendNumber(number, /*is_float=*/true, out_);
  }
  void operator()(bool value) const { out_->append(value ? "true" : "false"); }
  void operator()(const EnumScalar& value) const {
    const EnumValueDescriptor* const named =
        value.type.FindValueByNumber(value.number);
    if (value.type.full_name() == "google.protobuf.NullValue") {
      out_->append("null");
    } else if (named == nullptr) {
      absl::StrAppend(out_, value.number);
    } else {
      absl::StrAppend(out_, "\"", named->name(), "\"");
    }
  }
  void operator()(const BytesScalar& value) const {
    absl::StrAppend(out_, "\"", absl::Base64Escape(value.bytes), "\"");
  }
  void operator()(absl::string_view text) const { AppendJsonText(text, out_); }

 private:
  std::string* const out_;
};

// The value of `field`, which is set; `index` is -1 unless it is repeated.
absl::Status AppendValue(const Message& message, const FieldDescriptor& field,
                         int index, std::string* out) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    WriteScalar(message, field, index, JsonScalarWriter(out));
    return absl::OkStatus();
  }
  const Reflection& reflection = *message.GetReflection();
  return AppendMessageJson(
      index < 0 ? reflection.GetMessage(message, &field)
                : reflection.GetRepeatedMessage(message, &field, index),
      out);
}

}  // namespace

absl::Status AppendMessageJson(const Message& message, std::string* out) {
  if (message.GetDescriptor()->file()->package() == "google.protobuf") {
    return AppendWellKnown(message, out);
  }
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (IsLeftToProtobuf(*field)) return AppendByProtobuf(message, out);
  }
  char before = '{';
  for (const FieldDescriptor* field : fields) {
    out->push_back(before);
    before = ',';
    absl::StrAppend(out, "\"", field->name(), "\":");
    if (!field->is_repeated()) {
      SUBROSA_RETURN_IF_ERROR(AppendValue(message, *field, -1, out));
      continue;
    }
    const int size = reflection.FieldSize(message, field);
    for (int i = 0; i < size; ++i) {
      out->push_back(i == 0 ? '[' : ',');
      SUBROSA_RETURN_IF_ERROR(AppendValue(message, *field, i, out));
    }
    out->push_back(']');
  }
  if (fields.empty()) out->push_back('{');
  out->push_back('}');
  return absl::OkStatus();
}

}  // namespace subrosa
