// A LabelledText is a text in which people marked what is personal: what a
// scanner is measured against. A file of them has one JSON object a line:
//
//   {"id": "a-1", "text": "Call 555-0100", "source": "own",
//    "spans": [{"bstart": 5, "bend": 13, "type": "PHONE"}]}
//
// `bstart` and `bend` count UTF-8 bytes of the text, the end not included;
// `source` (and `track`, which is joined to it) may be absent. Other members
// are passed over.
//
// Safe to call from any thread.
//
// Security: labelled files hold what is personal. No error repeats any of it,
// the labels' names included.
#ifndef SUBROSA_SRC_CLASSIFY_LABELLED_TEXT_H_
#define SUBROSA_SRC_CLASSIFY_LABELLED_TEXT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"

namespace subrosa {

struct SpanLabel {
  ByteSpan span;     // Not empty, within the text.
  std::string type;  // As the file names it: "PHONE".
};

struct LabelledText {
  std::string id;  // What errors are listed by; never empty.
  std::string text;
  std::string source;             // "own/first"; may be empty.
  std::vector<SpanLabel> labels;  // In order of their offsets.
};

// Most labels of one text.
inline constexpr size_t kMaxSpanLabels = 100000;

// Reads one line. INVALID_ARGUMENT if it is no JSON object of this shape, a
// span lies outside the text or splits a character, or there are more than
// kMaxSpanLabels.
absl::StatusOr<LabelledText> ParseLabelledText(absl::string_view json);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_LABELLED_TEXT_H_
