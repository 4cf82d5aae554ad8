#include "src/ingest/json_decoder.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "simdjson.h"
#include "src/ingest/json_padding.h"
#include "src/ingest/json_scalar.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/wire.h"

namespace subrosa {
namespace {

namespace ondemand = simdjson::ondemand;
using ::google::protobuf::FieldDescriptor;

constexpr absl::string_view kTypeUrlPrefix = "type.googleapis.com/";
constexpr size_t kMaxShownName = 64;
static_assert(kJsonPaddingBytes >= simdjson::SIMDJSON_PADDING,
              "simdjson reads this far behind a text");

absl::string_view View(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}

bool IsJsonSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// A token as simdjson gives it runs up to the next one.
absl::string_view Trim(absl::string_view token) {
  while (!token.empty() && IsJsonSpace(token.back())) token.remove_suffix(1);
  return token;
}

// What simdjson says of a text that is no JSON, in our words.
absl::string_view NameOf(simdjson::error_code error) {
  switch (error) {
    case simdjson::UNCLOSED_STRING:
      return "a string without its end";
    case simdjson::UNESCAPED_CHARS:
      return "a control character in a string";
    case simdjson::STRING_ERROR:
      return "a string with a wrong escape";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
    case simdjson::OUT_OF_BOUNDS:
      return "text that does not end with its object";
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC:
      return "more than fits in memory";
    default:
      return "text that is none";
  }
}

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

}  // namespace

// Functions return false once something is wrong; `path_`, `want_` and `got_`
// say what, and each level puts itself before `path_` on the way out.
class JsonDecoder::State {
 public:
  explicit State(MessagePlans* plans) : plans_(plans) {}

  absl::Status Decode(absl::string_view json, const MessagePlan& plan,
                      std::string* wire);
  const RoleValues& roles() const { return roles_; }

 private:
  // One field of a message, or one entry of a map, in the output.
  struct Part {
    uint64_t order;  // What it is sorted by.
    size_t begin;
    size_t end;
  };

  bool Document(absl::string_view json, const MessagePlan& plan);
  bool Object(const MessagePlan& plan, ondemand::value value, int depth);
  bool Fields(const MessagePlan& plan, ondemand::object_iterator at,
              ondemand::object_iterator end, int depth, bool in_any);
  bool Any(ondemand::value value, int depth);
  bool TypeOfAny(ondemand::object* object, absl::string_view* url);
  bool Field(const FieldPlan& plan, ondemand::value value, int depth);
  bool List(const FieldPlan& plan, ondemand::value value, int depth);
  bool Map(const FieldPlan& plan, ondemand::value value, int depth);
  bool MapEntry(const FieldPlan& plan, absl::string_view key,
                ondemand::value value, int depth, std::string* encoded_key);
  bool Single(const FieldPlan& plan, ondemand::value value, int depth,
              bool keep_default);
  bool Message(const MessagePlan& plan, ondemand::value value, int depth);
  bool Time(const JsonValue& value);
  bool Duration(const JsonValue& value);
  void AppendSecondsAndNanos(int64_t seconds, int64_t nanos);
  bool Scalar(ondemand::value value, JsonValue* scalar);
  bool KeyOf(ondemand::field* field, absl::string_view* key);
  int FindField(const MessagePlan& plan, absl::string_view key, int expected);
  void KeepRole(const FieldPlan& plan, const JsonValue& value);
  void Sort(size_t first_part);

  bool Wrong(absl::string_view want, absl::string_view got) {
    path_.clear();
    want_ = std::string(want);
    got_ = std::string(got);
    return false;
  }
  bool Broken(simdjson::error_code error) {
    is_broken_ = true;
    if (error == simdjson::UTF8_ERROR) return Wrong("UTF-8", "other bytes");
    return Wrong("JSON", NameOf(error));
  }
  bool In(absl::string_view name) {
    const bool joined = path_.empty() || path_.front() == '[';
    path_ = absl::StrCat(name, joined ? "" : ".", path_);
    return false;
  }

