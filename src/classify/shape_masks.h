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

#include "src/classify/byte_ranges.h"
#include "src/classify/word_filter.h"

namespace subrosa {

// The shapes, each with the regular expression that says the same (of those
// from kNumber on, places that hold no digit within 16 bytes are left out; of
// kDecimal, numbers after another dot).
enum class MaskShape : uint8_t {
  kAtSign,      // Between two characters of an e-mail address.
  kScheme,      // "s://".
  kNumber,      // Three groups, nine digits, a bracket or plus and a digit.
  kIban,        // Country, check digits, one more.
  kVin,         // Fourteen letters and digits, and a byte after them.
  kMedicare,    // An MBI, with hyphens or without.
  kPostcodeUk,  // The second half of one.
  kPostcodeCa,
  kIpv6,           // Three colons among groups of hexadecimal digits.
  kMac,            // Five pairs of hexadecimal digits with dividers.
  kDecimal,        // A digit, a dot and three decimals.
  kShortDate,      // "3/15" and a byte after it.
  kStateZip,       // " WA 98101".
  kNumberedLine,   // A line's number and the first letter of a name after it.
  kEncodedAtSign,  // "%40" of an e-mail address, and what follows it.
  kCount,
};

// Regular expressions that meet the same places, for whoever compares.
const char* MaskPattern(MaskShape shape);

// Classes of characters, a mask for each. The first are wanted in every text,
// the others only where a digit or a colon stands.
struct ShapeClass {
  enum Number : uint8_t {
    kUpper,
    kLower,
    kHigh,
    kDigit,
    kAt,
    kColon,
    kTextCount,
    kSmallHex = kTextCount,
    kBigHex,
    kSpace,
    kDot,
    kSlash,
    kHyphen,
    kOpen,
    kClose,
    kPlus,
    kLine,
    kGreater,
    kPercent,
    kCount
  };
  static constexpr ByteRange kRanges[kCount] = {
      {'A', 'Z'},   {'a', 'z'}, {'\x80', '\xff'}, {'0', '9'}, {'@', '@'},
      {':', ':'},   {'a', 'f'}, {'A', 'F'},       {' ', ' '}, {'.', '.'},
      {'/', '/'},   {'-', '-'}, {'(', '('},       {')', ')'}, {'+', '+'},
      {'\n', '\n'}, {'>', '>'}, {'%', '%'}};
};

// So many words are looked at at once. The first bytes of each were looked at
// with the word before it: no shape is longer than they are.
constexpr size_t kShapeWords = 8;
constexpr size_t kShapeBackBytes = 16;
constexpr uint64_t kFreshBits = ~uint64_t{0} << kShapeBackBytes;

using ShapeClassMasks = uint64_t[ShapeClass::kCount][kShapeWords];

// Masks of last bytes, of fresh ones only: of every shape but kAtSign, and of
// the first digits of numbers that a space divides from a word, or from a dot.
struct ShapeEnds {
  uint64_t shapes[static_cast<size_t>(MaskShape::kCount)][kShapeWords];
  uint64_t numbers_after_words[kShapeWords];
  // For each word, a bit for each shape that has an end there.
  uint64_t met[kShapeWords];
};

// Masks of digits: of two words before those of ShapeClassMasks, of those, and
// of two words after them. They hold all digits within 64 bytes.
constexpr size_t kWordsBeside = 2;
using DigitMasks = uint64_t[kWordsBeside + kShapeWords + kWordsBeside];

// Arithmetic on the masks of all words.
struct ShapeVectors {
  // Sets where words begin, fresh or not, and beside which bytes digits stand
  // (`near_digits`, whether there is any, saves looking).
  void (*word_begins)(const ShapeClassMasks& classes, const DigitMasks& digits,
                      bool near_digits, WordBegins* begins);
  void (*ends)(const ShapeClassMasks& classes, ShapeEnds* ends);

  // All that this processor can run, the fastest first; they give the same.
  static std::vector<ShapeVectors> All();
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_SHAPE_MASKS_H_
