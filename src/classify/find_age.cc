// Ages: "61 years old", "61 y/o", "age: 61", "he was 61", "in her 90s".
// Great ones in words: find_great_age.cc.
#include <algorithm>

#include "absl/strings/string_view.h"
#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

constexpr int kMostYears = 125;
// As the rule's name has it.
constexpr int kOldestAge = 89;

// Words after "turned 61" that let it be an age.
constexpr WordList kAfterTurned(
    "years|year|yrs|yr|and|last|this|next|in|on|today|soon|was|is|when|but|so|"
    "who|with");

// Units that make the number after an age's label no age in years.
constexpr WordList kOtherUnits(
    "s|ms|sec|secs|second|seconds|min|mins|minute|minutes|h|hr|hrs|hour|hours|"
    "d|day|days|wk|wks|week|weeks|mo|mos|month|months|percent|pct|degrees|"
    "pages|bytes|kb|mb");

// What else has an age, before the word: "max age", "cache age".
constexpr WordList kAgeOfThings(
    "max|maximum|min|minimum|cache|object|file|message|record|queue|index|"
    "snapshot|session|gestational");

// Of names of fields that end with "age", those about people: `patientAge`.
constexpr WordList kAgeOfPeople(
    "patient|patients|pt|person|user|client|member|subject|customer|consumer|"
    "participant|respondent|resident|donor|employee|applicant|insured|"
    "beneficiary|subscriber|mother|father|maternal|paternal|parent|child|"
    "current|birth|admission|diagnosis|enrollment");

// Words beside a number of years that make it a person's age.
constexpr WordList kPeopleBefore(
    "he|she|age|aged|patient|pt|man|woman|male|female|mother|father|"
    "grandmother|grandfather|husband|wife|gentleman|lady|resident|turned");
constexpr WordList kPeopleAfter(
    "m|f|male|female|man|woman|gentleman|lady|boy|girl|old|widow|widower");
// Words directly before one; with no one beside it, a great one is an age.
constexpr WordList kIs("is|was|am|at|now|being");
// Words after one that make it a time.
constexpr WordList kTimeAfter(
    "ago|later|after|before|since|from|of|to|in|survival|follow|experience|"
    "more|longer|treasury|bond|lease|warranty|history|post|prior|duration|"
    "apart");

constexpr char kNoAge[] = "it is no age, or more hangs on to the number";

// A number [begin, end) that may be one of years.
struct Years {
  size_t begin = 0;
  size_t end = 0;
  int value = 0;  // 0: it can be none.
};

// The number before `i`, with at most 16 bytes between.
Years YearsBefore(const TextWindow& window, size_t i) {
  Years years;
  years.end = i;
  while (years.end > 0 && i - years.end < 16 &&
         !IsDigit(window.At(years.end - 1))) {
    --years.end;
  }
  years.begin = years.end;
  while (years.begin > 0 && years.end - years.begin < 4 &&
         IsDigit(window.At(years.begin - 1))) {
    --years.begin;
  }
  return years;
}

// The number whose first digit lies before the anchor.
Years YearsAfter(const TextWindow& window) {
  Years years;
  years.begin = window.anchor - 1;
  years.end = window.anchor;
  while (IsDigit(window.At(years.end)) && years.end - years.begin < 4) {
    ++years.end;
  }
  return years;
}

void SetValue(const TextWindow& window, Years* years) {
  const size_t size = years->end - years->begin;
  const char before = window.Before(years->begin);
  if (size == 0 || size > 3 || before == '.' || before == '/' ||
      before == '$' || IsWordByte(before) ||
      (before == '-' && IsWordByte(window.Before(years->begin - 1)))) {
    return;
  }
  const int value = window.Number(years->begin, years->end);
  if (value <= kMostYears) years->value = value;
}

// Where the word "age" of the label before the number at `i` begins.
size_t AgeLabelBefore(const TextWindow& window, size_t i) {
  constexpr size_t kLongestLabel = 40;
  for (size_t at = i; at > 0 && i - at < kLongestLabel;) {
    --at;
    if (window.HasAt(at, "age") &&
        (!IsLetter(window.Before(at)) ||
         (IsUpper(window.At(at)) && IsLower(window.Before(at))))) {
      return at;
    }
  }
  return i;
}

// Whether the label at `label` names the age of a thing: "max-age", `cacheAge`.
bool IsAgeOfAThing(const TextWindow& window, size_t label) {
  const char before = window.Before(label);
  const bool hangs = before == '-' || before == '_' || IsLetter(before);
  if (!hangs) return window.HasWordBefore(label, 13, kAgeOfThings);
  const size_t end = IsLetter(before) ? label : label - 1;
  size_t begin = end;
  while (begin > 0 && end - begin < 16 && IsLetter(window.Before(begin))) {
    --begin;
    if (IsUpper(window.At(begin)) && IsLower(window.Before(begin))) break;
  }
  return !window.IsOneOf(begin, end, kAgeOfPeople);
}

