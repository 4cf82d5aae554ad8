// What stands after "born" or "date of birth" and has no form of a date of its
// own: a year that makes an age over 89, a month, and digits without dividers
// as messages between machines have them.
#include <algorithm>

#include "src/classify/find_date.h"
#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

constexpr size_t kReach = 40;
constexpr int kOver89 = 90;  // Years: 45 CFR 164.514(b)(2)(i)(C).

// How the label's word may go on: "birthday", `birthDate`.
constexpr WordList kMore("day|days|date|dates|year|dt|yr|s|dob");
// Words between the label and a number that is no time of a birth.
constexpr WordList kNoTimes(
    "weight|wt|weighing|length|head|certificate|cert|number|no|id|rate|rates|"
    "order|control|plan|weeks|gestation|room|ward");
// Words after four digits that make them an hour or a weight.
constexpr WordList kNoYears("hours|hrs|hr|h|g|gm|gms|gram|grams|lb|lbs|oz");

// Whether eight digits at `i` are a day: year first, or last.
bool IsCompactDay(const TextWindow& window, size_t i) {
  const auto number = [&](size_t from, size_t size) {
    return window.Number(i + from, i + from + size);
  };
  const int last_year = number(4, 4);
  return IsCalendarDay(number(0, 4), number(4, 2), number(6, 2)) ||
         IsCalendarDay(last_year, number(0, 2), number(2, 2)) ||
         IsCalendarDay(last_year, number(2, 2), number(0, 2));
}

bool IsYear(int year) { return year >= 1850 && year <= 2150; }

// Where a run of digits from `i` on ends; at most 15 are looked at.
size_t DigitsEnd(const TextWindow& window, size_t i) {
  size_t end = i;
  while (end - i < 15 && IsDigit(window.At(end))) ++end;
  return end;
}

// Whether more of a number hangs on at `i`.
bool GoesOn(const TextWindow& window, size_t i) {
  const char next = window.At(i);
  return IsWordByte(next) || next == '%' ||
         ((next == '-' || next == '/' || next == '.' || next == ',' ||
           next == ':') &&
          IsDigit(window.At(i + 1)));
}

// "1931-02" or "02/1931" whose first digits are [begin, end): where it ends,
// or `end`.
size_t MonthEnd(const TextWindow& window, size_t begin, size_t end) {
  const char divider = window.At(end);
  if (divider != '-' && divider != '/' && divider != '.') return end;
  const size_t last = DigitsEnd(window, end + 1);
  const size_t sizes[] = {end - begin, last - end - 1};
  if (GoesOn(window, last)) return end;
  const int first = window.Number(begin, begin + std::min<size_t>(sizes[0], 4));
  const int second =
      window.Number(end + 1, end + 1 + std::min<size_t>(sizes[1], 4));
  const bool year_first = sizes[0] == 4 && sizes[1] == 2;
  const bool year_last = sizes[0] <= 2 && sizes[1] == 4;
  if (!year_first && !year_last) return end;
  const int year = year_first ? first : second;
  const int month = year_first ? second : first;
  return IsYear(year) && month >= 1 && month <= 12 ? last : end;
}

}  // namespace

size_t FindBirth(const TextWindow& window, int this_year,
                 std::vector<TextCandidate>* found) {
  // "b. 1931": the anchor is after a digit.
  size_t at = window.anchor;
  if (IsDigit(window.Before(at))) --at;
  size_t word = at;
  while (word - at < 6 && IsAsciiLetter(window.At(word))) ++word;
  if (word > at && !window.IsOneOf(at, word, kMore)) return 0;

  // Up to the first digit; `last` is where the last word before it begins.
  const size_t label_end = word;
  size_t begin = label_end;
  bool is_at = false;
  for (; begin - label_end < kReach && !IsDigit(window.At(begin)); ++begin) {
    const char c = window.At(begin);
    if (c == '\n') return 0;
    if (!IsAsciiLetter(c) || IsWordByte(window.Before(begin))) continue;
    size_t end = begin;
    while (end - begin < 12 && IsAsciiLetter(window.At(end))) ++end;
    is_at = end - begin == 2 && window.HasAt(begin, "at");
    if (window.IsOneOf(begin, end, kNoTimes)) return 0;
  }
  const size_t end = DigitsEnd(window, begin);
  const char before = window.Before(begin);
  if (end == begin || IsLetter(before) || before == '/' || before == '$' ||
      before == '+') {
    return 0;
  }
  const size_t size = end - begin;
  const size_t month_end = MonthEnd(window, begin, end);
  if (month_end > end) {
    found->push_back({begin, month_end, TextRuleId::kDate, 0.8F});
    return 0;
  }
  // With hours and minutes, or seconds too.
  if (size == 8 || size == 12 || size == 14) {
    if (GoesOn(window, end) || !IsCompactDay(window, begin)) {
      return window.Refuse(begin, end, TextRuleId::kDate,
                           "as year, month and day its digits are no day");
    }
    found->push_back({begin, end, TextRuleId::kDate, 0.9F});
    return 0;
  }
  // A range of two years goes on with four digits.
  const bool is_range = window.At(end) == '-' &&
                        DigitsEnd(window, end + 1) == end + 5 &&
                        !GoesOn(window, end + 5);
  if (size != 4 || (GoesOn(window, end) && !is_range)) return 0;
  const int year = window.Number(begin, end);
  const size_t next = window.At(end) == ' ' ? end + 1 : end;
  if (!IsYear(year) || is_at || window.HasWordAfter(next, 7, kNoYears)) {
    return window.Refuse(begin, end, TextRuleId::kAgeOver89,
                         "it is no year, or counts something else");
  }
  if (this_year - year < kOver89) {
    return window.Refuse(begin, end, TextRuleId::kAgeOver89,
                         "who was born in that year is below 90, and a year "
                         "alone is no identifier");
  }
  found->push_back({begin, end, TextRuleId::kAgeOver89, 0.8F});
  return 0;
}

}  // namespace subrosa
