#include "src/ingest/wire_field.h"

namespace subrosa {
namespace {

constexpr uint64_t kMaxTag = ~uint32_t{0};

}  // namespace

bool TakeVarint(absl::string_view* wire, uint64_t* number) {
  *number = 0;
  for (size_t i = 0; i < wire->size() && i < 10; ++i) {
    const uint64_t byte = static_cast<unsigned char>((*wire)[i]);
    *number |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      if (i == 9 && byte > 1) return false;
      wire->remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

bool TakeBytes(size_t size, absl::string_view* wire, absl::string_view* bytes) {
  if (wire->size() < size) return false;
  *bytes = wire->substr(0, size);
  wire->remove_prefix(size);
  return true;
}

TakeResult TakeField(absl::string_view* wire, WireField* field) {
  uint64_t tag, size;
  if (!TakeVarint(wire, &tag) || tag < 8 || tag > kMaxTag) {
    return TakeResult::kNone;
  }
  field->number = static_cast<int>(tag >> 3);
  field->type = static_cast<WireType>(tag & 7);
  bool is_whole = false;
  switch (field->type) {
    case WireType::kVarint:
      is_whole = TakeVarint(wire, &field->varint);
      break;
    case WireType::kFixed64:
      is_whole = TakeBytes(8, wire, &field->bytes);
      break;
    case WireType::kFixed32:
      is_whole = TakeBytes(4, wire, &field->bytes);
      break;
    case WireType::kLengthDelimited:
      is_whole = TakeVarint(wire, &size) && size <= wire->size() &&
                 TakeBytes(static_cast<size_t>(size), wire, &field->bytes);
      break;
    default:
      return TakeResult::kNone;
  }
  return is_whole ? TakeResult::kTaken : TakeResult::kShort;
}

}  // namespace subrosa
