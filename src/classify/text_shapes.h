// The shapes that lead to a rule: what one pass over a text finds, and the
// finder that looks at each such place and decides. Shapes of fixed classes are
// masks (shape_masks.h); the others are patterns at a word (pattern_index.h).
// Internal to this room.
//
// A shape reports the offset after its end. Where it began is the finder's
// matter: shapes are as short as tells the place.
#ifndef SUBROSA_SRC_CLASSIFY_TEXT_SHAPES_H_
#define SUBROSA_SRC_CLASSIFY_TEXT_SHAPES_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/pattern_index.h"
#include "src/classify/shape_masks.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_window.h"

namespace subrosa {

// Appends what is found around `window.anchor`. Returns up to where it has
// looked: later anchors of the same shape before that are passed over, so that
// no text is looked at again and again. 0 if they must not be.
using TextFinder = size_t (*)(const TextWindow& window, int argument,
                              std::vector<TextCandidate>* found);

// What follows a label.
enum class LabelValue {
  kNumber,  // Letters, digits and dividers, with enough digits.
  kHandle,  // A name without spaces; needs `:`, `=` or quotes, or a digit.
  kSecret,  // Anything up to a space, quote or comma; as above.
  kPhone,   // A telephone number of any grouping.
};

// Words that say what the value after them is. In `words`, lower case, `~` may
// be a space, a hyphen, an underscore or nothing.
struct TextLabel {
  absl::string_view words;
  TextRuleId rule;
  LabelValue value;
  int min_digits;
};

absl::Span<const TextLabel> TextLabels();

// Who looks at the places of a shape.
struct ShapeFinder {
  TextFinder find = nullptr;
  int argument = 0;
};
ShapeFinder FinderOf(MaskShape shape);

struct TextShape {
  PlacedPattern pattern;
  ShapeFinder finder;
};

// The shapes whose `after` begins at a word, those of the labels included.
std::vector<TextShape> WordShapes();
// The shapes whose `before` ends with a word, and a space and a digit follow.
std::vector<TextShape> NumberShapes();

// How a text tells an age.
enum class AgeForm : int {
  kLabel,               // "aged 61", "age: 61".
  kTurned,              // "turned 61".
  kSentence,            // "he was 61.": the sentence ends.
  kNumber,              // "61 years old", "61 y/o".
  kNumberBesidePeople,  // "61 years", "61y": people must stand beside it.
  kOrdinal,             // "92nd birthday": of great ages alone.
  kDecade,              // "in her 90s".
};
// How a great age is written in words.
enum class GreatAge : int { kNinety, kHundred, kPerson };

// Whether a machine's time such as "2026-03-04T09:30:00.125Z" begins a line at
// `begin`, as in a log: it is no date, and no other number.
bool IsMachineStamp(absl::string_view text, size_t begin);

// The finders. Each says in its file what it takes and what it refuses.
size_t FindEmail(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindEncodedEmail(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindUrl(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindIpv6(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindMac(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindCoordinates(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindDegrees(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindCookie(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindNumber(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindNumberBefore(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindIban(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindCode(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindMonthDate(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindShortDate(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindDayName(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindYear(const TextWindow&, int, std::vector<TextCandidate>*);
size_t FindAge(const TextWindow&, int form, std::vector<TextCandidate>*);
size_t FindGreatAge(const TextWindow&, int form, std::vector<TextCandidate>*);
// In WordShapes the argument is 0: whoever has a clock puts the year there.
size_t FindBirth(const TextWindow&, int this_year, std::vector<TextCandidate>*);
size_t FindLabeled(const TextWindow&, int label, std::vector<TextCandidate>*);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TEXT_SHAPES_H_
