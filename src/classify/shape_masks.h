// Shapes of fixed classes ("two capitals and two digits"), found by arithmetic
// on masks: for each class of characters one bit per byte of a word of 64
// bytes, and a shape is the conjunction of such masks, each shifted to its
// place. In numbers-heavy text (service logs) this is several times as fast as
// an automaton, which stops at every digit. The same masks tell where words
// begin, and numbers after words. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_SHAPE_MASKS_H_
#define SUBROSA_SRC_CLASSIFY_SHAPE_MASKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/classify/pattern_index.h"

namespace subrosa {

// The shapes, each with the regular expression that says the same (of those
// from kNumber on, places that hold no digit within 16 bytes are left out).
enum class MaskShape : uint8_t {
  kAtSign,      // Between two characters of an e-mail address.
  kScheme,      // "s://".
  kNumber,      // Three groups, nine digits, a bracket or plus and a digit.
  kIban,        // Country, check digits, one more.
  kVin,         // Fourteen letters and digits, and a byte after them.
  kMedicare,    // An MBI, with hyphens or without.
  kPostcodeUk,  // The second half of one.
  kPostcodeCa,
  kIpv6,          // Three colons among groups of hexadecimal digits.
  kMac,           // Five pairs of hexadecimal digits with dividers.
  kDecimal,       // A digit, a dot and three decimals.
  kShortDate,     // "3/15" and a byte after it.
  kStateZip,      // " WA 98101".
  kNumberedLine,  // A line's number and the first letter of a name after it.
  kCount,
};

// Regular expressions that meet the same places, for whoever compares.
const char* MaskPattern(MaskShape shape);

// A place: the offset after the shape's last byte.
struct MaskHit {
  uint32_t end;
  MaskShape shape;
};

// A place where a pattern may be met, and where digits stand within 64 bytes.
struct WordPlace {
  uint32_t offset;
  DigitNeed digits;
};

struct TextPlaces {
  std::vector<MaskHit> shapes;  // For one shape, in order.
  // Where a word begins that may meet a pattern of the index of words. A
  // capital after a small letter begins a word, too: "patientId".
  std::vector<WordPlace> words;
  // Spaces between a word, or a dot, and a digit: what ends there may meet a
  // pattern of the other index.
  std::vector<WordPlace> spaces;
  // For the search itself: a bit for each digit.
  std::vector<uint64_t> digits;
};

// Sets `places` to those in `text` whose last byte (of shapes), first byte (of
// words) or digit (after spaces) lies in [`from`, `to`). Looks at up to 16
// bytes before `from`.
void FindPlaces(absl::string_view text, size_t from, size_t to,
                const PatternIndex& words, const PatternIndex& before_numbers,
                TextPlaces* places);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_SHAPE_MASKS_H_