  MessagePlans* plans_;
  ondemand::parser parser_;
  const char* json_end_ = nullptr;
  std::string* out_ = nullptr;
  std::vector<Part> parts_;  // A stack: each message's are on top of its own.
  std::string sorted_;
  RoleValues roles_;
  std::optional<TextTime> last_time_;

  bool is_broken_ = false;
  std::string path_;
  std::string want_;
  std::string got_;
};

absl::Status JsonDecoder::State::Decode(absl::string_view json,
                                        const MessagePlan& plan,
                                        std::string* wire) {
  wire->clear();
  out_ = wire;
  parts_.clear();
  roles_ = RoleValues();
  is_broken_ = false;
  json_end_ = json.data() + json.size();
  if (Document(json, plan)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(is_broken_ || path_.empty() ? "line" : path_, ": want ",
                   want_, ", got ", got_));
}

bool JsonDecoder::State::Document(absl::string_view json,
                                  const MessagePlan& plan) {
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
    return Wrong("an object",
                 type == ondemand::json_type::array ? "a list" : "a value");
  }
  ondemand::object object;
  if (auto error = document.get_object().get(object)) return Broken(error);
  ondemand::object_iterator at, end;
  if (auto error = object.begin().get(at)) return Broken(error);
  if (auto error = object.end().get(end)) return Broken(error);
  if (!Fields(plan, at, end, 1, false)) return false;
  const char* rest;
  if (!document.current_location().get(rest)) {
    return Wrong("one object", "more after it");
  }
  return true;
}

bool JsonDecoder::State::Fields(const MessagePlan& plan,
                                ondemand::object_iterator at,
                                ondemand::object_iterator end, int depth,
                                bool in_any) {
  // A bit for each field, then one for each oneof.
  absl::InlinedVector<uint64_t, 2> seen(
      (plan.fields.size() + plan.type->oneof_decl_count()) / 64 + 1);
  const auto test_and_set = [&seen](size_t bit) {
    const uint64_t mask = uint64_t{1} << (bit % 64);
    const bool was_set = (seen[bit / 64] & mask) != 0;
    seen[bit / 64] |= mask;
    return was_set;
  };
  const size_t first_part = parts_.size();
  bool in_order = true;
  int last = -1;
  int types = 0;
  for (; at != end; ++at) {
    ondemand::field field;
    if (auto error = (*at).get(field)) return Broken(error);
    absl::string_view key;
    if (!KeyOf(&field, &key)) return false;
    if (in_any && key == "@type" && ++types == 1) continue;
    const int index = FindField(plan, key, last + 1);
    if (index < 0) {
      if (types > 1) {
        Wrong("it once", "it twice");
        return In(key);
      }
      const bool shown = IsShownName(key);
      Wrong(absl::StrCat("a field of ", plan.type->full_name()),
            shown ? "an unknown one"
                  : absl::StrCat("an unknown one of ", key.size(), " bytes"));
      return shown ? In(key) : false;
    }
    const FieldPlan& field_plan = plan.fields[index];
    if (test_and_set(index)) {
      Wrong("it once", "it twice");
      return In(field_plan.field->name());
    }
    const size_t begin = out_->size();
    if (!Field(field_plan, field.value(), depth)) {
      return In(field_plan.field->name());
    }
    if (out_->size() > begin) {
      if (field_plan.oneof >= 0 &&
          test_and_set(plan.fields.size() + field_plan.oneof)) {
        Wrong("one member of its oneof", "a second one");
        return In(field_plan.field->name());
      }
      parts_.push_back({static_cast<uint64_t>(index), begin, out_->size()});
    }
    in_order = in_order && index > last;
    last = index;
  }
  if (plan.has_required) {
    for (size_t i = 0; i < plan.fields.size(); ++i) {
      if (plan.fields[i].field->is_required() && !test_and_set(i)) {
        Wrong("a value", "none");
        return In(plan.fields[i].field->name());
      }
    }
  }
  if (!in_order) Sort(first_part);
  parts_.resize(first_part);
  return true;
}

