#include "src/ingest/json_scalar.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <system_error>

#include "absl/strings/charconv.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "src/ingest/wire.h"

namespace subrosa {
namespace {

using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;

// Every integer up to here is a double of its own.
constexpr double kExactDouble = 9007199254740992.0;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

const char* SkipDigits(const char* at, const char* end) {
  while (at != end && IsDigit(*at)) ++at;
  return at;
}

// Reads a number of JSON. False if it is too large; what is too small is 0 or
// the nearest that there is.
bool ReadDouble(absl::string_view text, double* number) {
  const char* const end = text.data() + text.size();
  if (std::from_chars(text.data(), end, *number).ec == std::errc()) return true;
  // The standard one leaves both ends of the range untold.
  absl::from_chars(text.data(), end, *number);
  return std::isfinite(*number) && std::abs(*number) < 1;
}

// An integer as it is written, apart from its sign.
struct Whole {
  bool is_negative = false;
  uint64_t magnitude = 0;
};

enum class WholeError { kNone, kNotWhole, kTooLarge };

WholeError ReadWhole(absl::string_view text, Whole* whole) {
  const char* at = text.data();
  const char* const end = at + text.size();
  whole->is_negative = at != end && *at == '-';
  if (whole->is_negative) ++at;
  const char* const digits_end = SkipDigits(at, end);
  if (digits_end == end && at != end) {
    const std::from_chars_result read =
        std::from_chars(at, end, whole->magnitude);
    return read.ec == std::errc() ? WholeError::kNone : WholeError::kTooLarge;
  }
  double number;
  if (!ReadDouble(text, &number)) return WholeError::kTooLarge;
  if (std::trunc(number) != number) return WholeError::kNotWhole;
  if (std::abs(number) > kExactDouble) return WholeError::kTooLarge;
  whole->magnitude = static_cast<uint64_t>(std::abs(number));
  return WholeError::kNone;
}

// Reads `value` as an integer from -(max + 1), or 0 if unsigned, to `max`.
std::optional<Mismatch> ReadInteger(const JsonValue& value, bool is_signed,
                                    int bits, Whole* whole) {
  const auto wrong = [&](absl::string_view got) {
    return Mismatch{absl::StrCat("an integer", is_signed ? "" : " of 0 or more",
                                 " in ", bits, " bits"),
                    std::string(got)};
  };
  if (value.kind == JsonKind::kString) {
    if (!IsJsonNumber(value.text)) return wrong("a string");
  } else if (value.kind != JsonKind::kNumber) {
    return wrong(NameOf(value.kind));
  }
  switch (ReadWhole(value.text, whole)) {
    case WholeError::kNone:
      break;
    case WholeError::kNotWhole:
      return wrong("a fraction");
    case WholeError::kTooLarge:
      return wrong("a number out of range");
  }
  const uint64_t max = ~uint64_t{0} >> (64 - bits + (is_signed ? 1 : 0));
  const uint64_t limit =
      !whole->is_negative ? max : (is_signed ? max + 1 : uint64_t{0});
  if (whole->magnitude > limit) return wrong("a number out of range");
  return std::nullopt;
}

// The two's complement of `whole`.
uint64_t Bits(const Whole& whole) {
  return whole.is_negative ? 0 - whole.magnitude : whole.magnitude;
}

std::optional<Mismatch> ReadFloating(const JsonValue& value, bool is_double,
                                     double* number) {
  const auto wrong = [&](absl::string_view got) {
    return Mismatch{absl::StrCat("a number in ", is_double ? 64 : 32,
                                 "-bit floating point"),
                    std::string(got)};
  };
  if (value.kind == JsonKind::kString) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (value.text == "NaN") {
      *number = std::numeric_limits<double>::quiet_NaN();
      return std::nullopt;
    }
    if (value.text == "Infinity" || value.text == "-Infinity") {
      *number = value.text.front() == '-' ? -kInfinity : kInfinity;
      return std::nullopt;
    }
    if (!IsJsonNumber(value.text)) return wrong("a string");
  } else if (value.kind != JsonKind::kNumber) {
    return wrong(NameOf(value.kind));
  }
  if (!ReadDouble(value.text, number) ||
      (!is_double && std::abs(*number) > std::numeric_limits<float>::max())) {
    return wrong("a number out of range");
  }
  // An integer has no minus zero, here as in protobuf's own parser.
  if (value.text == "-0") *number = 0;
  return std::nullopt;
}

std::optional<Mismatch> ReadEnum(const FieldDescriptor& field,
                                 const JsonValue& value, int32_t* number) {
  const auto wrong = [&](absl::string_view got) {
    return Mismatch{absl::StrCat("a value of ", field.enum_type()->full_name()),
                    std::string(got)};
  };
  const EnumValueDescriptor* known = nullptr;
  if (value.kind == JsonKind::kString) {
    known = field.enum_type()->FindValueByName(std::string(value.text));
    if (known == nullptr) return wrong("an unknown name");
  } else {
    Whole whole;
    if (value.kind != JsonKind::kNumber) return wrong(NameOf(value.kind));
    if (ReadInteger(value, true, 32, &whole).has_value()) {
      return wrong("an unknown number");
    }
    known = field.enum_type()->FindValueByNumber(
        static_cast<int32_t>(static_cast<uint32_t>(Bits(whole))));
    if (known == nullptr) return wrong("an unknown number");
  }
  *number = known->number();
  return std::nullopt;
}

// Reads base64 of either alphabet, padded or not; false if `text` is none, or
// says in its last letter what no bytes say.
bool ReadBase64(absl::string_view text, std::string* bytes) {
  std::string again;
  if (absl::Base64Unescape(text, bytes)) {
    absl::Base64Escape(*bytes, &again);
  } else if (absl::WebSafeBase64Unescape(text, bytes)) {
    absl::WebSafeBase64Escape(*bytes, &again);
  } else {
    return false;
  }
  return absl::StripSuffix(absl::StripSuffix(text, "="), "=") ==
         absl::StripSuffix(absl::StripSuffix(again, "="), "=");
}

std::optional<Mismatch> AppendBytes(const JsonValue& value, std::string* out,
                                    bool* is_default) {
  std::string bytes;
  if (value.kind != JsonKind::kString) {
    return Mismatch{"base64", std::string(NameOf(value.kind))};
  }
  if (!ReadBase64(value.text, &bytes)) {
    return Mismatch{"base64", "another string"};
  }
  *is_default = bytes.empty();
  AppendVarint(bytes.size(), out);
  out->append(bytes);
  return std::nullopt;
}

template <typename Encode>
std::optional<Mismatch> AppendInteger(const JsonValue& value, bool is_signed,
                                      int bits, bool* is_default,
                                      Encode encode) {
  Whole whole;
  std::optional<Mismatch> mismatch =
      ReadInteger(value, is_signed, bits, &whole);
  if (mismatch.has_value()) return mismatch;
  *is_default = whole.magnitude == 0;
  encode(Bits(whole));
  return std::nullopt;
}

std::optional<Mismatch> AppendFloating(const JsonValue& value, bool is_double,
                                       std::string* out, bool* is_default) {
  double number;
  std::optional<Mismatch> mismatch = ReadFloating(value, is_double, &number);
  if (mismatch.has_value()) return mismatch;
  // Minus zero is no default: protobuf compares the bits.
  if (is_double) {
    uint64_t bits;
    std::memcpy(&bits, &number, sizeof(bits));
    *is_default = bits == 0;
    AppendFixed64(bits, out);
  } else {
    const float narrow = static_cast<float>(number);
    uint32_t bits;
    std::memcpy(&bits, &narrow, sizeof(bits));
    *is_default = bits == 0;
    AppendFixed32(bits, out);
  }
  return std::nullopt;
}

}  // namespace

