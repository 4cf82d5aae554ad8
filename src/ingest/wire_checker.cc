#include "src/ingest/wire_checker.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simdjson.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/seen_fields.h"

namespace subrosa {

using ::google::protobuf::FieldDescriptor;

namespace {

constexpr absl::string_view kTypeUrlPrefix = "type.googleapis.com/";
// 0001-01-01 and 10000-01-01 in seconds since 1970; ten thousand years.
constexpr int64_t kFirstSecond = -62135596800;
constexpr int64_t kEndSecond = 253402300800;
constexpr int64_t kMaxDurationSeconds = 315576000000;
constexpr int32_t kMaxNanos = 999999999;

bool IsPackable(const FieldPlan& plan) {
  return plan.is_repeated && plan.field->is_packable();
}

size_t FixedSize(WireType type) { return type == WireType::kFixed64 ? 8 : 4; }

// How many values of `plan` stand in `value`.
size_t CountValues(const FieldPlan& plan, const WireField& value) {
  if (value.type != WireType::kLengthDelimited || !IsPackable(plan)) return 1;
  if (plan.wire_type != WireType::kVarint) {
    return value.bytes.size() / FixedSize(plan.wire_type);
  }
  return static_cast<size_t>(std::count_if(
      value.bytes.begin(), value.bytes.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

// The field of `wire`, which has been checked, with `number`; an empty one if
// it has none.
WireField FindField(absl::string_view wire, int number) {
  for (;;) {
    WireField field;
    if (wire.empty() || TakeField(&wire, &field) != TakeResult::kTaken) {
      return WireField();
    }
    if (field.number == number) return field;
  }
}

// A negative number of 32 bits has its sign in all 64; some writers leave the
// upper half out.
bool FitsInt32(uint64_t number) {
  return number <= ~uint32_t{0} ||
         static_cast<int64_t>(number) == static_cast<int32_t>(number);
}

}  // namespace

// Two entries of one key are one for a reader: the first would be kept unseen.
class WireChecker::MapKeys {
 public:
  // Notes the key of `entry`, the bytes of one of the map `plan`, whose index
  // is `index`. False if that map has had it.
  bool Add(const FieldPlan& plan, int index, absl::string_view entry) {
    const FieldDescriptor& key = *plan.message->fields[0].field;
    const WireField field = FindField(entry, key.number());
    uint64_t number = field.varint;
    // However it was written.
    if (key.cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
      number = static_cast<uint32_t>(number);
    }
    // An absent key is the default one, which some writers write out.
    absl::string_view bytes = field.bytes;
    if (key.type() != FieldDescriptor::TYPE_STRING &&
        bytes.find_first_not_of('\0') == absl::string_view::npos) {
      bytes = {};
    }
    return seen_.insert(absl::StrCat(index, " ", number, " ", bytes)).second;
  }

 private:
  absl::flat_hash_set<std::string> seen_;
};

absl::Status WireChecker::Check(absl::string_view wire,
                                const MessagePlan& plan) {
  roles_ = RoleValues();
  if (Message(wire, plan, 1)) return absl::OkStatus();
  return fault_.ToStatus("record");
}

bool WireChecker::FaultIn(const FieldPlan& plan, absl::string_view message) {
  if (plan.field->is_map()) {
    fault_.In("[*]");
  } else if (plan.is_repeated) {
    size_t index = packed_index_;
    for (WireField field; !message.empty();) {
      if (TakeField(&message, &field) != TakeResult::kTaken) break;
      if (field.number == plan.field->number() && !message.empty()) {
        index += CountValues(plan, field);
      }
    }
    fault_.In(absl::StrCat("[", index, "]"));
  }
  packed_index_ = 0;
  return fault_.In(plan.field->name());
}

bool WireChecker::Message(absl::string_view wire, const MessagePlan& plan,
                          int depth) {
  if (depth > kMaxDepth) {
    return fault_.Wrong(absl::StrCat("at most ", kMaxDepth, " levels"), "more");
  }
  const std::string& type_name = plan.type->full_name();
  const absl::string_view whole = wire;
  SeenFields seen(plan);
  MapKeys keys;
  int index = -1;
  while (!wire.empty()) {
    WireField value;
    switch (TakeField(&wire, &value)) {
      case TakeResult::kTaken:
        break;
      case TakeResult::kNone:
        return fault_.Wrong(type_name, "bytes that are none");
      case TakeResult::kShort:
        return fault_.Wrong(type_name, "bytes that end too early");
    }
    index = plan.IndexOf(value.number, index);
    if (index < 0) {
      return fault_.Wrong(
          absl::StrCat("a field of ", type_name),
          absl::StrCat("an unknown one with number ", value.number));
    }
    const FieldPlan& field = plan.fields[index];
    if (!seen.Add(index) && !field.is_repeated) {
      fault_.Wrong("it once", "it twice");
      return fault_.In(field.field->name());
    }
    if (field.oneof >= 0 && !seen.AddOneof(field.oneof)) {
      fault_.Wrong("one member of its oneof", "a second one");
      return fault_.In(field.field->name());
    }
    if (!Field(field, value, depth)) {
      return FaultIn(field, whole.substr(0, whole.size() - wire.size()));
    }
    if (field.field->is_map() && !keys.Add(field, index, value.bytes)) {
      fault_.Wrong("each key once", "one twice");
      return fault_.In(field.field->name());
    }
    if (depth > 1 || field.role == v1::FIELD_ROLE_UNSPECIFIED) continue;
    if (field.role == v1::FIELD_ROLE_CONSUMER) roles_.consumer = value.bytes;
    if (field.role == v1::FIELD_ROLE_RECORD_ID) roles_.record_id = value.bytes;
    if (field.role == v1::FIELD_ROLE_EFFECTIVE) roles_.effective = last_time_;
  }
  const FieldPlan* const missing = seen.MissingRequired();
  if (missing == nullptr) return true;
  fault_.Wrong("a value", "none");
  return fault_.In(missing->field->name());
}

bool WireChecker::Field(const FieldPlan& plan, const WireField& value,
                        int depth) {
  if (plan.field->type() == FieldDescriptor::TYPE_GROUP) {
    return fault_.Wrong("a field that is no group", "one");
  }
  if (value.type == WireType::kLengthDelimited && IsPackable(plan)) {
    return Packed(plan, value.bytes);
  }
  if (value.type != plan.wire_type) {
    return fault_.Wrong(
        absl::StrCat("a value of type ", plan.field->type_name()),
        "one of another wire type");
  }
  if (plan.message == nullptr) return Scalar(plan, value);
  switch (plan.message->shape) {
    case MessageShape::kAny:
      return Any(value.bytes, depth + 1);
    case MessageShape::kTimestamp:
    case MessageShape::kDuration:
      return SecondsAndNanos(value.bytes, plan.message->shape);
    default:
      return Message(value.bytes, *plan.message, depth + 1);
  }
}

bool WireChecker::Packed(const FieldPlan& plan, absl::string_view bytes) {
  WireField value;
  value.type = plan.wire_type;
  for (packed_index_ = 0; !bytes.empty(); ++packed_index_) {
    const bool complete =
        value.type == WireType::kVarint
            ? TakeVarint(&bytes, &value.varint)
            : TakeBytes(FixedSize(value.type), &bytes, &value.bytes);
    if (!complete) {
      return fault_.Wrong("packed values", "bytes that end too early");
    }
    if (!Scalar(plan, value)) return false;
  }
  packed_index_ = 0;
  return true;
}

bool WireChecker::Scalar(const FieldPlan& plan, const WireField& value) {
  if (value.type == WireType::kVarint) return Number(plan, value.varint);
  return plan.field->type() != FieldDescriptor::TYPE_STRING ||
         simdjson::validate_utf8(value.bytes.data(), value.bytes.size()) ||
         fault_.Wrong("UTF-8", "other bytes");
}

bool WireChecker::Number(const FieldPlan& plan, uint64_t number) {
  constexpr absl::string_view kOutside = "a number out of range";
  switch (plan.field->type()) {
    case FieldDescriptor::TYPE_INT32:
      return FitsInt32(number) ||
             fault_.Wrong("an integer in 32 bits", kOutside);
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_SINT32:
      return number <= ~uint32_t{0} ||
             fault_.Wrong("an integer in 32 bits", kOutside);
    case FieldDescriptor::TYPE_BOOL:
      return number <= 1 || fault_.Wrong("true or false", kOutside);
    case FieldDescriptor::TYPE_ENUM:
      return (FitsInt32(number) &&
              plan.field->enum_type()->FindValueByNumber(
                  static_cast<int32_t>(number)) != nullptr) ||
             fault_.Wrong(absl::StrCat("a value of ",
                                       plan.field->enum_type()->full_name()),
                          "an unknown number");
    default:
      return true;
  }
}

bool WireChecker::SecondsAndNanos(absl::string_view wire, MessageShape shape) {
  std::optional<int64_t> parts[2];
  while (!wire.empty()) {
    WireField field;
    if (TakeField(&wire, &field) != TakeResult::kTaken || field.number > 2 ||
        field.type != WireType::kVarint) {
      return fault_.Wrong("seconds and nanos", "other bytes");
    }
    std::optional<int64_t>& part = parts[field.number - 1];
    if (part.has_value()) return fault_.Wrong("each part once", "one twice");
    part = static_cast<int64_t>(field.varint);
  }
  const int64_t seconds = parts[0].value_or(0);
  const int64_t nanos = parts[1].value_or(0);
  if (shape == MessageShape::kTimestamp) {
    if (seconds < kFirstSecond || seconds >= kEndSecond || nanos < 0 ||
        nanos > kMaxNanos) {
      return fault_.Wrong("a time in the years 1 to 9999", "one outside");
    }
    last_time_ = TextTime();
    last_time_.seconds = seconds;
    last_time_.nanos = static_cast<int32_t>(nanos);
    return true;
  }
  if (seconds < -kMaxDurationSeconds || seconds > kMaxDurationSeconds ||
      nanos < -kMaxNanos || nanos > kMaxNanos || (seconds > 0 && nanos < 0) ||
      (seconds < 0 && nanos > 0)) {
    return fault_.Wrong("a duration of at most 10000 years", "another");
  }
  return true;
}

bool WireChecker::Any(absl::string_view wire, int depth) {
  absl::string_view url, content;
  while (!wire.empty()) {
    WireField field;
    if (TakeField(&wire, &field) != TakeResult::kTaken || field.number > 2 ||
        field.type != WireType::kLengthDelimited) {
      return fault_.Wrong("a type and a message", "other bytes");
    }
    absl::string_view& part = field.number == 1 ? url : content;
    if (part.data() != nullptr) return fault_.Wrong("it once", "it twice");
    part = field.bytes;
  }
  if (!absl::StartsWith(url, kTypeUrlPrefix)) {
    fault_.Wrong(absl::StrCat(kTypeUrlPrefix, " and a message's name"),
                 url.empty() ? "none" : "another form");
    return fault_.In("@type");
  }
  const MessagePlan* const plan = plans_->ForUrl(url);
  if (plan == nullptr) {
    fault_.Wrong("the name of a known message", "an unknown one");
    return fault_.In("@type");
  }
  if (!IsMarked(*plan->type)) {
    fault_.Wrong("a message with marks", plan->type->full_name());
    return fault_.In("@type");
  }
  return Message(content, *plan, depth);
}

}  // namespace subrosa