// Puts the parts from `first_part` on, which lie one after another, in order.
void JsonDecoder::State::Sort(size_t first_part) {
  if (parts_.size() == first_part) return;
  const auto begin = parts_.begin() + first_part;
  const size_t offset = begin->begin;
  std::sort(begin, parts_.end(),
            [](const Part& a, const Part& b) { return a.order < b.order; });
  sorted_.clear();
  for (auto part = begin; part != parts_.end(); ++part) {
    sorted_.append(*out_, part->begin, part->end - part->begin);
  }
  std::memcpy(&(*out_)[offset], sorted_.data(), sorted_.size());
}

bool JsonDecoder::State::KeyOf(ondemand::field* field, absl::string_view* key) {
  const char* const start = field->key().raw();
  const char* at = start;
  while (at < json_end_ && *at != '"' && *at != '\\') ++at;
  if (at < json_end_ && *at == '"') {
    *key = absl::string_view(start, at - start);
    return true;
  }
  std::string_view unescaped;
  if (auto error = field->unescaped_key().get(unescaped)) return Broken(error);
  *key = View(unescaped);
  return true;
}

// Fields mostly come in the order of their numbers, so try `expected` first.
int JsonDecoder::State::FindField(const MessagePlan& plan,
                                  absl::string_view key, int expected) {
  if (expected < static_cast<int>(plan.fields.size()) &&
      plan.fields[expected].field->json_name() == key) {
    return expected;
  }
  const auto found = plan.by_name.find(key);
  return found == plan.by_name.end() ? -1 : found->second;
}

// Reads anything but the content of an object or a list, and leaves the value
// where it is: iterating passes over it.
bool JsonDecoder::State::Scalar(ondemand::value value, JsonValue* scalar) {
  const absl::string_view padded_token = View(value.raw_json_token());
  const absl::string_view token = Trim(padded_token);
  if (token.empty()) return Broken(simdjson::TAPE_ERROR);
  // The next token starts where this one ends. Passing over a string, simdjson
  // would take it for a key if a colon followed.
  const char* const next = padded_token.data() + padded_token.size();
  if (token.front() != '{' && token.front() != '[' &&
      (next >= json_end_ || (*next != ',' && *next != '}' && *next != ']'))) {
    return Broken(simdjson::TAPE_ERROR);
  }
  scalar->text = token;
  switch (token.front()) {
    case '"': {
      scalar->kind = JsonKind::kString;
      if (token.size() < 2 || token.back() != '"') {
        return Broken(simdjson::TAPE_ERROR);
      }
      scalar->text = token.substr(1, token.size() - 2);
      if (std::memchr(token.data(), '\\', token.size()) == nullptr) return true;
      std::string_view unescaped;
      if (auto error = value.get_string().get(unescaped)) return Broken(error);
      scalar->text = View(unescaped);
      return true;
    }
    case '{':
      scalar->kind = JsonKind::kObject;
      return true;
    case '[':
      scalar->kind = JsonKind::kList;
      return true;
    case 't':
      scalar->kind = JsonKind::kTrue;
      return token == "true" || Broken(simdjson::T_ATOM_ERROR);
    case 'f':
      scalar->kind = JsonKind::kFalse;
      return token == "false" || Broken(simdjson::F_ATOM_ERROR);
    case 'n':
      scalar->kind = JsonKind::kNull;
      return token == "null" || Broken(simdjson::N_ATOM_ERROR);
    default:
      scalar->kind = JsonKind::kNumber;
      return IsJsonNumber(token) || Broken(simdjson::NUMBER_ERROR);
  }
}

bool JsonDecoder::State::Field(const FieldPlan& plan, ondemand::value value,
                               int depth) {
  if (value.raw_json_token().front() == 'n') {
    JsonValue null;  // Null is absent.
    return Scalar(value, &null);
  }
  if (plan.field->is_map()) return Map(plan, value, depth);
  if (plan.is_repeated) return List(plan, value, depth);
  return Single(plan, value, depth, plan.has_presence);
}

bool JsonDecoder::State::Single(const FieldPlan& plan, ondemand::value value,
                                int depth, bool keep_default) {
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
    return Wrong(mismatch->want, mismatch->got);
  }
  if (is_default && !keep_default) out_->resize(begin);
  if (depth == 1) KeepRole(plan, scalar);
  return true;
}