// Where the unit of a number of years that ends at `i` ends: "y", "yrs",
// " years". Of "92yM" it is the first letter.
size_t UnitEnd(const TextWindow& window, size_t i) {
  size_t end = window.At(i) == ' ' ? i + 1 : i;
  if (!window.HasAt(end, "ye") && !window.HasAt(end, "yr")) return end + 1;
  while (IsAsciiLetter(window.At(end))) ++end;
  return end;
}

// Whether people stand beside a number of years, and no word that makes it a
// time: "for 10 years", "5y survival".
bool IsAboutAPerson(const TextWindow& window, const Years& years) {
  const size_t unit_end = UnitEnd(window, years.end);
  size_t next = unit_end;
  while (next - unit_end < 2 &&
         (window.At(next) == ' ' || window.At(next) == ',' ||
          window.At(next) == '/' || window.At(next) == '-')) {
    ++next;
  }
  size_t next_end = next;
  while (next_end - next < 11 && IsAsciiLetter(window.At(next_end))) {
    ++next_end;
  }
  if (window.IsOneOf(next, next_end, kPeopleAfter)) return true;
  if (window.IsOneOf(next, next_end, kTimeAfter)) return false;
  size_t end = years.begin;
  if (window.Before(end) == ' ' || window.Before(end) == ',') --end;
  size_t begin = end;
  while (begin > 0 && end - begin < 12 && IsAsciiLetter(window.Before(begin))) {
    --begin;
  }
  // "Smith, 92y": a great age where nothing else is said.
  if (begin == end)
    return years.value > kOldestAge && !IsDigit(window.Before(end));
  if (window.IsOneOf(begin, end, kIs)) {
    return years.value > kOldestAge ||
           window.HasWordBefore(begin, 12, kPeopleBefore);
  }
  return window.IsOneOf(begin, end, kPeopleBefore);
}

// A decade of ages over 89, which ends at the anchor: "in her 90s".
size_t FindDecade(const TextWindow& window, std::vector<TextCandidate>* found) {
  const size_t end = window.anchor;
  if (IsWordByte(window.At(end))) return 0;
  constexpr size_t kLongest = 5;
  size_t begin = end;
  while (begin > 0 && end - begin < kLongest &&
         (IsWordByte(window.Before(begin)) || window.Before(begin) == '\'')) {
    --begin;
  }
  found->push_back({begin, end, TextRuleId::kAgeOver89, 0.8F});
  return 0;
}

}  // namespace

size_t FindAge(const TextWindow& window, int form,
               std::vector<TextCandidate>* found) {
  const auto age = static_cast<AgeForm>(form);
  if (age == AgeForm::kDecade) return FindDecade(window, found);
  const bool number_first = age == AgeForm::kNumber ||
                            age == AgeForm::kNumberBesidePeople ||
                            age == AgeForm::kOrdinal;
  Years years =
      number_first ? YearsBefore(window, window.anchor) : YearsAfter(window);
  SetValue(window, &years);
  const auto refuse = [&](const char* reason) {
    return window.Refuse(years.begin, years.end, TextRuleId::kAge, reason);
  };
  if (years.value == 0) return refuse(kNoAge);
  if (age == AgeForm::kNumberBesidePeople && !IsAboutAPerson(window, years)) {
    return refuse("nobody stands beside the number of years: it may be a time");
  }
  if (age == AgeForm::kOrdinal) {
    if (years.value <= kOldestAge) {
      return refuse("by such words only an age over 89 is looked for");
    }
    // "92nd": what follows the digits tells the last of them.
    years.end += 2;
  }
  if (age == AgeForm::kSentence) {
    const char next = window.At(years.end);
    if (next != '.' && next != ',' && next != '\n' && next != '!') {
      return refuse("the sentence goes on: the number may count something");
    }
  }
  if (!number_first) {
    // "turned 40 pages", "aged 12.5", "turn 90 degrees".
    if (window.At(years.end) == '.' && IsDigit(window.At(years.end + 1))) {
      return 0;
    }
    if (IsWordByte(window.At(years.end)) || window.At(years.end) == '%') {
      return refuse("more hangs on to the number");
    }
    const size_t next = window.At(years.end) == ' ' ? years.end + 1 : years.end;
    size_t word = next;
    while (word - next < 10 && IsAsciiLetter(window.At(word))) ++word;
    const bool counts =
        age == AgeForm::kLabel
            ? window.IsOneOf(next, word, kOtherUnits)
            : word > next && !window.HasWordAfter(next, 10, kAfterTurned);
    if (counts) {
      return refuse("by the word after it the number counts something else");
    }
  }
  if (age == AgeForm::kLabel &&
      IsAgeOfAThing(window, AgeLabelBefore(window, years.begin))) {
    return refuse("by the words before it it is the age of a thing");
  }
  found->push_back(
      {years.begin, years.end,
       years.value > kOldestAge ? TextRuleId::kAgeOver89 : TextRuleId::kAge,
       0.8F});
  return 0;
}

}  // namespace subrosa
