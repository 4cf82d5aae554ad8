#include "src/ingest/wire_checker.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simdjson.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/seen_fields.h"
#include "src/ingest/wire.h"

namespace subrosa {

using ::google::protobuf::FieldDescriptor;

// One value as it stands in the wire format.
struct WireChecker::Value {
  WireType type = WireType::kVarint;
  uint64_t number = 0;      // Of a varint.
  absl::string_view bytes;  // Of the others.
};

namespace {

constexpr absl::string_view kTypeUrlPrefix = "type.googleapis.com/";
// 0001-01-01 and 10000-01-01 in seconds since 1970; ten thousand years.
constexpr int64_t kFirstSecond = -62135596800;
constexpr int64_t kEndSecond = 253402300800;
constexpr int64_t kMaxDurationSeconds = 315576000000;
constexpr int32_t kMaxNanos = 999999999;

bool TakeBytes(size_t size, absl::string_view* wire, absl::string_view* bytes) {
  if (wire->size() < size) return false;
  *bytes = wire->substr(0, size);
  wire->remove_prefix(size);
  return true;
}

WireType TypeOf(uint32_t tag) { return static_cast<WireType>(tag & 7); }

// Groups have types of their own, and are not read.
bool IsWireType(uint64_t type) {
  return type == 0 || type == 1 || type == 2 || type == 5;
}

bool IsPackable(const FieldPlan& plan) {
  return plan.is_repeated && plan.field->is_packable();
}

}  // namespace

bool TakeVarint(absl::string_view* wire, uint64_t* number) {
  *number = 0;
  for (size_t i = 0; i < wire->size() && i < 10; ++i) {
    const uint64_t byte = static_cast<unsigned char>((*wire)[i]);
    *number |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      if (i == 9 && byte > 1) return false;
      wire->remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

bool WireChecker::TakeValue(absl::string_view* wire, Value* value) {
  uint64_t size;
  switch (value->type) {
    case WireType::kVarint:
      return TakeVarint(wire, &value->number);
    case WireType::kFixed64:
      return TakeBytes(8, wire, &value->bytes);
    case WireType::kFixed32:
      return TakeBytes(4, wire, &value->bytes);
    case WireType::kLengthDelimited:
      return TakeVarint(wire, &size) && size <= wire->size() &&
             TakeBytes(static_cast<size_t>(size), wire, &value->bytes);
  }
  return false;
}

absl::Status WireChecker::Check(absl::string_view wire,
                                const MessagePlan& plan) {
  roles_ = RoleValues();
  if (Message(wire, plan, 1)) return absl::OkStatus();
  return fault_.ToStatus("record");
}

bool WireChecker::Message(absl::string_view wire, const MessagePlan& plan,
                          int depth) {
  if (depth > kMaxDepth) {
    return fault_.Wrong(absl::StrCat("at most ", kMaxDepth, " levels"), "more");
  }
  const std::string& type_name = plan.type->full_name();
  SeenFields seen(plan);
  int index = -1;
  while (!wire.empty()) {
    uint64_t tag;
    if (!TakeVarint(&wire, &tag) || tag > ~uint32_t{0} || tag < 8) {
      return fault_.Wrong(type_name, "bytes that are none");
    }
    const int number = static_cast<int>(tag >> 3);
    Value value;
    value.type = TypeOf(static_cast<uint32_t>(tag));
    if (!IsWireType(tag & 7)) {
      return fault_.Wrong(type_name, "bytes that are none");
    }
    if (!TakeValue(&wire, &value)) {
      return fault_.Wrong(type_name, "bytes that end too early");
    }
    index = plan.IndexOf(number, index);
    if (index < 0) {
      return fault_.Wrong(absl::StrCat("a field of ", type_name),
                          absl::StrCat("an unknown one with number ", number));
    }
    const FieldPlan& field = plan.fields[index];
    if (!seen.Add(index) && !field.is_repeated) {
      fault_.Wrong("it once", "it twice");
      return fault_.In(field.field->name());
    }
    if (!Field(field, value, depth)) return fault_.In(field.field->name());
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

bool WireChecker::Field(const FieldPlan& plan, const Value& value, int depth) {
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
  const WireType type = plan.wire_type;
  while (!bytes.empty()) {
    Value value;
    value.type = type;
    const bool complete = type == WireType::kVarint
                              ? TakeVarint(&bytes, &value.number)
                              : TakeBytes(type == WireType::kFixed64 ? 8 : 4,
                                          &bytes, &value.bytes);
    if (!complete)
      return fault_.Wrong("packed values", "bytes that end too early");
    if (!Scalar(plan, value)) return false;
  }
  return true;
}

bool WireChecker::Scalar(const FieldPlan& plan, const Value& value) {
  if (plan.field->type() == FieldDescriptor::TYPE_STRING &&
      !simdjson::validate_utf8(value.bytes.data(), value.bytes.size())) {
    return fault_.Wrong("UTF-8", "other bytes");
  }
  if (plan.field->type() == FieldDescriptor::TYPE_ENUM &&
      plan.field->enum_type()->FindValueByNumber(static_cast<int32_t>(
          static_cast<uint32_t>(value.number))) == nullptr) {
    return fault_.Wrong(
        absl::StrCat("a value of ", plan.field->enum_type()->full_name()),
        "an unknown number");
  }
  return true;
}

bool WireChecker::SecondsAndNanos(absl::string_view wire, MessageShape shape) {
  int64_t seconds = 0;
  int64_t nanos = 0;
  while (!wire.empty()) {
    uint64_t tag, number;
    if (!TakeVarint(&wire, &tag) || !TakeVarint(&wire, &number) ||
        (tag != WireTag(1, WireType::kVarint) &&
         tag != WireTag(2, WireType::kVarint))) {
      return fault_.Wrong("seconds and nanos", "other bytes");
    }
    (tag >> 3 == 1 ? seconds : nanos) = static_cast<int64_t>(number);
  }
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
    uint64_t tag, size;
    absl::string_view bytes;
    if (!TakeVarint(&wire, &tag) || !TakeVarint(&wire, &size) ||
        size > wire.size() ||
        !TakeBytes(static_cast<size_t>(size), &wire, &bytes) ||
        (tag != WireTag(1, WireType::kLengthDelimited) &&
         tag != WireTag(2, WireType::kLengthDelimited))) {
      return fault_.Wrong("a type and a message", "other bytes");
    }
    absl::string_view& part = tag >> 3 == 1 ? url : content;
    if (part.data() != nullptr) return fault_.Wrong("it once", "it twice");
    part = bytes;
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
