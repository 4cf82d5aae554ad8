// Text as strings of JSON.
#ifndef SUBROSA_SRC_EXPORTS_JSON_TEXT_H_
#define SUBROSA_SRC_EXPORTS_JSON_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

// Appends `text` as a string of JSON, quotes included, as protobuf writes one:
// beside what JSON asks for, < and > are escaped and what a reader would not
// see, so that no page and no editor takes the text for something else. What is
// not UTF-8 is replaced by U+FFFD, never refused: a copy is the consumer's.
void AppendJsonText(absl::string_view text, std::string* out);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_JSON_TEXT_H_
