// Days without a year: "on 3/15", "between 3/1 and 3/5", "Monday".
#include "absl/strings/string_view.h"
#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

// Words before a day that say that it is one.
constexpr WordList kBeforeShortDate("on|since|until|dated|from|after|between");
constexpr WordList kBetween("between");
// Words between the first and the last day of a time.
constexpr WordList kToLastDay("and|to|thru|through|until|till");
constexpr char kNoWordBefore[] =
    "no word such as `on` stands before it: a fraction or a blood pressure is "
    "written so, too";

// Where one or two digits from `i` on end.
size_t DigitsEnd(const TextWindow& window, size_t i) {
  size_t end = i;
  while (end - i < 2 && IsDigit(window.At(end))) ++end;
  return end;
}

// "3/15": a month and a day, in either order.
struct ShortDate {
  size_t begin = 0;
  size_t end = 0;  // 0: there is none.
  int first = 0;
  int second = 0;

  bool is_some() const { return end != 0; }
  bool is_day() const {
    return first >= 1 && second >= 1 && first <= 31 && second <= 31 &&
           (first <= 12 || second <= 12);
  }
  // "3/4", but not "3/7": of what measures are divided into.
  bool is_usual_fraction() const {
    return first < second &&
           (second == 2 || second == 3 || second == 4 || second == 8);
  }
};

ShortDate ShortDateAt(const TextWindow& window, size_t i) {
  const size_t slash = DigitsEnd(window, i);
  if (slash == i || window.At(slash) != '/') return {};
  const size_t end = DigitsEnd(window, slash + 1);
  if (end == slash + 1 || IsDigit(window.At(end)) || window.At(end) == '/') {
    return {};
  }
  return {i, end, window.Number(i, slash), window.Number(slash + 1, end)};
}

// The one before `i`, from which a hyphen or a word such as "to" divides it.
ShortDate ShortDateBefore(const TextWindow& window, size_t i) {
  size_t end = i;
  if (window.Before(end) == '-') {
    --end;
  } else {
    if (window.Before(end) != ' ') return {};
    size_t word = --end;
    while (word > 0 && end - word < 8 && IsAsciiLetter(window.Before(word))) {
      --word;
    }
    if (!window.IsOneOf(word, end, kToLastDay) || window.Before(word) != ' ') {
      return {};
    }
    end = word - 1;
  }
  size_t begin = end;
  while (begin > 0 && end - begin < 6 &&
         (IsDigit(window.Before(begin)) || window.Before(begin) == '/')) {
    --begin;
  }
  const ShortDate date = ShortDateAt(window, begin);
  return date.end == end ? date : ShortDate{};
}

// The one after `i`, divided in the same ways.
ShortDate ShortDateAfter(const TextWindow& window, size_t i) {
  if (window.At(i) == '-') return ShortDateAt(window, i + 1);
  if (window.At(i) != ' ') return {};
  size_t end = i + 1;
  while (end - i < 9 && IsAsciiLetter(window.At(end))) ++end;
  if (!window.IsOneOf(i + 1, end, kToLastDay) || window.At(end) != ' ') {
    return {};
  }
  return ShortDateAt(window, end + 1);
}

}  // namespace

size_t FindShortDate(const TextWindow& window, int,
                     std::vector<TextCandidate>* found) {
  // "on 3/15": the anchor is one after the day. A blood pressure or a score
  // out of ten has no such word before it.
  const size_t end = window.anchor - 1;
  size_t begin = end;
  while (begin > 0 && end - begin < 5 &&
         (IsDigit(window.At(begin - 1)) || window.At(begin - 1) == '/')) {
    --begin;
  }
  const ShortDate date = ShortDateAt(window, begin);
  if (date.end != end) return 0;
  // "between 3/1 and 3/5": the word before the first is one before both.
  const ShortDate first = ShortDateBefore(window, begin);
  const char before = window.Before(begin);
  if (!date.is_day() ||
      !(before == ' ' || (before == '-' && first.is_some()))) {
    return window.Refuse(begin, end, TextRuleId::kDate, "there is no such day");
  }
  if (window.At(end) == '.' && IsDigit(window.At(end + 1))) return 0;
  const size_t from = first.is_some() ? first.begin : begin;
  if (!window.HasWordBefore(from, 8, kBeforeShortDate)) {
    return window.Refuse(begin, end, TextRuleId::kDate, kNoWordBefore);
  }
  // "between 1/4 and 1/2".
  const ShortDate other = first.is_some() ? first : ShortDateAfter(window, end);
  if (other.is_some() && date.is_usual_fraction() &&
      other.is_usual_fraction() && window.HasWordBefore(from, 8, kBetween)) {
    return window.Refuse(begin, end, TextRuleId::kDate,
                         "it and the number beside it are usual fractions");
  }
  found->push_back({begin, end, TextRuleId::kDate, 0.6F});
  return end;
}

size_t FindDayName(const TextWindow& window, int,
                   std::vector<TextCandidate>* found) {
  const size_t end = window.anchor;
  size_t begin = end;
  while (begin > 0 && end - begin < 10 && IsAsciiLetter(window.At(begin - 1))) {
    --begin;
  }
  if (IsWordByte(window.At(end)) || IsWordByte(window.Before(begin)) ||
      window.Before(begin) == '#' || window.Before(begin) == '@') {
    return window.Refuse(begin, end, TextRuleId::kDayName,
                         "it is part of a longer word, a tag or a name");
  }
  for (absl::string_view day : {"monday", "tuesday", "wednesday", "thursday",
                                "friday", "saturday", "sunday"}) {
    if (day.size() == end - begin && window.HasAt(begin, day)) {
      found->push_back({begin, end, TextRuleId::kDayName, 0.5F});
      return end;
    }
  }
  return 0;
}

}  // namespace subrosa
