// The two pieces of JSON that cannot be written as they stand.
#ifndef SUBROSA_TOOLS_SAMPLE_JSON_TEXT_H_
#define SUBROSA_TOOLS_SAMPLE_JSON_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace subrosa::sample {

// Appends `text` (UTF-8) in quotes.
void AppendJsonString(absl::string_view text, std::string* out);

// Appends `value` (finite) with as few digits as read back the same.
void AppendJsonNumber(double value, std::string* out);

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_JSON_TEXT_H_
