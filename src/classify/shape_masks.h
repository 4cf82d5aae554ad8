// Shapes of fixed classes ("two capitals and two digits"), found by arithmetic
// on masks: for each class of characters one bit per byte of a word of 64
// bytes, and a shape is the conjunction of such masks, each shifted to its
// place. In numbers-heavy text (service logs) this is several times as fast as
// an automaton, which stops at every digit. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_SHAPE_MASKS_H_
#define SUBROSA_SRC_CLASSIFY_SHAPE_MASKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace subrosa {

// The shapes, each with the regular expression that says the same (places that
// hold no digit within 24 bytes are left out). In the order of MaskPatterns().
enum class MaskShape : uint8_t {
  kNumber,      // Three groups, nine digits, a bracket or plus and a digit.
  kIban,        // Country, check digits, one more.
  kVin,         // Seventeen letters and digits.
  kMedicare,    // An MBI, with hyphens or without.
  kPostcodeUk,  // The second half of one.
  kPostcodeCa,
  kIpv6,  // Three colons among groups of hexadecimal digits.
  kMac,
  kDecimal,    // A digit, a dot and three decimals.
  kShortDate,  // "3/15" and a byte after it.
  kCount,
};

// Regular expressions that meet the same places, for whoever compares.
const char* MaskPattern(MaskShape shape);

// A place: the offset after the shape's last byte.
struct MaskHit {
  uint32_t end;
  MaskShape shape;
};

// Appends the places with `from` < end <= `to` in `text`; for one shape, in
// order. Looks at up to 24 bytes before `from`.
void FindMaskHits(absl::string_view text, size_t from, size_t to,
                  std::vector<MaskHit>* hits);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_SHAPE_MASKS_H_
