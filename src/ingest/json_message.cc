#include "src/ingest/json_message.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "src/ingest/json_padding.h"
#include "src/ingest/json_token.h"
#include "src/ingest/seen_fields.h"
#include "src/ingest/wire.h"

namespace subrosa {
namespace {

namespace ondemand = simdjson::ondemand;
using ::google::protobuf::FieldDescriptor;

constexpr size_t kMaxShownName = 64;
static_assert(kJsonPaddingBytes >= simdjson::SIMDJSON_PADDING,
              "simdjson reads this far behind a text");

// True for what a field could be called: a key that is anything else may be
// somebody's data, and is not repeated in errors.
bool IsShownName(absl::string_view name) {
  if (name.empty() || name.size() > kMaxShownName) return false;
  if (name.front() >= '0' && name.front() <= '9') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_';
  });
}

// Fields mostly come in the order of their numbers, so try `expected` first.
int FindField(const MessagePlan& plan, absl::string_view key, int expected) {
  if (expected < static_cast<int>(plan.fields.size()) &&
      plan.fields[expected].field->json_name() == key) {
    return expected;
  }
  const auto found = plan.by_name.find(key);
  return found == plan.by_name.end() ? -1 : found->second;
}

}  // namespace

absl::Status JsonMessage::Decode(absl::string_view json,
                                 const MessagePlan& plan, std::string* wire) {
  wire->clear();
  out_ = wire;
  parts_.Clear();
  roles_ = RoleValues();
  json_end_ = json.data() + json.size();
  if (Document(json, plan)) return absl::OkStatus();
  return fault_.ToStatus("line");
}

bool JsonMessage::Document(absl::string_view json, const MessagePlan& plan) {
  ondemand::document document;
  if (auto error = parser_
                       .iterate(json.data(), json.size(),
                                json.size() + kJsonPaddingBytes)
                       .get(document)) {
    return Broken(error);
  }
  ondemand::json_type type;
  if (auto error = document.type().get(type)) return Broken(error);
  if (type != ondemand::json_type::object) {
    return fault_.Wrong(
        "an object", type == ondemand::json_type::array ? "a list" : "a value");
  }
  ondemand::object object;
  if (auto error = document.get_object().get(object)) return Broken(error);
  ondemand::object_iterator at, end;
  if (auto error = object.begin().get(at)) return Broken(error);
  if (auto error = object.end().get(end)) return Broken(error);
  if (!Fields(plan, at, end, 1, false)) return false;
  const char* rest;
  if (!document.current_location().get(rest)) {
    return fault_.Wrong("one object", "more after it");
  }
  return true;
}

bool JsonMessage::Fields(const MessagePlan& plan, ObjectIterator at,
                         ObjectIterator end, int depth, bool in_any) {
  SeenFields seen(plan);
  const size_t first_part = parts_.size();
  bool in_order = true;
  int last = -1;
  int types = 0;
  for (; at != end; ++at) {
    ondemand::field field;
    if (auto error = (*at).get(field)) return Broken(error);
    absl::string_view key;
    if (auto error = ReadKey(&field, json_end_, &key)) return Broken(error);
    if (in_any && key == "@type") {
      if (++types == 1) continue;
      fault_.Wrong("it once", "it twice");
      return fault_.In(key);
    }
    const int index = FindField(plan, key, last + 1);
    if (index < 0) return UnknownField(plan, key);
    const FieldPlan& field_plan = plan.fields[index];
    const size_t begin = out_->size();
    if (!seen.Add(index)) {
      fault_.Wrong("it once", "it twice");
      return fault_.In(field_plan.field->name());
    }
    if (!Field(field_plan, field.value(), depth)) {
      return fault_.In(field_plan.field->name());
    }
    if (out_->size() > begin) {
      if (field_plan.oneof >= 0 && !seen.AddOneof(field_plan.oneof)) {
        fault_.Wrong("one member of its oneof", "a second one");
        return fault_.In(field_plan.field->name());
      }
      parts_.Add(static_cast<uint64_t>(index), begin, out_->size());
    }
    in_order = in_order && index > last;
    last = index;
  }
  const FieldPlan* const missing = seen.MissingRequired();
  if (missing != nullptr) {
    fault_.Wrong("a value", "none");
    return fault_.In(missing->field->name());
  }
  if (!in_order) parts_.Sort(first_part, out_);
  parts_.Drop(first_part);
  return true;
}

bool JsonMessage::UnknownField(const MessagePlan& plan, absl::string_view key) {
  const std::string want = absl::StrCat("a field of ", plan.type->full_name());
  if (!IsShownName(key)) {
    return fault_.Wrong(
        want, absl::StrCat("an unknown one of ", key.size(), " bytes"));
  }
  fault_.Wrong(want, "an unknown one");
  return fault_.In(key);
}

bool JsonMessage::Field(const FieldPlan& plan, Value value, int depth) {
  if (value.raw_json_token().front() == 'n') {
    JsonValue null;  // Null is absent.
    return Scalar(value, &null);
  }
  if (plan.field->is_map()) return Map(plan, value, depth);
  if (plan.is_repeated) return List(plan, value, depth);
  return Single(plan, value, depth, plan.has_presence);
}

bool JsonMessage::Single(const FieldPlan& plan, Value value, int depth,
                         bool keep_default) {
  const size_t begin = out_->size();
  AppendVarint(plan.tag, out_);
  if (plan.message != nullptr) {
    const size_t start = OpenLength(out_);
    if (!Message(*plan.message, value, depth + 1)) return false;
    CloseLength(start, out_);
    if (depth == 1 && plan.role == v1::FIELD_ROLE_EFFECTIVE) {
      roles_.effective = last_time_;
    }
    return true;
  }
  JsonValue scalar;
  if (!Scalar(value, &scalar)) return false;
  bool is_default = false;
  if (std::optional<Mismatch> mismatch =
          AppendScalar(*plan.field, scalar, out_, &is_default)) {
    return fault_.Wrong(mismatch->want, mismatch->got);
  }
  if (is_default && !keep_default) out_->resize(begin);
  if (depth == 1) KeepRole(plan, scalar);
  return true;
}

void JsonMessage::KeepRole(const FieldPlan& plan, const JsonValue& value) {
  if (plan.field->type() != FieldDescriptor::TYPE_STRING) return;
  if (plan.role == v1::FIELD_ROLE_CONSUMER) roles_.consumer = value.text;
  if (plan.role == v1::FIELD_ROLE_RECORD_ID) roles_.record_id = value.text;
}

bool JsonMessage::Scalar(Value value, JsonValue* scalar) {
  const simdjson::error_code error = ReadValue(value, json_end_, scalar);
  return error == simdjson::SUCCESS || Broken(error);
}

bool JsonMessage::Broken(simdjson::error_code error) {
  if (error == simdjson::UTF8_ERROR) {
    return fault_.WrongAsWhole("UTF-8", "other bytes");
  }
  return fault_.WrongAsWhole("JSON", NameOf(error));
}

}  // namespace subrosa
