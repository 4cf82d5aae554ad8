#include "src/classify/wire_walk.h"

namespace subrosa {

const char* ReadLongVarint(const char* at, const char* end, uint64_t* value) {
  uint64_t result = 0;
  for (int shift = 0; shift < 70 && at < end; shift += 7) {
    const uint8_t byte = static_cast<uint8_t>(*at++);
    // What goes beyond 64 bits is dropped, as protobuf's own parser does.
    if (shift < 64) result |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = result;
      return at;
    }
  }
  *value = 0;
  return nullptr;
}

const char* SkipValue(const char* at, const char* end, uint32_t number,
                      uint8_t wire_type, int depth_left, WalkEnd* why) {
  *why = WalkEnd::kMalformed;
  if (number == 0) return nullptr;
  uint64_t scalar;
  bool not_zero;
  absl::string_view bytes;
  switch (wire_type) {
    case kVarint:
      return ReadVarint(at, end, &scalar);
    case kFixed64:
      return ReadFixed(at, end, 8, &not_zero);
    case kBytes:
      return ReadBytes(at, end, &bytes);
    case kFixed32:
      return ReadFixed(at, end, 4, &not_zero);
    case kStartGroup:
      break;
    default:
      return nullptr;
  }
  if (depth_left <= 1) {
    *why = WalkEnd::kTooDeep;
    return nullptr;
  }
  while (at != end) {
    uint32_t inner;
    at = ReadTag(at, end, &inner, &wire_type);
    if (at == nullptr) return nullptr;
    if (wire_type == kEndGroup) return inner == number ? at : nullptr;
    at = SkipValue(at, end, inner, wire_type, depth_left - 1, why);
    if (at == nullptr) return nullptr;
  }
  return nullptr;
}

}  // namespace subrosa
