// How a command prints a finding: for people, and as JSON. Neither holds a
// value, since a finding holds none.
#ifndef SUBROSA_TOOLS_SUBROSA_FINDING_TEXT_H_
#define SUBROSA_TOOLS_SUBROSA_FINDING_TEXT_H_

#include <string>

#include "nlohmann/json.hpp"
#include "src/classify/classification.h"

namespace subrosa {

// What a finding finds, in words: "conditions (mood and emotion)".
std::string KindText(const Finding& finding);

// "conditions: it is a mood check-in … [mark:…; RCW …; score 1.00]", without a
// line's end.
std::string FindingText(const Finding& finding);

// The same as {"field", "kind", "basis", "rule", "clause", "certainty",
// "score", "span", "reason"}. `certainty` says how sure we are of the clause's
// text, and is missing with the clause.
nlohmann::ordered_json FindingJson(const Finding& finding);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_FINDING_TEXT_H_
