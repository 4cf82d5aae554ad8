// A rule in plain words, for people who read no packs.
#ifndef SUBROSA_SRC_LAW_LAW_TEXT_H_
#define SUBROSA_SRC_LAW_LAW_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

// The room's name without its prefix, lower case, hyphens: "request".
std::string RoomText(v1::Room room);

// How sure we are of a text: "statute read", "secondary source", "from memory:
// check".
std::string LawCertaintyText(v1::TextCertainty certainty);

// "45 calendar days", "1 year".
std::string PeriodText(const v1::Period& period);

// The kind of demand in a word or two: "deadline", "consent or other ground".
absl::string_view DemandName(const v1::LawRule& rule);

// What a pack does not cover: "C.R.S. 6-1-1306: the rights of access, …".
std::string LeftOutText(const v1::LeftOut& left_out);

// What the rule demands, beyond its text: its numbers, lists and bounds, a line
// each. "answer within 45 calendar days of receipt; one extension of 45
// calendar days".
std::vector<std::string> DemandLines(const v1::LawRule& rule);

}  // namespace subrosa

#endif  // SUBROSA_SRC_LAW_LAW_TEXT_H_
