#include "src/classify/wire_walk.h"

namespace subrosa {

bool WireReader::ReadLongVarint(uint64_t* value) {
  uint64_t result = 0;
  for (int shift = 0; shift < 70; shift += 7) {
    if (at_ == end_) return false;
    const uint8_t byte = static_cast<uint8_t>(*at_++);
    // What goes beyond 64 bits is dropped, as protobuf's own parser does.
    if (shift < 64) result |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      *value = result;
      return true;
    }
  }
  return false;
}

WalkEnd WireReader::Skip(uint32_t number, uint8_t wire_type, int depth_left) {
  uint64_t ignored;
  bool ignored_too;
  absl::string_view bytes;
  switch (wire_type) {
    case kVarint:
      return ReadVarint(&ignored) ? WalkEnd::kDone : WalkEnd::kMalformed;
    case kFixed64:
      return ReadFixed(8, &ignored_too) ? WalkEnd::kDone : WalkEnd::kMalformed;
    case kBytes:
      return ReadBytes(&bytes) ? WalkEnd::kDone : WalkEnd::kMalformed;
    case kFixed32:
      return ReadFixed(4, &ignored_too) ? WalkEnd::kDone : WalkEnd::kMalformed;
    case kStartGroup:
      break;
    default:
      return WalkEnd::kMalformed;
  }
  if (depth_left <= 1) return WalkEnd::kTooDeep;
  while (!done()) {
    uint32_t inner;
    if (!ReadTag(&inner, &wire_type)) return WalkEnd::kMalformed;
    if (wire_type == kEndGroup) {
      return inner == number ? WalkEnd::kDone : WalkEnd::kMalformed;
    }
    const WalkEnd end = Skip(inner, wire_type, depth_left - 1);
    if (end != WalkEnd::kDone) return end;
  }
  return WalkEnd::kMalformed;
}

}  // namespace subrosa
