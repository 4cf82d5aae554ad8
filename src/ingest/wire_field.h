// Takes fields off the front of bytes in protobuf's wire format.
// (https://protobuf.dev/programming-guides/encoding)
#ifndef SUBROSA_SRC_INGEST_WIRE_FIELD_H_
#define SUBROSA_SRC_INGEST_WIRE_FIELD_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "src/ingest/wire.h"

namespace subrosa {

// One field and its value. The views point into what it was taken from.
struct WireField {
  int number = 0;
  WireType type = WireType::kVarint;
  uint64_t varint = 0;      // Of kVarint.
  absl::string_view bytes;  // Of the others.
};

enum class TakeResult {
  kTaken,
  kNone,   // What stands there is no field; groups are none either.
  kShort,  // The field's value ends behind the bytes.
};

// Takes a varint of at most 64 bits off the front of `wire`. False, with `wire`
// as it was, if none stands there whole.
bool TakeVarint(absl::string_view* wire, uint64_t* number);

// Takes the next `size` bytes. False, with `wire` as it was, if it has fewer.
bool TakeBytes(size_t size, absl::string_view* wire, absl::string_view* bytes);

// Takes a field. Unless it is kTaken, what `wire` and `field` hold is not said.
TakeResult TakeField(absl::string_view* wire, WireField* field);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_WIRE_FIELD_H_
