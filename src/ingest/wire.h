// The bytes of protobuf's wire format, appended to a string.
#ifndef SUBROSA_SRC_INGEST_WIRE_H_
#define SUBROSA_SRC_INGEST_WIRE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

enum class WireType : uint32_t {
  kVarint = 0,
  kFixed64 = 1,
  kLengthDelimited = 2,
  kFixed32 = 5,
};

constexpr uint32_t WireTag(int field_number, WireType type) {
  return (static_cast<uint32_t>(field_number) << 3) |
         static_cast<uint32_t>(type);
}

inline void AppendVarint(uint64_t value, std::string* out) {
  if (value < 0x80) {  // Nearly every tag and length.
    out->push_back(static_cast<char>(value));
    return;
  }
  char bytes[10];
  size_t size = 0;
  while (value >= 0x80) {
    bytes[size++] = static_cast<char>(value | 0x80);
    value >>= 7;
  }
  bytes[size++] = static_cast<char>(value);
  out->append(bytes, size);
}

inline void AppendFixed32(uint32_t value, std::string* out) {
  const char bytes[4] = {
      static_cast<char>(value), static_cast<char>(value >> 8),
      static_cast<char>(value >> 16), static_cast<char>(value >> 24)};
  out->append(bytes, sizeof(bytes));
}

inline void AppendFixed64(uint64_t value, std::string* out) {
  AppendFixed32(static_cast<uint32_t>(value), out);
  AppendFixed32(static_cast<uint32_t>(value >> 32), out);
}

// `number` in sint32 and sint64's zigzag form.
constexpr uint64_t ZigZag(int64_t number) {
  return (static_cast<uint64_t>(number) << 1) ^
         static_cast<uint64_t>(number >> 63);
}

inline void AppendLengthDelimited(uint32_t tag, absl::string_view value,
                                  std::string* out) {
  AppendVarint(tag, out);
  AppendVarint(value.size(), out);
  out->append(value.data(), value.size());
}

// Opens a part whose length is known only once it is written: returns what
// CloseLength needs. Parts nest; the last opened is closed first.
inline size_t OpenLength(std::string* out) {
  out->push_back('\0');
  return out->size();
}

// Writes the length of all that was appended since OpenLength gave `start`.
inline void CloseLength(size_t start, std::string* out) {
  uint64_t length = out->size() - start;
  if (length < 0x80) {
    (*out)[start - 1] = static_cast<char>(length);
    return;
  }
  std::string varint;
  AppendVarint(length, &varint);
  out->replace(start - 1, 1, varint);
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_WIRE_H_
