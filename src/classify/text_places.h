// The places of a text that are worth a closer look: ends of shapes
// (shape_masks.h), words that may begin a pattern and numbers after words
// (pattern_index.h). Eight words of 64 bytes are looked at at once. Internal to
// this room.
#ifndef SUBROSA_SRC_CLASSIFY_TEXT_PLACES_H_
#define SUBROSA_SRC_CLASSIFY_TEXT_PLACES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/classify/byte_ranges.h"
#include "src/classify/pattern_index.h"
#include "src/classify/shape_masks.h"
#include "src/classify/word_filter.h"

namespace subrosa {

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
  // Where a word begins that may meet a pattern of the index of words, and
  // MayMeet holds. A capital after a small letter begins a word, too:
  // "patientId".
  std::vector<WordPlace> words;
  // Spaces between a word, or a dot, and a digit: what ends there may meet a
  // pattern of the other index.
  std::vector<WordPlace> spaces;
};

// What of it processors do each in their own way.
struct PlaceVectors {
  RangeMasksFunction range_masks;
  WordFilter::Function word_filter;
  ShapeVectors shapes;

  // The fastest that this processor can run.
  static const PlaceVectors& Fastest();
};

// Sets `places` to those in `text` whose last byte (of shapes), first byte (of
// words) or digit (after spaces) lies in [`from`, `to`). Looks at up to 16
// bytes before `from` for shapes, and 64 before it and after `to` for digits.
// Whatever `vectors` are, it gives the same, but for words that meet no pattern
// after all.
//
// Unless `all_shapes`, leaves out those at which nothing is found for sure, and
// which are many in logs: of kNumber the day of a machine's time that begins a
// line, of kDecimal what has no other within 64 bytes before it, of
// kEncodedAtSign other signs.
void FindPlaces(absl::string_view text, size_t from, size_t to,
                const PatternIndex& words, const PatternIndex& before_numbers,
                const PlaceVectors& vectors, bool all_shapes,
                TextPlaces* places);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TEXT_PLACES_H_