void JsonDecoder::State::KeepRole(const FieldPlan& plan,
                                  const JsonValue& value) {
  if (plan.field->type() != FieldDescriptor::TYPE_STRING) return;
  if (plan.role == v1::FIELD_ROLE_CONSUMER) roles_.consumer = value.text;
  if (plan.role == v1::FIELD_ROLE_RECORD_ID) roles_.record_id = value.text;
}

// Appends the content of a message, without tag and length.
bool JsonDecoder::State::Message(const MessagePlan& plan, ondemand::value value,
                                 int depth) {
  if (depth > kMaxDepth) {
    return Wrong(absl::StrCat("at most ", kMaxDepth, " levels"), "more");
  }
  switch (plan.shape) {
    case MessageShape::kFields:
      return Object(plan, value, depth);
    case MessageShape::kAny:
      return Any(value, depth);
    case MessageShape::kWrapper:
      return Single(plan.fields[0], value, depth, false);
    case MessageShape::kUnread:
      return Wrong("a type that is read from JSON", plan.type->full_name());
    default:
      break;
  }
  JsonValue scalar;
  if (!Scalar(value, &scalar)) return false;
  if (plan.shape == MessageShape::kDuration) return Duration(scalar);
  return Time(scalar);
}

bool JsonDecoder::State::Time(const JsonValue& value) {
  constexpr absl::string_view kWant =
      "a time of RFC 3339 in the years 1 to 9999";
  if (value.kind != JsonKind::kString) return Wrong(kWant, NameOf(value.kind));
  last_time_ = ParseRfc3339(value.text);
  if (!last_time_.has_value()) return Wrong(kWant, "another string");
  AppendSecondsAndNanos(last_time_->seconds, last_time_->nanos);
  return true;
}

// Timestamp and Duration have the same fields.
void JsonDecoder::State::AppendSecondsAndNanos(int64_t seconds, int64_t nanos) {
  if (seconds != 0) {
    AppendVarint(WireTag(1, WireType::kVarint), out_);
    AppendVarint(static_cast<uint64_t>(seconds), out_);
  }
  if (nanos != 0) {
    AppendVarint(WireTag(2, WireType::kVarint), out_);
    AppendVarint(static_cast<uint64_t>(nanos), out_);
  }
}

bool JsonDecoder::State::Duration(const JsonValue& value) {
  constexpr absl::string_view kWant =
      "a duration in seconds (\"3.5s\") of at most 10000 years";
  if (value.kind != JsonKind::kString) return Wrong(kWant, NameOf(value.kind));
  const std::optional<TextDuration> parsed = ParseDuration(value.text);
  if (!parsed.has_value()) return Wrong(kWant, "another string");
  AppendSecondsAndNanos(parsed->seconds, parsed->nanos);
  return true;
}

bool JsonDecoder::State::Object(const MessagePlan& plan, ondemand::value value,
                                int depth) {
  JsonValue scalar;
  if (!Scalar(value, &scalar)) return false;
  if (scalar.kind != JsonKind::kObject) {
    return Wrong("an object", NameOf(scalar.kind));
  }
  ondemand::object object;
  if (auto error = value.get_object().get(object)) return Broken(error);
  ondemand::object_iterator at, end;
  if (auto error = object.begin().get(at)) return Broken(error);
  if (auto error = object.end().get(end)) return Broken(error);
  return Fields(plan, at, end, depth, false);
}

// Reads the first "@type" of `object`, and leaves `object` at its start.
bool JsonDecoder::State::TypeOfAny(ondemand::object* object,
                                   absl::string_view* url) {
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
      token = Trim(View(field.value().raw_json_token()));
      break;
    }
  }
  if (token.size() < 2 || token.front() != '"' || token.back() != '"') {
    Wrong(absl::StrCat(kTypeUrlPrefix, " and a message's name"),
          token.empty() ? "none" : "something else");
    return In("@type");
  }
  *url = token.substr(1, token.size() - 2);
  bool is_not_empty;
  if (auto error = object->reset().get(is_not_empty)) return Broken(error);
  return true;
}

