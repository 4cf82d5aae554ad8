#include "src/crypto/signed_note_text.h"

#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace subrosa {
namespace {

// Takes one code point from the front of `text`, which must be the shortest
// encoding of one that may stand in text (RFC 3629). Returns nothing otherwise.
absl::optional<uint32_t> TakeCodePoint(absl::string_view* text) {
  const uint8_t first = static_cast<uint8_t>(text->front());
  const size_t size = first < 0x80   ? 1
                      : first < 0xc0 ? 0
                      : first < 0xe0 ? 2
                      : first < 0xf0 ? 3
                      : first < 0xf8 ? 4
                                     : 0;
  if (size == 0 || text->size() < size) return absl::nullopt;
  uint32_t point = size == 1 ? first : first & (0x7f >> size);
  for (size_t i = 1; i < size; ++i) {
    const uint8_t next = static_cast<uint8_t>((*text)[i]);
    if ((next & 0xc0) != 0x80) return absl::nullopt;
    point = point << 6 | (next & 0x3f);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = point >= 0xd800 && point < 0xe000;
  if (point < kSmallest[size] || point > 0x10ffff || is_surrogate) {
    return absl::nullopt;
  }
  text->remove_prefix(size);
  return point;
}

// Unicode's White_Space property.
bool IsSpace(uint32_t point) {
  return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 ||
         point == 0xa0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200a) || point == 0x2028 ||
         point == 0x2029 || point == 0x202f || point == 0x205f ||
         point == 0x3000;
}

}  // namespace

bool IsNoteName(absl::string_view name) {
  if (name.empty() || name.size() > kNoteNameMaxBytes) return false;
  while (!name.empty()) {
    const absl::optional<uint32_t> point = TakeCodePoint(&name);
    if (!point.has_value() || IsSpace(*point) || *point == '+' ||
        *point < 0x20) {
      return false;
    }
  }
  return true;
}

absl::Status CheckNoteText(absl::string_view text) {
  if (!absl::EndsWith(text, "\n")) {
    return absl::InvalidArgumentError("note.text: want a newline at the end");
  }
  for (absl::string_view rest = text; !rest.empty();) {
    const size_t at = text.size() - rest.size();
    const absl::optional<uint32_t> point = TakeCodePoint(&rest);
    if (!point.has_value() || (*point < 0x20 && *point != '\n')) {
      return absl::InvalidArgumentError(
          absl::StrCat("note.text: want UTF-8 without control characters, got "
                       "another byte at ",
                       at));
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa
