// Dates with a month by its name, times of day, and years.
#include "src/classify/find_date.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"
#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

// Words that make a time stamp one of a person's life.
constexpr WordList kLifeWords(
    "born|birth|birthday|dob|admitted|admission|discharged|discharge|visit|"
    "visited|appointment|seen|died|death|deceased|surgery|onset|diagnosed|"
    "period|taken|since");

// Words before a month that say that it is one.
constexpr WordList kBeforeMonth("on|in|since|until");
// Words after four digits that make them a count.
constexpr WordList kCounted(
    "steps|mg|ml|mcg|kg|g|iu|units|kcal|cal|calories|"
    "patients|people|participants|cases|dollars|euros|"
    "words|times|hours|days|miles|meters|feet|users|"
    "samples|rows|records|messages|requests");
constexpr char kNoSuchDay[] = "there is no such day";
constexpr char kSmallMonth[] =
    "three small letters may be another word: as a month they need a capital, "
    "a year, or a word such as `on` before them";

constexpr absl::string_view kMonths[] = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

// How many letters from `i` spell a month's name in full, or its usual short
// form ("sept" too); 0 if none does.
size_t MonthAt(const TextWindow& window, size_t i) {
  size_t end = i;
  while (end - i < 10 && IsAsciiLetter(window.At(end))) ++end;
  const size_t length = end - i;
  if (length < 3 || length > 9) return 0;
  for (absl::string_view month : kMonths) {
    if ((length == 3 || length == month.size() ||
         (length == 4 && month[0] == 's')) &&
        length <= month.size() && window.HasAt(i, month.substr(0, length))) {
      return length;
    }
  }
  return 0;
}

size_t SkipDigits(const TextWindow& window, size_t i, size_t most) {
  const size_t begin = i;
  while (i - begin < most && IsDigit(window.At(i))) ++i;
  return i;
}

// ", 2024" or " 2024" or "-2024" at `i`; `i` itself if there is no year.
size_t SkipYear(const TextWindow& window, size_t i) {
  size_t at = i;
  if (window.At(at) == '.' || window.At(at) == ',') ++at;
  if (window.At(at) == ' ' || window.At(at) == '-' || window.At(at) == '/' ||
      window.At(at) == '\'') {
    ++at;
  }
  if (window.HasAt(at, "of ")) at += 3;
  const size_t end = SkipDigits(window, at, 5);
  // "5-Mar-24": two digits only between hyphens or slashes.
  if (end - at == 2 && at == i + 1 && window.Before(i) != ' ' &&
      (window.At(i) == '-' || window.At(i) == '/') &&
      !IsWordByte(window.At(end))) {
    return end;
  }
  if (at == i || end - at != 4) return i;
  const int year = window.Number(at, end);
  return year >= 1850 && year <= 2150 ? end : i;
}

// The year of "03FEB1961" at `i`; two digits only after a word such as "born".
// 0 if there is none.
size_t SkipJoinedYear(const TextWindow& window, size_t i) {
  const size_t end = SkipDigits(window, i, 5);
  if (IsWordByte(window.At(end))) return 0;
  if (end - i == 2) {
    return window.HasWordBefore(i, 32, kLifeWords) ? end : 0;
  }
  const int year = end - i == 4 ? window.Number(i, end) : 0;
  return year >= 1850 && year <= 2150 ? end : 0;
}

// Whether the eight bytes are digits where `form` has a 0, and else as there.
inline bool HasForm(const char* bytes, const char* form) {
  // In each byte: what the two differ in, and a sum that reaches the highest
  // bit if that is more than 9 for a digit, or anything for another byte.
  const auto wide = [](const char* from) {
    uint64_t value;
    std::memcpy(&value, from, sizeof(value));
    return value;
  };
  char add[8];
  for (size_t i = 0; i < 8; ++i) add[i] = form[i] == '0' ? 0x76 : 0x7f;
  const uint64_t other = wide(bytes) ^ wide(form);
  return ((other | (other + wide(add))) & 0x8080808080808080) == 0;
}

size_t SkipOrdinal(const TextWindow& window, size_t i) {
  for (absl::string_view ending : {"st", "nd", "rd", "th"}) {
    if (window.HasAt(i, ending) && !IsLetter(window.At(i + 2))) return i + 2;
  }
  return i;
}

// "-5" or " - 5" at `i`, after the day `first` of a month: the last of several
// days. Returns where it ends, or `i`.
size_t SkipLastDay(const TextWindow& window, size_t i, int first) {
  size_t at = i;
  const bool spaced = window.At(at) == ' ' && window.At(at + 1) == '-';
  if (spaced) ++at;
  if (window.At(at) != '-') return i;
  ++at;
  if (spaced && window.At(at) == ' ') ++at;
  const size_t end = SkipDigits(window, at, 3);
  const size_t whole = SkipOrdinal(window, end);
  if (end == at || end - at > 2 || IsWordByte(window.At(whole)) ||
      window.At(whole) == ':' || window.At(whole) == '/' ||
      window.At(whole) == '%' || window.At(whole) == '-') {
    return i;
  }
  const size_t next = window.At(whole) == ' ' ? whole + 1 : whole;
  const int last = window.Number(at, end);
  const bool is_hour = window.HasAt(next, "am") || window.HasAt(next, "pm") ||
                       window.HasAt(next, "mg") || window.HasAt(next, "ml");
  return last > first && last <= 31 && !is_hour ? whole : i;
}

// The first of several days, "3-" before the day `last` that begins at `i`:
// where it begins, or `i`.
size_t FirstDayBefore(const TextWindow& window, size_t i, int last) {
  if (window.Before(i) != '-') return i;
  const size_t end = i - 1;
  size_t begin = end;
  while (begin > 0 && end - begin < 3 && IsDigit(window.Before(begin))) --begin;
  const char before = window.Before(begin);
  if (begin == end || end - begin > 2 || IsWordByte(before) || before == '-' ||
      before == '.' || before == '/') {
    return i;
  }
  const int first = window.Number(begin, end);
  return first >= 1 && first < last ? begin : i;
}

}  // namespace

TimeOfDay TimeAfter(const TextWindow& window, size_t i) {
  TimeOfDay time;
  time.end = i;
  size_t at = i;
  const bool letter_t = window.At(at) == 'T' || window.At(at) == 't';
  if (letter_t || window.At(at) == ' ' || window.At(at) == ',') {
    ++at;
  } else {
    return time;
  }
  if (window.At(at) == ' ') ++at;
  if (window.HasAt(at, "at ")) at += 3;
  const size_t hour = SkipDigits(window, at, 2);
  if (hour == at || window.At(hour) != ':') return time;
  const size_t minute = SkipDigits(window, hour + 1, 2);
  if (minute - hour != 3) return time;
  time.end = minute;
  if (window.At(minute) == ':') {
    const size_t second = SkipDigits(window, minute + 1, 2);
    if (second - minute == 3) {
      time.end = second;
      if ((window.At(second) == '.' || window.At(second) == ',') &&
          IsDigit(window.At(second + 1))) {
        time.end = SkipDigits(window, second + 1, 9);
        time.is_machine = true;
      }
      time.is_machine |= letter_t;
    }
  }
  if (window.At(time.end) == 'Z') {
    ++time.end;
    time.is_machine = true;
  } else if ((window.At(time.end) == '+' || window.At(time.end) == '-') &&
             IsDigit(window.At(time.end + 1))) {
    time.end = SkipDigits(window, time.end + 1, 2);
    if (window.At(time.end) == ':') ++time.end;
    time.end = SkipDigits(window, time.end, 2);
    time.is_machine = true;
  } else {
    const size_t letters = window.At(time.end) == ' ' ? time.end + 1 : time.end;
    if ((window.HasAt(letters, "am") || window.HasAt(letters, "pm")) &&
        !IsLetter(window.At(letters + 2))) {
      time.is_persons = time.end == minute;
      time.end = letters + 2;
    }
  }
  return time;
}

bool IsMachineTime(const TextWindow& window, size_t begin,
                   const TimeOfDay& time) {
  if (time.end == begin) return false;
  if (time.is_persons) return false;
  if (window.HasWordBefore(begin, 40, kLifeWords)) return false;
  if (time.is_machine) return true;
  size_t first = begin;
  while (first > 0 &&
         (window.At(first - 1) == '[' || window.At(first - 1) == '"')) {
    --first;
  }
  return window.Before(first) == '\n' && begin - first < 3 && first > 0;
}

bool IsCalendarDay(int year, int month, int day) {
  return year >= 1850 && year <= 2150 && month >= 1 && month <= 12 &&
         day >= 1 && day <= 31;
}

bool IsMachineStamp(absl::string_view text, size_t begin) {
  if (begin == 0 || text[begin - 1] != '\n' || text.size() - begin < 19) {
    return false;
  }
  const char* const bytes = text.data() + begin;
  if (!HasForm(bytes, "0000-00-") || !HasForm(bytes + 8, "00T00:00") ||
      !HasForm(bytes + 11, "00:00:00")) {
    return false;
  }
  const auto number = [&](size_t i) {
    return 10 * (bytes[i] - '0') + (bytes[i + 1] - '0');
  };
  return IsCalendarDay(100 * number(0) + number(2), number(5), number(8));
}

size_t FindMonthDate(const TextWindow& window, int month_first,
                     std::vector<TextCandidate>* found) {
  size_t begin = 0;
  size_t end = 0;
  if (month_first != 0) {
    // "March 5", "Mar. 5th, 2024", "March 2024": the anchor is after a digit.
    size_t digit = window.anchor - 1;
    begin = digit;
    while (begin > 0 && digit - begin < 12 && window.At(begin - 1) != '\n' &&
           !IsAsciiLetter(window.At(begin - 1))) {
      --begin;
    }
    while (begin > 0 && digit - begin < 14 &&
           IsAsciiLetter(window.At(begin - 1))) {
      --begin;
    }
    const size_t letters = MonthAt(window, begin);
    if (letters == 0 || IsWordByte(window.Before(begin))) return 0;
    const size_t after = SkipDigits(window, digit, 5);
    if (after - digit == 4) {
      const int year = window.Number(digit, after);
      if (year < 1850 || year > 2150) {
        return window.Refuse(begin, after, TextRuleId::kDate, kNoSuchDay);
      }
      end = after;
    } else if (after - digit <= 2) {
      const int day = window.Number(digit, after);
      if (day < 1 || day > 31) {
        return window.Refuse(begin, after, TextRuleId::kDate, kNoSuchDay);
      }
      end = SkipLastDay(window, SkipOrdinal(window, after), day);
      end = SkipYear(window, end);
    } else {
      return 0;
    }
    if (IsWordByte(window.At(end))) return 0;
    // "may 5" and "mar 3" are dates only where written as names are.
    if (!IsUpper(window.At(begin)) && letters == 3 && end == after &&
        !window.HasWordBefore(begin, 8, kBeforeMonth)) {
      return window.Refuse(begin, end, TextRuleId::kDate, kSmallMonth);
    }
    // "5 March 2024" is found from its beginning.
    size_t day = begin;
    while (day > 0 && begin - day < 3 &&
           (window.At(day - 1) == ' ' || window.At(day - 1) == '-')) {
      --day;
    }
    if (day < begin && IsDigit(window.Before(day))) return 0;
  } else {
    // "5 March 2024", "5th of March", "05-Mar-2024": the anchor is after three
    // letters.
    const size_t month = window.anchor - 3;
    const size_t letters = MonthAt(window, month);
    if (letters == 0) return 0;
    begin = month;
    while (begin > 0 && month - begin < 10 && !IsDigit(window.At(begin - 1))) {
      --begin;
    }
    const size_t digits_end = begin;
    while (begin > 0 && digits_end - begin < 3 &&
           IsDigit(window.At(begin - 1))) {
      --begin;
    }
    if (digits_end - begin > 2 || IsWordByte(window.Before(begin))) return 0;
    const int day = window.Number(begin, digits_end);
    if (day < 1 || day > 31) {
      return window.Refuse(begin, month + letters, TextRuleId::kDate,
                           kNoSuchDay);
    }
    end = month == digits_end ? SkipJoinedYear(window, month + letters)
                              : SkipYear(window, month + letters);
    if (end == 0) return 0;
    begin = FirstDayBefore(window, begin, day);
    const char divider = window.At(month - 1);
    // The common log format: [10/Oct/2000:13:55:36 -0700].
    if (divider == '/' && window.At(end) == ':') {
      window.Refuse(begin, end, TextRuleId::kDate, kMachineTime);
      return window.anchor;
    }
    if (IsWordByte(window.At(end))) return 0;
    if (end == month + letters && !IsUpper(window.At(month)) && letters == 3) {
      return window.Refuse(begin, end, TextRuleId::kDate, kSmallMonth);
    }
  }
  const TimeOfDay time = TimeAfter(window, end);
  if (time.end > end && IsMachineTime(window, begin, time)) {
    window.Refuse(begin, time.end, TextRuleId::kDate, kMachineTime);
    return time.end;
  }
  found->push_back({begin, std::max(end, time.end), TextRuleId::kDate, 0.9F});
  return end;
}

size_t FindYear(const TextWindow& window, int,
                std::vector<TextCandidate>* found) {
  // "in 1998.": the anchor is one after what follows the year.
  const size_t end = window.anchor - 1;
  const char next = window.At(end);
  // "of 2000 steps", "by 1950 mg", "in 2012-A": a count or a part of a number.
  if (IsWordByte(next) || next == '%' || next == '/' || next == '-' ||
      ((next == '.' || next == ',') && IsDigit(window.At(end + 1)))) {
    return window.Refuse(end - 4, end, TextRuleId::kYear,
                         "more hangs on to it");
  }
  if (next == ' ' && window.HasWordAfter(end + 1, 9, kCounted)) {
    return window.Refuse(end - 4, end, TextRuleId::kYear,
                         "by the word after it it counts something");
  }
  found->push_back({end - 4, end, TextRuleId::kYear, 0.5F});
  return end;
}

}  // namespace subrosa
