// Ages: "61 years old", "61 y/o", "aged 61", "he was 61"; and where others are
// left alone great ones: "92nd birthday", "I am 93".
#include <algorithm>

#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

// As the rule's name has it.
constexpr int kOldestAge = 89;

// Words after a number that let it be an age.
constexpr WordList kAfterAge(
    "years|year|yrs|yr|and|last|this|next|in|on|today|soon|was|is|when|but|so|"
    "who|with");

}  // namespace

size_t FindAge(const TextWindow& window, int form,
               std::vector<TextCandidate>* found) {
  size_t begin = window.anchor;
  size_t end = window.anchor;
  // 1: the number comes first; 2: "he was 61", and nothing after it; 3 and 4 as
  // 1 and 0, of great ages alone.
  const bool number_first = form == 1 || form == 3;
  const bool only_great = form == 3 || form == 4;
  if (number_first) {
    while (begin > 0 && window.anchor - begin < 20 &&
           !IsDigit(window.At(begin - 1))) {
      --begin;
    }
    end = begin;
  } else {
    begin = window.anchor - 1;
    while (IsDigit(window.At(end)) && end - begin < 4) ++end;
  }
  while (begin > 0 && end - begin < 4 && IsDigit(window.At(begin - 1))) {
    --begin;
  }
  const int years = window.Number(begin, std::min(end, begin + 4));
  const char before = window.Before(begin);
  if (end == begin || end - begin > 3 || years < 1 || years > 125 ||
      before == '.' || before == '-' || before == '/' || before == '$' ||
      IsWordByte(before)) {
    return window.Refuse(begin, end, TextRuleId::kAge,
                         "it is no age, or more hangs on to the number");
  }
  if (only_great && years <= kOldestAge) {
    return window.Refuse(begin, end, TextRuleId::kAge,
                         "by such words only an age over 89 is looked for");
  }
  // "92nd": what follows the digits tells the last of them.
  if (form == 3) {
    while (IsAsciiLetter(window.At(end))) ++end;
  }
  if (form == 2 && window.At(end) != '.' && window.At(end) != ',' &&
      window.At(end) != '\n' && window.At(end) != '!') {
    return window.Refuse(begin, end, TextRuleId::kAge,
                         "the sentence goes on: the number may count "
                         "something");
  }
  if (!number_first) {
    // "turned 40 pages", "aged 12.5", "turn 90 degrees".
    if (window.At(end) == '.' && IsDigit(window.At(end + 1))) return 0;
    if (IsWordByte(window.At(end)) || window.At(end) == '%' ||
        (only_great && (window.At(end) == '-' || window.At(end) == '/'))) {
      return window.Refuse(begin, end, TextRuleId::kAge,
                           "more hangs on to the number");
    }
    const size_t next = window.At(end) == ' ' ? end + 1 : end;
    if (IsAsciiLetter(window.At(next)) &&
        !window.HasWordAfter(next, 10, kAfterAge)) {
      return window.Refuse(begin, end, TextRuleId::kAge,
                           "by the word after it the number counts something "
                           "else");
    }
  }
  found->push_back(
      {begin, end,
       years > kOldestAge ? TextRuleId::kAgeOver89 : TextRuleId::kAge, 0.8F});
  return 0;
}

}  // namespace subrosa
