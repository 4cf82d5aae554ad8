#include "src/ingest/field_path.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

constexpr size_t kMaxHops = 16;
constexpr int kMaxIndex = 255;

absl::Status Wrong(absl::string_view want, absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("path: want ", want, ", got ", got));
}

bool AllDigits(absl::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// Takes "[3]" off the end of `name`, if it stands there; false for a bad one.
bool TakeIndex(absl::string_view* name, int* index) {
  *index = -1;
  const size_t open = name->find('[');
  if (open == name->npos) return true;
  absl::string_view digits = name->substr(open + 1);
  if (!absl::EndsWith(digits, "]")) return false;
  digits.remove_suffix(1);
  if (!AllDigits(digits) || digits.size() > 3 ||
      !absl::SimpleAtoi(digits, index) || *index > kMaxIndex) {
    return false;
  }
  *name = name->substr(0, open);
  return true;
}

// Drops a fraction of nothing but zeros.
absl::string_view WithoutZeroFraction(absl::string_view text) {
  const size_t point = text.find('.');
  if (point == text.npos || point + 1 == text.size() ||
      text.find_first_not_of('0', point + 1) != text.npos) {
    return text;
  }
  return text.substr(0, point);
}

template <typename Integer>
bool ParseInteger(absl::string_view text, Integer* number) {
  text = WithoutZeroFraction(text);
  absl::string_view digits = text;
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
    digits.remove_prefix(1);
  }
  return AllDigits(digits) && absl::SimpleAtoi(text, number);
}

const EnumValueDescriptor* FindEnumValue(absl::string_view text,
                                         const FieldDescriptor& field) {
  int32_t number;
  if (ParseInteger(text, &number)) {
    return field.enum_type()->FindValueByNumber(number);
  }
  return field.enum_type()->FindValueByName(std::string(text));
}

// Parses by `parse` and sets by `set` or `add`.
template <typename T, typename Parse, typename Set, typename Add>
bool Put(const FieldDescriptor& field, Parse parse, Set set, Add add) {
  T value;
  if (!parse(&value)) return false;
  field.is_repeated() ? add(value) : set(value);
  return true;
}

}  // namespace

absl::StatusOr<std::vector<PathHop>> ParseFieldPath(const Descriptor& type,
                                                    absl::string_view path) {
  std::vector<PathHop> hops;
  const Descriptor* here = &type;
  for (absl::string_view name : absl::StrSplit(path, '.')) {
    PathHop hop;
    if (hops.size() == kMaxHops) {
      return Wrong(absl::StrCat("at most ", kMaxHops, " names"), "more");
    }
    if (here == nullptr) return Wrong("a field of a message", "one of a value");
    if (absl::StartsWith(here->full_name(), "google.protobuf.")) {
      return Wrong("a time, a duration or a field of a message of your own",
                   absl::StrCat("a field of `", here->full_name(), "`"));
    }
    if (!TakeIndex(&name, &hop.index)) {
      return Wrong(absl::StrCat("an index of 0 to ", kMaxIndex), "another");
    }
    hop.field = here->FindFieldByName(std::string(name));
    if (hop.field == nullptr) {
      return Wrong(absl::StrCat("a field of `", here->full_name(), "`"),
                   absl::StrCat("`", name, "`"));
    }
    if (hop.field->is_map()) return Wrong("no map", "one");
    if (hop.field->is_repeated() != (hop.index >= 0)) {
      return Wrong(hop.field->is_repeated()
                       ? absl::StrCat("`", name, "[0]`, since it is a list")
                       : absl::StrCat("`", name, "` alone: it is no list"),
                   hop.field->is_repeated() ? "no index" : "an index");
    }
    here = hop.field->message_type();
    hops.push_back(hop);
  }
  return hops;
}

bool ParseNumber(absl::string_view text, double* number) {
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != text.npos ||
      !absl::SimpleAtod(text, number)) {
    return false;
  }
  return std::isfinite(*number);
}

absl::string_view SetScalar(absl::string_view text,
                            const FieldDescriptor& field, Message* message) {
  const Reflection& r = *message->GetReflection();
  const FieldDescriptor* const f = &field;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return Put<int32_t>(
                 field, [&](auto* v) { return ParseInteger(text, v); },
                 [&](auto v) { r.SetInt32(message, f, v); },
                 [&](auto v) { r.AddInt32(message, f, v); })
                 ? ""
                 : "an integer in 32 bits";
    case FieldDescriptor::CPPTYPE_INT64:
      return Put<int64_t>(
                 field, [&](auto* v) { return ParseInteger(text, v); },
                 [&](auto v) { r.SetInt64(message, f, v); },
                 [&](auto v) { r.AddInt64(message, f, v); })
                 ? ""
                 : "an integer in 64 bits";
    case FieldDescriptor::CPPTYPE_UINT32:
      return Put<uint32_t>(
                 field, [&](auto* v) { return ParseInteger(text, v); },
                 [&](auto v) { r.SetUInt32(message, f, v); },
                 [&](auto v) { r.AddUInt32(message, f, v); })
                 ? ""
                 : "an unsigned integer in 32 bits";
    case FieldDescriptor::CPPTYPE_UINT64:
      return Put<uint64_t>(
                 field, [&](auto* v) { return ParseInteger(text, v); },
                 [&](auto v) { r.SetUInt64(message, f, v); },
                 [&](auto v) { r.AddUInt64(message, f, v); })
                 ? ""
                 : "an unsigned integer in 64 bits";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Put<double>(
                 field, [&](auto* v) { return ParseNumber(text, v); },
                 [&](auto v) { r.SetDouble(message, f, v); },
                 [&](auto v) { r.AddDouble(message, f, v); })
                 ? ""
                 : "a number";
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Put<double>(
                 field,
                 [&](auto* v) {
                   return ParseNumber(text, v) &&
                          std::abs(*v) <= std::numeric_limits<float>::max();
                 },
                 [&](auto v) { r.SetFloat(message, f, static_cast<float>(v)); },
                 [&](auto v) { r.AddFloat(message, f, static_cast<float>(v)); })
                 ? ""
                 : "a number in the range of a float";
    case FieldDescriptor::CPPTYPE_BOOL: {
      const bool is_true = text == "1" || absl::EqualsIgnoreCase(text, "true");
      if (!is_true && text != "0" && !absl::EqualsIgnoreCase(text, "false")) {
        return "true, false, 1 or 0";
      }
      field.is_repeated() ? r.AddBool(message, f, is_true)
                          : r.SetBool(message, f, is_true);
      return "";
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const EnumValueDescriptor* const value = FindEnumValue(text, field);
      if (value == nullptr) return "a name or number of its enum";
      field.is_repeated() ? r.AddEnum(message, f, value)
                          : r.SetEnum(message, f, value);
      return "";
    }
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) break;
      field.is_repeated() ? r.AddString(message, f, std::string(text))
                          : r.SetString(message, f, std::string(text));
      return "";
    default:
      break;
  }
  return "no text";
}

}  // namespace subrosa
