#include "src/classify/street_words.h"

#include <algorithm>

#include "absl/strings/string_view.h"

namespace subrosa {
namespace {

constexpr WordList kStreetWords(
    "street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|"
    "place|pl|way|circle|cir|terrace|parkway|pkwy|highway|hwy|square|sq|"
    "crescent");
constexpr WordList kLongStreetWords(
    "street|avenue|road|boulevard|lane|crescent|terrace|parkway|highway|"
    "square");
constexpr WordList kUnits("uss|usns|usnv|uscgc|usnm|unit|psc|cmr|ops");
constexpr WordList kJoints("and|und|et|y|e|og|och|en");

bool IsStreetWord(const TextWindow& window, const AddressToken& token) {
  size_t end = token.end;
  while (end > token.begin && window.At(end - 1) == '.') --end;
  return window.IsOneOf(token.begin, end, kStreetWords);
}

// Names that stand before "Street" or "Road" and are no street's.
constexpr WordList kNotStreets(
    "the|this|that|a|an|on|in|at|of|my|our|your|his|her|their|its|every|each|"
    "sesame|silk|wall|one|two|main|no|back|across|down|off|from|along|"
    "what|which|another|dirt|and|or");

}  // namespace

bool IsSureStreet(const TextWindow& window, const AddressToken& token) {
  const size_t size = token.end - token.begin;
  for (const absl::string_view tail : {"strasse",
                                       "stra\xc3\x9f"
                                       "e",
                                       "gasse", "gatan", "straat", "laan",
                                       "v\xc3\xa4gen", "katu", "ntie", "utca",
                                       "str\xc3\xa6"
                                       "de",
                                       "str\xc3\xa6"
                                       "ti"}) {
    if (size >= tail.size() + 3 &&
        window.HasAt(token.end - tail.size(), tail)) {
      return true;
    }
  }
  return false;
}

size_t StreetNameBefore(const TextWindow& window, size_t end) {
  const AddressToken street = TokenBefore(window, end);
  // Not "ROAD TRIP": in a text of capitals they tell nothing.
  if (!IsUpper(window.At(street.begin)) ||
      !IsLower(window.At(street.begin + 1)) ||
      !window.IsOneOf(street.begin, end, kLongStreetWords)) {
    return end;
  }
  size_t begin = street.begin;
  for (int names = 0; names < 3 && window.Before(begin) == ' '; ++names) {
    const AddressToken name = TokenBefore(window, begin - 1);
    const char first = window.At(name.begin);
    const bool capital =
        IsUpper(first) || static_cast<unsigned char>(first) >= 0x80;
    const bool ends =
        window.Before(begin - 1) == '.' && name.end - name.begin > 3;
    if (name.empty() || name.has_digit || !capital || ends ||
        name.end - name.begin < 2 ||
        window.IsOneOf(name.begin, name.end, kNotStreets)) {
      break;
    }
    begin = name.begin;
  }
  return begin == street.begin ? end : begin;
}

size_t MilitaryLineBefore(const TextWindow& window, size_t i) {
  size_t end = i;
  while (end > 0 && i - end < 4 &&
         (IsBlank(window.At(end - 1)) || window.At(end - 1) == ',')) {
    --end;
  }
  if (window.Before(end) == '\n') --end;
  size_t begin = end;
  for (int words = 0; words < 6; ++words) {
    const AddressToken token = TokenBefore(window, begin);
    if (token.empty()) break;
    begin = token.begin;
    if (window.IsOneOf(token.begin, token.end, kUnits)) {
      return begin;
    }
    if (window.Before(begin) != ' ') break;
    --begin;
  }
  return i;
}

StreetCorner CornerAfter(const TextWindow& window, size_t i) {
  constexpr absl::string_view kCue = "corner of";
  const size_t cue = i - std::min(i, kCue.size());
  if (!window.HasAt(cue, kCue)) return {};
  size_t at = i + 1;
  size_t joint = 0;
  size_t end = at;
  bool told = false;
  int words_since = 0;
  for (int words = 0; words < 14 && words_since < 6; ++words) {
    const AddressToken token = TokenAt(window, at);
    if (token.empty()) break;
    if (window.IsOneOf(token.begin, token.end, kJoints)) {
      if (joint != 0 || words == 0) break;
      joint = token.end;
      words_since = 0;
    } else {
      const bool capital =
          token.end - token.begin > 1 &&
          (IsUpper(window.At(token.begin)) ||
           static_cast<unsigned char>(window.At(token.begin)) >= 0x80);
      const bool tells =
          capital || token.has_digit || IsStreetWord(window, token);
      // In lower case the first word of a street, and then what still tells.
      if (!tells && joint != 0 && words_since > 0) break;
      told |= tells;
      ++words_since;
      end = token.end;
    }
    if (window.At(token.end) != ' ') break;
    at = token.end + 1;
  }
  if (joint == 0 || end <= joint || !told) return {};
  if (window.At(end - 1) == '.') --end;
  size_t begin = cue;
  if (begin >= 4 && window.HasAt(begin - 4, "the ")) begin -= 4;
  return {begin, end};
}

}  // namespace subrosa
