#include "src/classify/text_shapes.h"

#include <string>

#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "src/classify/find_address.h"

namespace subrosa {
namespace {

// A date's month after its day or before it.
constexpr char kMonthNames[] =
    "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";

PlacedPattern PatternOf(const TextLabel& label) {
  PlacedPattern pattern;
  pattern.caseless = true;
  const bool number =
      label.value == LabelValue::kNumber || label.value == LabelValue::kPhone;
  pattern.digit = number ? DigitNeed::kAfter : DigitNeed::kNone;
  absl::string_view words = label.words;
  // A sign before the word begins no word.
  if (absl::ConsumePrefix(&words, "_")) pattern.before = "_";
  pattern.after = absl::StrReplaceAll(words, {{"~", "[ _-]?"}});
  return pattern;
}

}  // namespace

ShapeFinder FinderOf(MaskShape shape) {
  const auto code = [](TextRuleId rule) { return static_cast<int>(rule); };
  switch (shape) {
    case MaskShape::kAtSign:
      return {FindEmail, 0};
    case MaskShape::kEncodedAtSign:
      return {FindEncodedEmail, 0};
    case MaskShape::kScheme:
      return {FindUrl, 1};
    case MaskShape::kNumber:
      return {FindNumber, 0};
    case MaskShape::kIban:
      return {FindIban, 0};
    case MaskShape::kVin:
      return {FindCode, code(TextRuleId::kVin)};
    case MaskShape::kMedicare:
      return {FindCode, code(TextRuleId::kMedicareBeneficiary)};
    case MaskShape::kPostcodeUk:
    case MaskShape::kPostcodeCa:
      return {FindCode, code(TextRuleId::kZip)};
    case MaskShape::kIpv6:
      return {FindIpv6, 0};
    case MaskShape::kMac:
      return {FindMac, 0};
    case MaskShape::kDecimal:
      return {FindCoordinates, 0};
    case MaskShape::kStateZip:
      return {FindAddress, static_cast<int>(AddressSeed::kZip)};
    case MaskShape::kNumberedLine:
      return {FindAddress, static_cast<int>(AddressSeed::kLine)};
    default:
      return {FindShortDate, 0};
  }
}

std::vector<TextShape> WordShapes() {
  const std::string months = kMonthNames;
  const auto age = [](AgeForm form) {
    return ShapeFinder{FindAge, static_cast<int>(form)};
  };
  std::vector<TextShape> shapes = {
      {{"", "www\\.", true}, {FindUrl, 0}},
      {{"", "GA1\\.[0-9]\\.[0-9]", false, DigitNeed::kAfter}, {FindCookie, 0}},
      {{"", "fb\\.1\\.[0-9]", false, DigitNeed::kAfter}, {FindCookie, 0}},
      // First with the day before the month: what is found so is passed over.
      {{"[0-9](?:st|nd|rd|th)?(?: of)?[ ./-]?", months, true,
        DigitNeed::kBefore},
       {FindMonthDate, 0}},
      {{"", months + "[a-z]{0,6}[.,]? ?[0-9]", true, DigitNeed::kAfter},
       {FindMonthDate, 1}},
      {{"", "(?:mon|tues|wednes|thurs|fri|satur|sun)day", true},
       {FindDayName, 0}},
      {{"[^a-z]",
        "(?:in|during|since|from|until|till|through|by|before|after|of|circa|"
        "years?|early|late|mid|around|spring|summer|autumn|fall|winter)[ -]"
        "(?:18|19|20)[0-9]{2}[^0-9]",
        true, DigitNeed::kAfter},
       {FindYear, 0}},
      {{"[0-9][ -]?", "(?:years?|yrs?)\\.?[ -](?:old|of age)", true,
        DigitNeed::kBefore},
       age(AgeForm::kNumber)},
      {{"[0-9][ -]?", "y[/.]?o[mf]?[^a-z\x80-\xff]", true, DigitNeed::kBefore},
       age(AgeForm::kNumber)},
      {{"[0-9] ?", "(?:years?|yrs?)[ ,.;)\n]", true, DigitNeed::kBefore},
       age(AgeForm::kNumberBesidePeople)},
      // Few bytes each: one pattern of many would let most words through.
      {{"[0-9] ?", "y(?:[ ,/-][mf]|[mf][ ,.;:/)\n-]|[,.;)][ \n]|\n\n| [owp])",
        true, DigitNeed::kBefore},
       age(AgeForm::kNumberBesidePeople)},
      {{"", "aged?[\"']?[ :=>(]{1,3}[\"']?(?:of |is |was )?[0-9]", true,
        DigitNeed::kAfter},
       age(AgeForm::kLabel)},
      {{"",
        "age(?:[ _]at[ _][a-z]{4,12}| ?\\(y[a-z]{0,4}\\)|[ _]in[ _]y[a-z]{2,4}|"
        "[ _]y[a-z]{1,4}| ?/ ?(?:sex|gender))[\"']?[ :=]{1,3}[\"']?[0-9]",
        true, DigitNeed::kAfter},
       age(AgeForm::kLabel)},
      {{"", "(?:turned|turns?|turning)[: ] ?[0-9]", true, DigitNeed::kAfter},
       age(AgeForm::kTurned)},
      {{"", "(?:s?he (?:is|was)|s?he's|i (?:was|am)|i'm) [0-9]", true,
        DigitNeed::kAfter},
       age(AgeForm::kSentence)},
      {{"[0-9](?:st|nd|rd|th)[ -]", "(?:birthday|b-?day|year of (?:age|life))",
        true, DigitNeed::kBefore},
       age(AgeForm::kOrdinal)},
      {{"", "in (?:his|her|their) (?:(?:early|mid|late)[ -])?(?:90|100)'?s",
        true, DigitNeed::kAfter},
       age(AgeForm::kDecade)},
      {{"", "ninet(?:y|ies|ieth)", true},
       {FindGreatAge, static_cast<int>(GreatAge::kNinety)}},
      {{"", "hundred(?:th)?", true},
       {FindGreatAge, static_cast<int>(GreatAge::kHundred)}},
      {{"", "(?:nonagen|centen|supercenten)arian", true},
       {FindGreatAge, static_cast<int>(GreatAge::kPerson)}},
      {{"", "(?:born|birth|d\\.?o\\.?b|yob)", true, DigitNeed::kAfter},
       {FindBirth, 0}},
      {{"", "b\\. ?[12]", false, DigitNeed::kAfter}, {FindBirth, 0}},
      {{"[0-9] ?", "\xc2[\xb0\xba] ?[0-9]", false, DigitNeed::kAfter},
       {FindDegrees, 0}},
      {{"[0-9][ -]", "(?:office|fax|mobile|cell|desk)", true,
        DigitNeed::kBefore},
       {FindNumberBefore, 0}},
      // With the byte after them: logs are full of "worker-7".
      {{"[0-9][ -]", "(?:home|work)[\n -?]", true, DigitNeed::kBefore},
       {FindNumberBefore, 0}},
  };
  for (const AddressPattern& address : AddressPatterns()) {
    if (address.seed == AddressSeed::kNumberAfter) continue;
    shapes.push_back(
        {address.pattern, {FindAddress, static_cast<int>(address.seed)}});
  }
  for (size_t i = 0; i < TextLabels().size(); ++i) {
    shapes.push_back(
        {PatternOf(TextLabels()[i]), {FindLabeled, static_cast<int>(i)}});
  }
  return shapes;
}

std::vector<TextShape> NumberShapes() {
  std::vector<TextShape> shapes;
  for (const AddressPattern& address : AddressPatterns()) {
    if (address.seed != AddressSeed::kNumberAfter) continue;
    shapes.push_back(
        {address.pattern, {FindAddress, static_cast<int>(address.seed)}});
  }
  return shapes;
}

}  // namespace subrosa
