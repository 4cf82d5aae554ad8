#include "src/classify/text_shapes.h"

#include "src/classify/find_address.h"

namespace subrosa {
namespace {

// A date's month after its day or before it.
constexpr char kMonthNames[] =
    "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)";

std::string LabelPattern(const char* words) {
  std::string pattern;
  for (const char* c = words; *c != 0; ++c) {
    if (*c == '~') {
      pattern += "[ _-]?";
    } else {
      pattern += *c;
    }
  }
  return pattern;
}

}  // namespace

MaskFinder FinderOf(MaskShape shape) {
  const auto code = [](TextRuleId rule) { return static_cast<int>(rule); };
  switch (shape) {
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
    default:
      return {FindShortDate, 0};
  }
}

std::vector<TextShape> TextShapes() {
  const std::string months = kMonthNames;
  std::vector<TextShape> shapes = {
      {"[a-z0-9_+%-]@[a-z0-9]", true, FindEmail, 0},
      {"[a-z]://", true, FindUrl, 1},
      {"www\\.", true, FindUrl, 0},
      {"GA1\\.[0-9]\\.[0-9]", false, FindCookie, 0},
      {"fb\\.1\\.[0-9]", false, FindCookie, 0},
      {months + "[a-z]{0,6}[.,]? ?[0-9]", true, FindMonthDate, 1},
      {"[0-9](?:st|nd|rd|th)?(?: of)?[ ./-]" + months, true, FindMonthDate, 0},
      {"(?:mon|tues|wednes|thurs|fri|satur|sun)day", true, FindDayName, 0},
      {"[^a-z](?:in|during|since|from|until|till|through|by|before|after|of|"
       "circa|years?|early|late|mid|around|spring|summer|autumn|fall|winter)[ "
       "-](?:18|19|20)[0-9]{2}[^0-9]",
       true, FindYear, 0},
      {"[0-9][ -]?(?:years?|yrs?)[ -]old", true, FindAge, 1},
      {"[0-9] ?(?:y/?o|yo)[^a-z]", true, FindAge, 1},
      {"(?:aged?|age of|turned|turn|turns|turning)[: ] ?[0-9]", true, FindAge,
       0},
      {"(?:he|she|i) was [0-9]", true, FindAge, 2},
      {"[0-9][ -](?:office|fax|mobile|cell|desk|home|work)", true,
       FindNumberBefore, 0},
  };
  for (const AddressPattern& address : AddressPatterns()) {
    shapes.push_back({address.pattern, address.caseless, FindAddress,
                      static_cast<int>(address.seed)});
  }
  for (size_t i = 0; i < TextLabels().size(); ++i) {
    shapes.push_back({LabelPattern(TextLabels()[i].words), true, FindLabeled,
                      static_cast<int>(i)});
  }
  return shapes;
}

}  // namespace subrosa
