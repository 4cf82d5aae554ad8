#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/ingest/json_message.h"
#include "src/ingest/json_token.h"
#include "src/ingest/message_types.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/wire.h"

// The parts of JsonMessage that read what holds other values: messages, in each
// of their shapes, lists and maps.
namespace subrosa {
namespace {

namespace ondemand = simdjson::ondemand;
using ::google::protobuf::FieldDescriptor;

constexpr absl::string_view kTypeUrlPrefix = "type.googleapis.com/";

}  // namespace

// Appends the content of a message, without tag and length.
bool JsonMessage::Message(const MessagePlan& plan, Value value, int depth) {
  if (depth > kMaxDepth) {
    return fault_.Wrong(absl::StrCat("at most ", kMaxDepth, " levels"), "more");
  }
  switch (plan.shape) {
    case MessageShape::kFields:
      return FieldsOf(plan, value, depth);
    case MessageShape::kAny:
      return Any(value, depth);
    case MessageShape::kWrapper:
      return Single(plan.fields[0], value, depth, false);
    case MessageShape::kUnread:
      return fault_.Wrong("a type that is read from JSON",
                          plan.type->full_name());
    default:
      break;
  }
  JsonValue scalar;
  if (!Scalar(value, &scalar)) return false;
  if (plan.shape == MessageShape::kDuration) return Duration(scalar);
  return Time(scalar);
}

bool JsonMessage::Time(const JsonValue& value) {
  constexpr absl::string_view kWant =
      "a time of RFC 3339 in the years 1 to 9999";
  if (value.kind != JsonKind::kString)
    return fault_.Wrong(kWant, NameOf(value.kind));
  last_time_ = ParseRfc3339(value.text);
  if (!last_time_.has_value()) return fault_.Wrong(kWant, "another string");
  AppendSecondsAndNanos(last_time_->seconds, last_time_->nanos);
  return true;
}

// Timestamp and Duration have the same fields.
void JsonMessage::AppendSecondsAndNanos(int64_t seconds, int64_t nanos) {
  if (seconds != 0) {
    AppendVarint(WireTag(1, WireType::kVarint), out_);
    AppendVarint(static_cast<uint64_t>(seconds), out_);
  }
  if (nanos != 0) {
    AppendVarint(WireTag(2, WireType::kVarint), out_);
    AppendVarint(static_cast<uint64_t>(nanos), out_);
  }
}

bool JsonMessage::Duration(const JsonValue& value) {
  constexpr absl::string_view kWant =
      "a duration in seconds (\"3.5s\") of at most 10000 years";
  if (value.kind != JsonKind::kString)
    return fault_.Wrong(kWant, NameOf(value.kind));
  const std::optional<TextDuration> parsed = ParseDuration(value.text);
  if (!parsed.has_value()) return fault_.Wrong(kWant, "another string");
  AppendSecondsAndNanos(parsed->seconds, parsed->nanos);
  return true;
}

bool JsonMessage::FieldsOf(const MessagePlan& plan, Value value, int depth) {
  JsonValue scalar;
  if (!Scalar(value, &scalar)) return false;
  if (scalar.kind != JsonKind::kObject) {
    return fault_.Wrong("an object", NameOf(scalar.kind));
  }
  ondemand::object object;
  if (auto error = value.get_object().get(object)) return Broken(error);
  ondemand::object_iterator at, end;
  if (auto error = object.begin().get(at)) return Broken(error);
  if (auto error = object.end().get(end)) return Broken(error);
  return Fields(plan, at, end, depth, false);
}

// Reads the first "@type" of `object`, and leaves `object` at its start.
bool JsonMessage::TypeOfAny(Object* object, absl::string_view* url) {
  ondemand::object_iterator at, end;
  if (auto error = object->begin().get(at)) return Broken(error);
  if (auto error = object->end().get(end)) return Broken(error);
  absl::string_view token;
  for (; at != end; ++at) {
    ondemand::field field;
    if (auto error = (*at).get(field)) return Broken(error);
    // Compared as it is written: what is unescaped twice overruns the parser.
    const char* const key = field.key().raw();
    if (json_end_ - key >= 6 && std::memcmp(key, "@type\"", 6) == 0) {
      token = TrimToken(field.value().raw_json_token());
      break;
    }
  }
  if (token.size() < 2 || token.front() != '"' || token.back() != '"') {
    fault_.Wrong(absl::StrCat(kTypeUrlPrefix, " and a message's name"),
                 token.empty() ? "none" : "something else");
    return fault_.In("@type");
  }
  *url = token.substr(1, token.size() - 2);
  bool is_not_empty;
  if (auto error = object->reset().get(is_not_empty)) return Broken(error);
  return true;
}

bool JsonMessage::Any(Value value, int depth) {
  JsonValue scalar;
  if (!Scalar(value, &scalar)) return false;
  if (scalar.kind != JsonKind::kObject) {
    return fault_.Wrong("an object with @type", NameOf(scalar.kind));
  }
  ondemand::object object;
  if (auto error = value.get_object().get(object)) return Broken(error);
  absl::string_view url;
  if (!TypeOfAny(&object, &url)) return false;
  if (url.substr(0, kTypeUrlPrefix.size()) != kTypeUrlPrefix) {
    fault_.Wrong(absl::StrCat(kTypeUrlPrefix, " and a message's name"),
                 "another form");
    return fault_.In("@type");
  }
  const MessagePlan* const plan = plans_->ForUrl(url);
  if (plan == nullptr) {
    fault_.Wrong("the name of a known message", "an unknown one");
    return fault_.In("@type");
  }
  if (plan->shape != MessageShape::kFields || !IsMarked(*plan->type)) {
    fault_.Wrong("a message with marks", plan->type->full_name());
    return fault_.In("@type");
  }
  AppendLengthDelimited(WireTag(1, WireType::kLengthDelimited), url, out_);
  const size_t begin = out_->size();
  AppendVarint(WireTag(2, WireType::kLengthDelimited), out_);
  const size_t start = OpenLength(out_);
  ondemand::object_iterator at, end;
  if (auto error = object.begin().get(at)) return Broken(error);
  if (auto error = object.end().get(end)) return Broken(error);
  // Roles count at the top level only, and an Any is never that.
  if (!Fields(*plan, at, end, depth + 1, true)) return false;
  if (out_->size() == start) {
    out_->resize(begin);
  } else {
    CloseLength(start, out_);
  }
  return true;
}

bool JsonMessage::List(const FieldPlan& plan, Value value, int depth) {
  JsonValue scalar;
  if (!Scalar(value, &scalar)) return false;
  if (scalar.kind != JsonKind::kList) {
    return fault_.Wrong("a list", NameOf(scalar.kind));
  }
  ondemand::array array;
  if (auto error = value.get_array().get(array)) return Broken(error);
  const size_t begin = out_->size();
  size_t start = 0;
  if (plan.is_packed) {
    AppendVarint(plan.tag, out_);
    start = OpenLength(out_);
  }
  size_t index = 0;
  for (auto element : array) {
    ondemand::value item;
    if (auto error = element.get(item)) return Broken(error);
    bool ok;
    if (plan.is_packed) {
      ok = Scalar(item, &scalar);
      if (ok) {
        bool is_default;
        std::optional<Mismatch> mismatch =
            AppendScalar(*plan.field, scalar, out_, &is_default);
        if (mismatch.has_value())
          ok = fault_.Wrong(mismatch->want, mismatch->got);
      }
    } else {
      ok = Single(plan, item, depth, true);
    }
    if (!ok) return fault_.In(absl::StrCat("[", index, "]"));
    ++index;
  }
  if (index == 0) {
    out_->resize(begin);
  } else if (plan.is_packed) {
    CloseLength(start, out_);
  }
  return true;
}

bool JsonMessage::Map(const FieldPlan& plan, Value value, int depth) {
  JsonValue scalar;
  if (!Scalar(value, &scalar)) return false;
  if (scalar.kind != JsonKind::kObject) {
    return fault_.Wrong("an object", NameOf(scalar.kind));
  }
  ondemand::object object;
  if (auto error = value.get_object().get(object)) return Broken(error);
  const size_t first_part = parts_.size();
  std::vector<std::string> keys;
  for (auto entry : object) {
    ondemand::field field;
    if (auto error = std::move(entry).get(field)) return Broken(error);
    absl::string_view key;
    if (auto error = ReadKey(&field, json_end_, &key)) return Broken(error);
    const size_t begin = out_->size();
    keys.emplace_back();
    if (!MapEntry(plan, key, field.value(), depth, &keys.back())) {
      return fault_.In("[*]");
    }
    parts_.Add(0, begin, out_->size());
  }
  // By key, so that equal maps give equal bytes.
  std::vector<size_t> order(keys.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return keys[a] < keys[b]; });
  for (size_t rank = 0; rank < order.size(); ++rank) {
    if (rank > 0 && keys[order[rank]] == keys[order[rank - 1]]) {
      return fault_.Wrong("each key once", "one twice");
    }
    parts_.SetOrder(first_part + order[rank], rank);
  }
  parts_.Sort(first_part, out_);
  parts_.Drop(first_part);
  return true;
}

bool JsonMessage::MapEntry(const FieldPlan& plan, absl::string_view key,
                           Value value, int depth, std::string* encoded_key) {
  const MessagePlan& entry = *plan.message;
  JsonValue key_value{JsonKind::kString, key};
  if (entry.fields[0].field->type() == FieldDescriptor::TYPE_BOOL) {
    if (key == "true") key_value.kind = JsonKind::kTrue;
    if (key == "false") key_value.kind = JsonKind::kFalse;
  }
  AppendVarint(plan.tag, out_);
  const size_t start = OpenLength(out_);
  AppendVarint(entry.fields[0].tag, out_);
  bool is_default;
  if (std::optional<Mismatch> mismatch = AppendScalar(
          *entry.fields[0].field, key_value, encoded_key, &is_default)) {
    return fault_.Wrong(absl::StrCat("a key that is ", mismatch->want),
                        "another string");
  }
  out_->append(*encoded_key);
  if (!Single(entry.fields[1], value, depth + 1, true)) return false;
  CloseLength(start, out_);
  return true;
}

}  // namespace subrosa
