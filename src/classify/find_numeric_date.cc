// Dates of digits: "03/15/2024", "2024-03-15", "1/2/2024-1/5/2024".
#include <algorithm>

#include "src/classify/find_date.h"
#include "src/classify/number_part.h"
#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

constexpr WordList kDateWords(
    "dob|born|birth|birthday|date|dated|on|since|seen|admitted|discharged|"
    "visit|until|when|expires|expiry|exp");

// Directly before a day they make it a version: "release 2024-03-05".
constexpr WordList kVersionNames("version|ver|release|build|rev|firmware|tag");

// What three groups may be.
enum class Day {
  kNone,  // They have no form of a date's.
  kNoSuchDay,
  kMaybe,  // "12.4.13": a version as often as a day.
  kSure,
};

Day DayOf(const NumberPart& part) {
  if (part.count() != 3 || part.group(0).plus) return Day::kNone;
  const char divider = part.group(1).divider;
  if ((divider != '-' && divider != '/' && divider != '.') ||
      part.group(2).divider != divider) {
    return Day::kNone;
  }
  const size_t sizes[] = {part.group(0).size(), part.group(1).size(),
                          part.group(2).size()};
  if (sizes[1] > 2) return Day::kNone;
  if (sizes[0] == 4 && sizes[2] <= 2) {
    return IsCalendarDay(part.Value(0), part.Value(1), part.Value(2))
               ? Day::kSure
               : Day::kNoSuchDay;
  }
  if (sizes[0] > 2 || (sizes[2] != 4 && sizes[2] != 2)) return Day::kNone;
  if (sizes[2] == 2 && divider != '/' &&
      !part.window.HasWordBefore(part.begin(), 24, kDateWords)) {
    return Day::kMaybe;
  }
  const int year = part.Value(2) + (sizes[2] == 4 ? 0 : 2000);
  return IsCalendarDay(year, part.Value(0), part.Value(1)) ||
                 IsCalendarDay(year, part.Value(1), part.Value(0))
             ? Day::kSure
             : Day::kNoSuchDay;
}

// Whether the word directly before `begin` names a version, and none of a date
// stands before it: "date of release: 2024-03-05".
bool IsVersionDate(const TextWindow& window, size_t begin) {
  size_t end = begin;
  while (end > 0 && begin - end < 3 &&
         (window.Before(end) == ' ' || window.Before(end) == ':' ||
          window.Before(end) == '=')) {
    --end;
  }
  size_t word = end;
  while (word > 0 && end - word < 9 && IsAsciiLetter(window.Before(word))) {
    --word;
  }
  return window.IsOneOf(word, end, kVersionNames) &&
         !window.HasWordBefore(word, 24, kDateWords);
}

}  // namespace

bool FindDate(const NumberPart& part, std::vector<TextCandidate>* found) {
  switch (DayOf(part)) {
    case Day::kNone:
      return false;
    case Day::kNoSuchDay:
      return part.Refuse(TextRuleId::kDate, "there is no such day");
    case Day::kMaybe:
      return part.Refuse(TextRuleId::kDate,
                         "with two digits for the year it may be a version, "
                         "and no word such as `born` stands before it");
    case Day::kSure:
      break;
  }
  if (part.group(0).size() == 4 && IsVersionDate(part.window, part.begin())) {
    part.Refuse(TextRuleId::kDate, "by the word before it it is a version");
    return true;
  }
  const TimeOfDay time = TimeAfter(part.window, part.end());
  const size_t end = std::max(part.end(), time.end);
  if (IsWordByte(part.window.At(end)) ||
      (part.window.At(end) == '-' && IsWordByte(part.window.At(end + 1)))) {
    return part.Refuse(TextRuleId::kDate, "more hangs on to its end");
  }
  if (time.end > part.end() && IsMachineTime(part.window, part.begin(), time)) {
    part.window.Refuse(part.begin(), end, TextRuleId::kDate, kMachineTime);
    return true;  // Decided: no other number may be made of it.
  }
  found->push_back({part.begin(), end, TextRuleId::kDate, 0.9F});
  return true;
}

size_t FindDays(const TextWindow& window, const NumberPhrase& phrase,
                size_t first, std::vector<TextCandidate>* found) {
  for (const size_t size : {3, 2}) {
    const size_t second = first + size;
    if (second + 3 > phrase.count) continue;
    const NumberPart last{window, phrase, second, second + 2};
    // Of another kind, unless years of four digits tell the days apart.
    const char between = phrase.groups[second].divider;
    const char inside = phrase.groups[second + 1].divider;
    if ((between != '-' && between != '/') ||
        phrase.groups[first + 1].divider != inside || !last.EndsAlone() ||
        DayOf(last) != Day::kSure) {
      continue;
    }
    if (size == 3) {
      const NumberPart day{window, phrase, first, first + 2};
      const bool years_tell = day.group(0).size() == 4 ||
                              (day.group(2).size() == 4 && between != '/');
      if (DayOf(day) != Day::kSure || (between == inside && !years_tell)) {
        continue;
      }
      found->push_back({day.begin(), day.end(), TextRuleId::kDate, 0.9F});
    } else {
      const NumberPart day{window, phrase, first, first + 1};
      if (between == inside || inside != '/' || day.group(0).size() > 2 ||
          day.group(1).size() > 2 ||
          !IsCalendarDay(2000, day.Value(0), day.Value(1))) {
        continue;
      }
      found->push_back({day.begin(), day.end(), TextRuleId::kDate, 0.9F});
    }
    found->push_back({last.begin(), last.end(), TextRuleId::kDate, 0.9F});
    return second + 3;
  }
  return first;
}

}  // namespace subrosa
