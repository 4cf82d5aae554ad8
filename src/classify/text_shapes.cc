#include "src/classify/text_shapes.h"

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

std::vector<TextShape> TextShapes() {
  const auto code = [](TextRuleId rule) { return static_cast<int>(rule); };
  const std::string months = kMonthNames;
  std::vector<TextShape> shapes = {
      {"[a-z0-9_+%-]@[a-z0-9]", true, FindEmail, 0},
      {"[a-z]://", true, FindUrl, 1},
      {"www\\.", true, FindUrl, 0},
      {"[0-9]\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]", false, FindIpv4, 0},
      {"[0-9a-f]:[0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]", true, FindIpv6, 0},
      {"::[0-9a-f]", true, FindIpv6, 0},
      {"[0-9a-f]{2}[:-](?:[0-9a-f]{2}[:-]){4}[0-9a-f]{2}", true, FindMac, 0},
      {"[0-9][-./ )][ (]?[0-9]{1,4}[-./ )][0-9]", false, FindNumber, 0},
      {"[^0-9][0-9]{9}", false, FindNumber, 0},
      {"\\([0-9]{2,4}\\) ?[0-9]", false, FindNumber, 0},
      {"\\+[0-9]", false, FindNumber, 0},
      {"[^0-9][0-9]{5}-[0-9]{4}", false, FindNumber, 0},
      {"[^A-Za-z0-9][A-Za-z]{2}[0-9]{2}[ A-Za-z0-9]", false, FindIban, 0},
      {"[^A-Za-z0-9][A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{8}[^A-Za-z0-9]",
       false, FindCode, code(TextRuleId::kVin)},
      {"[1-9][A-Z][A-Z0-9][0-9]-?[A-Z][A-Z0-9][0-9]-?[A-Z]{2}[0-9]{2}", false,
       FindCode, code(TextRuleId::kMedicareBeneficiary)},
      {"[^A-Za-z0-9][A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}", false, FindCode,
       code(TextRuleId::kZip)},
      {"[^A-Za-z0-9][A-Z][0-9][A-Z] [0-9][A-Z][0-9]", false, FindCode,
       code(TextRuleId::kZip)},
      {"[0-9]\\.[0-9]{3,10}[^0-9.]{1,16}[0-9]{1,3}\\.[0-9]{3}", false,
       FindCoordinates, 0},
      {"GA1\\.[0-9]\\.[0-9]", false, FindCookie, 0},
      {"fb\\.1\\.[0-9]", false, FindCookie, 0},
      {months + "[a-z]{0,6}[.,]? ?[0-9]", true, FindMonthDate, 1},
      {"[0-9](?:st|nd|rd|th)?(?: of)?[ ./-]" + months, true, FindMonthDate, 0},
      {"[^0-9/.][0-9]{1,2}/[0-9]{1,2}[^0-9/]", false, FindShortDate, 0},
      {"(?:mon|tues|wednes|thurs|fri|satur|sun)day", true, FindDayName, 0},
      {"[0-9][ -]?(?:years?|yrs?)[ -]old", true, FindAge, 1},
      {"[0-9] ?(?:y/?o|yo)[^a-z]", true, FindAge, 1},
      {"(?:aged?|turned|turn|turns|turning)[: ] ?[0-9]", true, FindAge, 0},
  };
  for (size_t i = 0; i < TextLabels().size(); ++i) {
    shapes.push_back({LabelPattern(TextLabels()[i].words), true, FindLabeled,
                      static_cast<int>(i)});
  }
  return shapes;
}

}  // namespace subrosa
