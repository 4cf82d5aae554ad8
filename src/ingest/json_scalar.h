// ProtoJSON's scalars: a number, string or word becomes the value of a field in
// protobuf's wire format.
#ifndef SUBROSA_SRC_INGEST_JSON_SCALAR_H_
#define SUBROSA_SRC_INGEST_JSON_SCALAR_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace subrosa {

enum class JsonKind { kNull, kFalse, kTrue, kNumber, kString, kObject, kList };

// "a string": what an error says of a value, in place of the value.
absl::string_view NameOf(JsonKind kind);

struct JsonValue {
  JsonKind kind = JsonKind::kNull;

  // A number as it is written, or a string's content without its escapes, in
  // UTF-8. Empty for the other kinds.
  absl::string_view text;
};

// How a value does not fit its field; it holds nothing of the value.
struct Mismatch {
  std::string want;
  std::string got;
};

// Appends the wire format of `value` (without a tag) as a value of `field`,
// which is of neither message nor group type. Sets `is_default` to whether it
// is the type's zero. Absent on success; else `out` is unspecified.
//
// Integers come as numbers or strings, also with a fraction of zero or an
// exponent up to 2^53; floats also as "NaN", "Infinity" and "-Infinity"; enums
// as a known name or number; bytes in base64 of either alphabet.
std::optional<Mismatch> AppendScalar(
    const google::protobuf::FieldDescriptor& field, const JsonValue& value,
    std::string* out, bool* is_default);

// True if `text` is a number of JSON: no plus sign, no leading zero, no
// hexadecimal.
bool IsJsonNumber(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_JSON_SCALAR_H_
