#include "tests/bench/whole_patterns.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "re2/re2.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

// What stands between a label and its value: punctuation, and up to four words
// such as "number is".
constexpr char kToValue[] =
    "s?[\\]\\[:=#'\"(,. >_\\t-]{1,10}"
    "(?:(?:numbers?|num|no|nr|id|code|is|was|are|as|of|the|ending|in|like|"
    "card|account|with|for|my|his|her|their|this|our|your|patient|details|"
    "value|on|at|me|us|him)[\\]\\[:=#'\"(,. >_\\t-]{1,10}){0,4}";
constexpr char kMonth[] =
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    "aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
constexpr char kStreet[] =
    "(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|court|ct|boulevard|blvd|"
    "way|place|pl|terrace|circle|cir|highway|hwy|parkway|pkwy|square|sq)";

// Of a number with at least `digits` digits among letters and dividers.
std::string NumberValue(int digits) {
  return absl::StrCat("(?:[a-z._/*-]*[0-9]){", digits, "}[a-z0-9._/*-]*");
}

std::string ValueOf(const TextLabel& label) {
  switch (label.value) {
    case LabelValue::kNumber:
      return NumberValue(label.min_digits);
    case LabelValue::kPhone:
      return "[+(]?[0-9](?:[-. ()/]{0,2}[0-9]){6,14}";
    case LabelValue::kHandle:
      return "[a-z0-9][a-z0-9._@-]+";
    default:
      return "[^\"',;&<>{}\\x00-\\x20]+";
  }
}

// The labels of one rule and one form of value, as one pattern.
void AddLabels(std::vector<WholePattern>* patterns) {
  std::map<std::pair<TextRuleId, std::string>, std::vector<std::string>> groups;
  for (const TextLabel& label : TextLabels()) {
    std::string words = re2::RE2::QuoteMeta(std::string(label.words));
    words = absl::StrReplaceAll(words, {{"\\~", "[ _-]?"}});
    groups[{label.rule, ValueOf(label)}].push_back(std::move(words));
  }
  for (const auto& [group, words] : groups) {
    patterns->push_back(
        {absl::StrCat(TextRules()[static_cast<size_t>(group.first)].id,
                      ", by label"),
         absl::StrCat("(?:^|[^a-z])(?:", absl::StrJoin(words, "|"), ")",
                      kToValue, group.second),
         true});
  }
}

}  // namespace

