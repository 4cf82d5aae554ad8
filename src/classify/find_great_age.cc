// Ages over 89 in words: "ninety-three years old", "her hundredth birthday",
// "in his nineties", "a centenarian". Smaller ages in words are not looked for.
#include <algorithm>

#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

constexpr WordList kTens("ninety|ninetieth|nineties|hundred|hundredth");
constexpr WordList kUnits(
    "one|two|three|four|five|six|seven|eight|nine|"
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth");
constexpr WordList kSingle("a|one");
constexpr WordList kOrdinals(
    "ninetieth|hundredth|"
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth");

constexpr WordList kBirthday("birthday|birthdays|bday");
constexpr WordList kYears("years|year|yrs");
// After "years": an age for sure, or none.
constexpr WordList kOfAge("old|olds|young|of age");
constexpr WordList kNoAge("ago|of|in|later|since|after|before|from|now|worth");

// Before a number: an age whatever comes after it, or only where nothing, or
// "years", does.
constexpr WordList kAged("aged|age|turn|turns|turned|turning");
constexpr WordList kPerson("he|she|i|am|i'm|he's|she's");
constexpr WordList kAt("at|was|is|be|being|reach|reached|reaching|lived");
constexpr WordList kWhose("my|his|her|their|our|your");
constexpr WordList kPartOf("early|mid|late");
// After a number that is one by the words before it.
constexpr WordList kGoesOn(
    "and|last|this|next|on|today|soon|was|is|when|but|so|who|with");

// More letters than any word of interest has: no more of one is looked at.
constexpr size_t kMostLetters = 24;

// The end of the word that begins at `i`.
size_t WordEnd(const TextWindow& window, size_t i) {
  const size_t most = i + kMostLetters;
  while (i < most && IsAsciiLetter(window.At(i))) ++i;
  return i;
}

bool IsDivider(char c) { return c == ' ' || c == '-'; }

// The beginning of the word before the one that begins at `i`; `i` if there is
// none on its line.
size_t WordBefore(const TextWindow& window, size_t i) {
  size_t begin = i;
  if (begin > 0 && IsDivider(window.Before(begin))) --begin;
  const size_t least = begin - std::min(begin, kMostLetters);
  while (begin > least && IsAsciiLetter(window.Before(begin))) --begin;
  return begin;
}

// Whether a sentence, or a part of one, may end at `i`.
bool GoesNoFurther(const TextWindow& window, size_t i) {
  const char next = window.At(i);
  if (next == '-' || next == '\'' || next == '%' || IsWordByte(next)) {
    return false;
  }
  return next != ' ' || !IsWordByte(window.At(i + 1)) ||
         window.HasWordAfter(i + 1, 6, kGoesOn);
}

// Whether the words around the number [begin, end) make it an age.
bool IsAge(const TextWindow& window, size_t begin, size_t end) {
  if (IsDivider(window.At(end))) {
    const size_t next = WordEnd(window, end + 1);
    if (window.IsOneOf(end + 1, next, kYears)) {
      if (IsDivider(window.At(next)) &&
          window.HasWordAfter(next + 1, 7, kOfAge)) {
        return true;
      }
      return (window.HasWordBefore(begin, 9, kAged) ||
              window.HasWordBefore(begin, 9, kAt)) &&
             !window.HasWordAfter(next + 1, 7, kNoAge);
    }
  }
  return (window.HasWordBefore(begin, 9, kAged) ||
          window.HasWordBefore(begin, 8, kPerson)) &&
         GoesNoFurther(window, end);
}

}  // namespace

size_t FindGreatAge(const TextWindow& window, int age,
                    std::vector<TextCandidate>* found) {
  size_t begin = window.anchor;
  const size_t least = begin - std::min(begin, kMostLetters);
  while (begin > least && IsAsciiLetter(window.Before(begin))) --begin;
  size_t end = WordEnd(window, window.anchor);
  const auto take_if = [&](bool is_age) {
    if (!is_age) {
      return window.Refuse(begin, end, TextRuleId::kAgeOver89,
                           "no words about age stand around it");
    }
    found->push_back({begin, end, TextRuleId::kAgeOver89, 0.8F});
    return end;
  };
  if (static_cast<GreatAge>(age) == GreatAge::kPerson) return take_if(true);
  if (!window.IsOneOf(begin, end, kTens)) return 0;
  size_t before = WordBefore(window, begin);
  if (window.HasAt(begin, "nineties")) {
    // Those of a life, not of a century.
    if (window.IsOneOf(before, begin - 1, kPartOf)) {
      const size_t part = before;
      before = WordBefore(window, part);
      return take_if(window.IsOneOf(before, part - 1, kWhose) &&
                     GoesNoFurther(window, end));
    }
    return take_if(window.IsOneOf(before, begin - 1, kWhose) &&
                   GoesNoFurther(window, end));
  }
  // The word that tells a count from a place in a row.
  size_t last = begin;
  const bool is_hundred = static_cast<GreatAge>(age) == GreatAge::kHundred;
  const size_t unit = window.HasAt(end, " and ") ? end + 5 : end + 1;
  if (IsDivider(window.At(end)) &&
      window.IsOneOf(unit, WordEnd(window, unit), kUnits)) {
    last = unit;
    end = WordEnd(window, unit);
  }
  const bool is_single = is_hundred && begin > before &&
                         window.IsOneOf(before, begin - 1, kSingle);
  if (is_single) {
    begin = before;
  } else if (begin > before && window.IsOneOf(before, begin - 1, kUnits)) {
    // "Three hundred", "one ninety".
    return take_if(false);
  }
  if (window.IsOneOf(last, end, kOrdinals)) {
    return take_if(IsDivider(window.At(end)) &&
                   window.HasWordAfter(end + 1, 10, kBirthday));
  }
  // "Several hundred", "a hundred and eighty".
  if (is_hundred && (!is_single || window.HasAt(end, " and "))) {
    return take_if(false);
  }
  return take_if(IsAge(window, begin, end));
}

}  // namespace subrosa
