// A field path leads from a message to one of its fields, however deep:
// "condition.coding[0].code".
#ifndef SUBROSA_SRC_INGEST_FIELD_PATH_H_
#define SUBROSA_SRC_INGEST_FIELD_PATH_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace subrosa {

// One step down. `index` is the element of a list, or -1.
struct PathHop {
  const google::protobuf::FieldDescriptor* field = nullptr;
  int index = -1;
};

// The hops of `path` in `type`; at least one, at most 16. Elements of lists are
// numbered 0 to 255.
//
// INVALID_ARGUMENT, `path: want …, got …`, for a name that is no field, for a
// list without an index and the reverse, for a map, and for a path into a
// well-known type of protobuf. The message may quote the path.
absl::StatusOr<std::vector<PathHop>> ParseFieldPath(
    const google::protobuf::Descriptor& type, absl::string_view path);

// Sets `field` of `message`, or adds to it where it is a list, to the value
// that `text` says. Returns what the field wants if `text` says no value of it
// ("an integer in 32 bits"), and nothing on success.
//
// Integers may have a fraction of zero ("3.0"), as programs write a column of
// integers with gaps. Numbers have no white space and are finite. Truth is
// "true", "false", "1" or "0", in any case. Enums are their names or numbers,
// as declared. Bytes are not read.
absl::string_view SetScalar(absl::string_view text,
                            const google::protobuf::FieldDescriptor& field,
                            google::protobuf::Message* message);

// A finite number: digits with an optional sign, fraction and exponent.
bool ParseNumber(absl::string_view text, double* number);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FIELD_PATH_H_
