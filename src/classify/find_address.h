// Postal addresses. Internal to this room.
#ifndef SUBROSA_SRC_CLASSIFY_FIND_ADDRESS_H_
#define SUBROSA_SRC_CLASSIFY_FIND_ADDRESS_H_

#include <cstddef>
#include <vector>

#include "src/classify/pattern_index.h"
#include "src/classify/text_shapes.h"
#include "src/classify/text_window.h"

namespace subrosa {

// What part of an address a pattern met.
enum class AddressSeed : int {
  kUnit,         // "Apt. 5": an address only with a street line beside it.
  kSureUnit,     // "Suite 201": alone, too.
  kBox,          // "P.O. Box 7".
  kMilitary,     // "APO AE 09014".
  kStreetAfter,  // "12 Oak Street": the number is to the left.
  kNumberAfter,  // "Hauptstrasse 7": the anchor is after a digit.
  kEitherSide,   // "rue de la Paix": the number is on either side.
  kZip,          // ", WA 98101".
  kLine,         // A line that begins with a number and a name.
  kCue,          // "lives at": an address may follow.
};

struct AddressPattern {
  PlacedPattern pattern;
  AddressSeed seed;
};

// Those of kZip and kLine are masks (shape_masks.h). That of kNumberAfter is
// met before a number, the others at a word.
std::vector<AddressPattern> AddressPatterns();

// The argument is an AddressSeed.
size_t FindAddress(const TextWindow& window, int seed,
                   std::vector<TextCandidate>* found);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_FIND_ADDRESS_H_