absl::string_view NameOf(JsonKind kind) {
  switch (kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kFalse:
    case JsonKind::kTrue:
      return "true or false";
    case JsonKind::kNumber:
      return "a number";
    case JsonKind::kString:
      return "a string";
    case JsonKind::kObject:
      return "an object";
    case JsonKind::kList:
      return "a list";
  }
  return "something else";
}

bool IsJsonNumber(absl::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  if (at != end && *at == '-') ++at;
  const char* const whole = at;
  at = SkipDigits(at, end);
  if (at == whole || (*whole == '0' && at - whole > 1)) return false;
  if (at != end && *at == '.') {
    const char* const fraction = ++at;
    at = SkipDigits(at, end);
    if (at == fraction) return false;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    const char* const exponent = at;
    at = SkipDigits(at, end);
    if (at == exponent) return false;
  }
  return at == end;
}

std::optional<Mismatch> AppendScalar(const FieldDescriptor& field,
                                     const JsonValue& value, std::string* out,
                                     bool* is_default) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_INT64:
      return AppendInteger(
          value, true, field.type() == FieldDescriptor::TYPE_INT32 ? 32 : 64,
          is_default, [&](uint64_t bits) { AppendVarint(bits, out); });
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_UINT64:
      return AppendInteger(
          value, false, field.type() == FieldDescriptor::TYPE_UINT32 ? 32 : 64,
          is_default, [&](uint64_t bits) { AppendVarint(bits, out); });
    case FieldDescriptor::TYPE_SINT32:
    case FieldDescriptor::TYPE_SINT64:
      return AppendInteger(
          value, true, field.type() == FieldDescriptor::TYPE_SINT32 ? 32 : 64,
          is_default, [&](uint64_t bits) {
            AppendVarint(ZigZag(static_cast<int64_t>(bits)), out);
          });
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return AppendInteger(value,
                           field.type() == FieldDescriptor::TYPE_SFIXED32, 32,
                           is_default, [&](uint64_t bits) {
                             AppendFixed32(static_cast<uint32_t>(bits), out);
                           });
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return AppendInteger(
          value, field.type() == FieldDescriptor::TYPE_SFIXED64, 64, is_default,
          [&](uint64_t bits) { AppendFixed64(bits, out); });
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FLOAT:
      return AppendFloating(value, field.type() == FieldDescriptor::TYPE_DOUBLE,
                            out, is_default);
    case FieldDescriptor::TYPE_BOOL:
      if (value.kind != JsonKind::kTrue && value.kind != JsonKind::kFalse) {
        return Mismatch{"true or false", std::string(NameOf(value.kind))};
      }
      *is_default = value.kind == JsonKind::kFalse;
      out->push_back(*is_default ? 0 : 1);
      return std::nullopt;
    case FieldDescriptor::TYPE_ENUM: {
      int32_t number;
      std::optional<Mismatch> mismatch = ReadEnum(field, value, &number);
      if (mismatch.has_value()) return mismatch;
      *is_default = number == 0;
      AppendVarint(static_cast<uint64_t>(int64_t{number}), out);
      return std::nullopt;
    }
    case FieldDescriptor::TYPE_BYTES:
      return AppendBytes(value, out, is_default);
    case FieldDescriptor::TYPE_STRING:
      if (value.kind != JsonKind::kString) {
        return Mismatch{"a string", std::string(NameOf(value.kind))};
      }
      *is_default = value.text.empty();
      AppendVarint(value.text.size(), out);
      out->append(value.text.data(), value.text.size());
      return std::nullopt;
    default:
      return Mismatch{"a field of scalar type", "a group"};
  }
}

}  // namespace subrosa