std::vector<WholePattern> WholePatterns() {
  const std::string month = kMonth;
  const std::string to_value = kToValue;
  std::vector<WholePattern> patterns = {
      {"email",
       "[A-Za-z0-9._%+\\x80-\\xff-]+(?:@|%40)(?:[A-Za-z0-9\\x80-\\xff-]+\\.)+"
       "[A-Za-z\\x80-\\xff]{2,}"},
      {"url", "(?:[a-z][a-z0-9+.-]+://|www\\.)[^\"<>\\x00-\\x20]+", true},
      {"ipv4",
       "(?:^|[^0-9.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\\.){3}"
       "(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?:[^0-9.]|$)"},
      {"ipv6",
       "(?:[0-9a-f]{1,4}:){2,7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){0,6}:"
       "(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}",
       true},
      {"mac", "\\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\\b", true},
      {"phone",
       "(?:^|[^0-9A-Za-z])(?:\\+?1[-. ]?)?(?:\\([2-9][0-9]{2}\\) ?|"
       "[2-9][0-9]{2}[-./ ])[2-9][0-9]{2}[-. ][0-9]{4}"
       "(?: ?(?:x|ext\\.?) ?[0-9]{1,5})?(?:[^0-9]|$)"},
      {"phone abroad", "\\+[1-9][0-9]{0,2}(?:[-. ()]{0,2}[0-9]{1,4}){2,6}"},
      {"ssn and itin",
       "(?:^|[^0-9-])[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}(?:[^0-9-]|$)"},
      {"nine digits", "(?:^|[^0-9])[0-9]{9}(?:[^0-9]|$)"},
      {"card",
       "(?:^|[^0-9])(?:[2-6][0-9]{3}[- ]?[0-9]{4}[- ]?[0-9]{4}[- ]?[0-9]{1,7}|"
       "3[47][0-9]{2}[- ]?[0-9]{6}[- ]?[0-9]{5})(?:[^0-9]|$)"},
      {"iban", "\\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?"},
      {"vin", "\\b[A-HJ-NPR-Z0-9]{17}\\b"},
      {"medicare",
       "\\b[1-9][A-Z][A-Z0-9][0-9]-?[A-Z][A-Z0-9][0-9]-?[A-Z]{2}[0-9]{2}\\b"},
      {"imei", "(?:^|[^0-9])[0-9]{2}[- ]?[0-9]{6}[- ]?[0-9]{6}[- ]?[0-9]\\b"},
      {"cookie",
       "\\b(?:GA1\\.[0-9]\\.[0-9]{5,12}\\.[0-9]{5,12}|"
       "fb\\.1\\.[0-9]{5,15}\\.[A-Za-z0-9_-]+)"},
      {"coordinates",
       "[-+]?[0-9]{1,3}\\.[0-9]{3,12}(?:\\xc2\\xb0)? ?[NSEW]?[, ;/]{1,3}[-+]?"
       "[0-9]{1,3}\\.[0-9]{3,12}(?:\\xc2\\xb0)? ?[NSEW]?"},
      {"degrees",
       "[0-9]{1,3} ?\\xc2[\\xb0\\xba] ?[0-9]{1,2}(?:\\.[0-9]+)?'"
       "(?: ?[0-9]{1,2}(?:\\.[0-9]+)?(?:\"|''))?"},
      {"date",
       "(?:^|[^0-9])(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|"
       "[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2}))"
       "(?:[T ,]{1,2}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?"
       "(?:Z|[+-][0-9]{2}:?[0-9]{2}| ?[ap]m)?)?",
       true},
      {"short date",
       "(?:\\b(?:on|since|from|until|till|by|before|after|between|dated?|"
       "seen|visit|dob|born|due|of) )[0-9]{1,2}/[0-9]{1,2}(?:[^0-9/]|$)",
       true},
      {"day and month",
       absl::StrCat("\\b[0-9]{1,2}(?:st|nd|rd|th)?(?: of)?[ ./-]?", month,
                    "(?:[0-9]{4}\\b|\\b(?:[., /'-]{1,3}[0-9]{2,4})?)"),
       true},
      {"month and day",
       absl::StrCat("\\b", month,
                    "\\.?[ -][0-9]{1,2}(?:st|nd|rd|th)?\\b(?:,? [0-9]{4})?|\\b",
                    month, ",? [0-9]{4}\\b"),
       true},
      {"day of the week", "\\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\\b",
       true},
      {"birth",
       "\\b(?:born|birth|d\\.?o\\.?b|yob|b\\.)[^0-9\\n]+"
       "(?:(?:[0-9]{1,2}/)?(?:18|19|20)[0-9]{2}(?:-[0-9]{2})?|"
       "[0-9]{8}(?:[0-9]{4}|[0-9]{6})?)\\b",
       true},
      {"age",
       "\\b[0-9]{1,3}[ -]?(?:years?|yrs?)\\.?[ -](?:old|of age)|"
       "\\b[0-9]{1,3}[ -]?y(?:[/.]?o|[ ,/-]?[mf])?\\b|"
       "\\b(?:is|was|at) [0-9]{1,3} ?(?:years?|yrs?)\\b|"
       "\\b[0-9]{1,3} ?(?:years?|yrs?),? (?:fe)?male\\b|"
       "(?:^|[^a-z])aged?(?:[ _](?:at|in)[ _][a-z]+| ?/ ?sex| ?\\(y[a-z]*\\))?"
       "[\"']?[ :=>(]{1,3}[\"']?[0-9]{1,3}\\b|"
       "\\b(?:age of|turned|turns?|turning)[: ] ?[0-9]{1,3}\\b|"
       "\\b(?:s?he (?:is|was)|s?he's|i (?:was|am)|i'm) [0-9]{1,3}[.,!]|"
       "\\b(?:nonage|cente)narian|\\bninety[ -][a-z -]*years?[ -]old|"
       "\\bin (?:his|her|their) (?:(?:early|mid|late)[ -])?"
       "(?:nineties|90'?s|100'?s)",
       true},
      {"address",
       absl::StrCat("\\b[0-9]{1,6}[a-z]?(?: [a-z0-9.'-]+){1,5} ", kStreet,
                    "\\b\\.?(?:,? ?(?:apt|apartment|suite|ste|unit|#)\\.? ?"
                    "[a-z0-9-]{1,6})?(?:,? [a-z .'-]+,? [a-z]{2} "
                    "[0-9]{5}(?:-[0-9]{4})?)?"),
       true},
      {"post box", "\\bp\\.? ?o\\.? ?box [0-9]{1,6}\\b", true},
      {"state and zip", "\\b[A-Z]{2} [0-9]{5}(?:-[0-9]{4})?\\b"},
      {"postcode",
       "\\b[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\\b|"
       "\\b[A-Z][0-9][A-Z] [0-9][A-Z][0-9]\\b"},
  };
  AddLabels(&patterns);
  return patterns;
}

}  // namespace subrosa