bool JsonDecoder::State::Any(ondemand::value value, int depth) {
  JsonValue scalar;
  if (!Scalar(value, &scalar)) return false;
  if (scalar.kind != JsonKind::kObject) {
    return Wrong("an object with @type", NameOf(scalar.kind));
  }
  ondemand::object object;
  if (auto error = value.get_object().get(object)) return Broken(error);
  absl::string_view url;
  if (!TypeOfAny(&object, &url)) return false;
  if (url.substr(0, kTypeUrlPrefix.size()) != kTypeUrlPrefix) {
    Wrong(absl::StrCat(kTypeUrlPrefix, " and a message's name"),
          "another form");
    return In("@type");
  }
  const MessagePlan* const plan = plans_->ForUrl(url);
  if (plan == nullptr) {
    Wrong("the name of a known message", "an unknown one");
    return In("@type");
  }
  if (plan->shape != MessageShape::kFields || !IsMarked(*plan->type)) {
    Wrong("a message with marks", plan->type->full_name());
    return In("@type");
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

bool JsonDecoder::State::List(const FieldPlan& plan, ondemand::value value,
                              int depth) {
  JsonValue scalar;
  if (!Scalar(value, &scalar)) return false;
  if (scalar.kind != JsonKind::kList) {
    return Wrong("a list", NameOf(scalar.kind));
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
        if (mismatch.has_value()) ok = Wrong(mismatch->want, mismatch->got);
      }
    } else {
      ok = Single(plan, item, depth, true);
    }
    if (!ok) return In(absl::StrCat("[", index, "]"));
    ++index;
  }
  if (index == 0) {
    out_->resize(begin);
  } else if (plan.is_packed) {
    CloseLength(start, out_);
  }
  return true;
}

bool JsonDecoder::State::Map(const FieldPlan& plan, ondemand::value value,
                             int depth) {
  JsonValue scalar;
  if (!Scalar(value, &scalar)) return false;
  if (scalar.kind != JsonKind::kObject) {
    return Wrong("an object", NameOf(scalar.kind));
  }
  ondemand::object object;
  if (auto error = value.get_object().get(object)) return Broken(error);
  const size_t first_part = parts_.size();
  std::vector<std::string> keys;
  for (auto entry : object) {
    ondemand::field field;
    if (auto error = std::move(entry).get(field)) return Broken(error);
    absl::string_view key;
    if (!KeyOf(&field, &key)) return false;
    const size_t begin = out_->size();
    keys.emplace_back();
    if (!MapEntry(plan, key, field.value(), depth, &keys.back())) {
      return In("[*]");
    }
    parts_.push_back({0, begin, out_->size()});
  }
  // By key, so that equal maps give equal bytes.
  std::vector<size_t> order(keys.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return keys[a] < keys[b]; });
  for (size_t rank = 0; rank < order.size(); ++rank) {
    if (rank > 0 && keys[order[rank]] == keys[order[rank - 1]]) {
      return Wrong("each key once", "one twice");
    }
    parts_[first_part + order[rank]].order = rank;
  }
  Sort(first_part);
  parts_.resize(first_part);
  return true;
}

bool JsonDecoder::State::MapEntry(const FieldPlan& plan, absl::string_view key,
                                  ondemand::value value, int depth,
                                  std::string* encoded_key) {
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
    return Wrong(absl::StrCat("a key that is ", mismatch->want),
                 "another string");
  }
  out_->append(*encoded_key);
  if (!Single(entry.fields[1], value, depth + 1, true)) return false;
  CloseLength(start, out_);
  return true;
}

JsonDecoder::JsonDecoder(MessagePlans* plans)
    : state_(std::make_unique<State>(plans)) {}

JsonDecoder::~JsonDecoder() = default;

absl::Status JsonDecoder::Decode(absl::string_view json,
                                 const MessagePlan& plan, std::string* wire) {
  return state_->Decode(json, plan, wire);
}

const RoleValues& JsonDecoder::roles() const { return state_->roles(); }

}  // namespace subrosa
