// An address is built around a part that gives it away: a street's word with a
// number, a unit, a box, a postal code, or words such as "lives at". From there
// it grows to the left over the house number and the street's name, and to the
// right, over commas and line ends, by units, places and a postal code.
#include "src/classify/find_address.h"

#include <algorithm>

#include "absl/strings/string_view.h"
#include "src/classify/address_parts.h"
#include "src/classify/street_words.h"

namespace subrosa {
namespace {

constexpr WordList kShortStreetWords("via|c/");

void Add(size_t begin, size_t end, float score,
         std::vector<TextCandidate>* found) {
  if (begin < end) found->push_back({begin, end, TextRuleId::kAddress, score});
}

// "lives at 12 Oak Street", "sent to: Hauptstr. 7": a number and a name side by
// side must follow.
size_t FindAfterCue(const TextWindow& window,
                    std::vector<TextCandidate>* found) {
  const StreetCorner corner = CornerAfter(window, window.anchor);
  if (corner.end > corner.begin) {
    Add(corner.begin, GrowRight(window, corner.end), 0.7F, found);
    return 0;
  }
  size_t at = window.anchor;
  int lines = 0;
  while (at - window.anchor < 12 &&
         (IsBlank(window.At(at)) || window.At(at) == ':' ||
          window.At(at) == '\n' || window.At(at) == ',')) {
    if (window.At(at) == '\n' && ++lines > 2) return 0;
    ++at;
  }
  for (absl::string_view opening : {"the corner of ", "my ", "address "}) {
    if (window.HasAt(at, opening)) at += opening.size();
  }
  const size_t begin = at;
  size_t end = at;
  bool has_number = false;
  int names = 0;
  for (int words = 0; words < 12; ++words) {
    const AddressToken token = TokenAt(window, at);
    if (token.empty() || SkipUnit(window, at) != at) break;
    const bool number = IsHouseNumber(window, token);
    if (!number && !token.is_name) {
      // In lower case only between two numbers, or after one.
      if (!has_number || names > 3 || token.end - token.begin < 3) break;
    }
    has_number |= number;
    if (!number) ++names;
    end = token.end;
    if (window.At(end - 1) == '.' && end - token.begin > 4) {
      --end;
      break;
    }
    if (window.At(token.end) != ' ') break;
    at = token.end + 1;
  }
  const auto refuse = [&](const char* reason) {
    return window.Refuse(begin, std::max(begin + 1, end), TextRuleId::kAddress,
                         reason);
  };
  if (!has_number && names == 0) return 0;
  if (!has_number || names == 0) {
    return refuse(
        "no house number and name follow the words that an address "
        "may follow");
  }
  // "lives at 5 pm", "sent to 3 people": without a name in capitals, or a
  // second number, it is no address.
  size_t capitals = 0;
  size_t numbers = 0;
  for (size_t i = begin; i < end;) {
    const AddressToken token = TokenAt(window, i);
    const char first = window.At(i);
    if (IsUpper(first) || static_cast<unsigned char>(first) >= 0x80) ++capitals;
    if (IsDigit(first)) ++numbers;
    i = std::max(token.end, i) + 1;
  }
  if (capitals == 0 && numbers < 2) {
    return refuse("it has neither a name in capitals nor a second number");
  }
  end = GrowRight(window, end);
  Add(begin, end, 0.7F, found);
  return end;
}

}  // namespace

std::vector<AddressPattern> AddressPatterns() {
  return {
      {{"", "(?:suite|apt\\.?|apartment) #?[0-9]", true, DigitNeed::kAfter},
       AddressSeed::kSureUnit},
      {{"", "(?:unit|flat|room|ste\\.?) #?[0-9]", true, DigitNeed::kAfter},
       AddressSeed::kUnit},
      {{"", "(?:o\\. ?box|po box|postbox|postfach|postboks) [0-9]", true,
        DigitNeed::kAfter},
       AddressSeed::kBox},
      {{"[0-9],? ", "box [0-9]", true, DigitNeed::kAfter}, AddressSeed::kBox},
      {{"", "[afd]po a[aep] [0-9]", true, DigitNeed::kAfter},
       AddressSeed::kMilitary},
      {{"[a-z.] ",
        "(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|"
        "court|ct|place|pl|way|circle|cir|terrace|parkway|pkwy|highway|hwy|"
        "square|sq|trail|close|crescent|gardens|grove)[^a-z\x80-\xff]",
        true},
       AddressSeed::kStreetAfter},
      {{"(?:stra(?:ss|\xc3\x9f)e|str\\.|gasse|weg|allee|all\xc3\xa9|platz|vej|"
        "vejen|gade|str\xc3\xa6"
        "de|str\xc3\xa6"
        "ti|braut|vegur|gatan|gr\xc3\xa4nd|"
        "torg|v\xc3\xa4gen|veien|vegen|veg|gata|gate|laan|straat|plein|singel|"
        "katu|tie|kuja|polku|utca|\xc3\xbat|\xc3\xbatja|t\xc3\xa9r|k\xc3\xb6z|"
        "rakpart|ulica|ulice|n\xc3\xa1m\xc4\x9bst\xc3\xad|trg|tee|baan|dreef|"
        "vei|plads|torv|steenweg|ufer|damm|dijk|gracht|markt|utja| u\\.)",
        " [0-9]", true, DigitNeed::kAfter},
       AddressSeed::kNumberAfter},
      {{"[^a-z]",
        "(?:rue|avenida|avda\\.?|av\\.|calle|c/|viale?|via|"
        "piazza|corso|largo|rua|travessa|estrada|alameda|pra\xc3\xa7"
        "a|plaza|paseo|pasaje|camino|chemin|quai|impasse|all\xc3\xa9"
        "e|ul\\.|r\xc3\xba"
        "a|ctra\\.|avenue|boulevard|trg) [a-z\x80-\xff]",
        true, DigitNeed::kEither},
       AddressSeed::kEitherSide},
      // The number may lie further away here, or be missing.
      {{"", "address of [^\n]{1,40} is[: ,\n]", true}, AddressSeed::kCue},
      {{"", "corner of[: ,\n]", true}, AddressSeed::kCue},
      {{"",
        "(?:address(?:es)?(?: is)?:?|lives (?:at|on)|live at|lived "
        "(?:at|in)|living at|(?:located|based|staying) "
        "at|(?:office|house|home|store|shop|clinic|station|hospital|"
        "school|restaurant|hotel|pharmacy) is (?:at|on|in)|(?:sent|return|"
        "moved|taxi|deliver(?:ed)?|ship(?:ped)?|mail(?:ed)?|send it|it|one) "
        "to|arrived at|meet (?:me|you|us) at|off at|address to the same|"
        "address (?:is|with|to)|it is|it's in|here they are|enter on|live in|"
        "reside(?:s|d)? at|home at|credit card to)[: ,\n]",
        true, DigitNeed::kAfter},
       AddressSeed::kCue},
  };
}

size_t FindAddress(const TextWindow& window, int seed,
                   std::vector<TextCandidate>* found) {
  const size_t anchor = window.anchor;
  switch (static_cast<AddressSeed>(seed)) {
    case AddressSeed::kCue:
      FindAfterCue(window.MovedTo(anchor - 1), found);
      return 0;
    case AddressSeed::kMilitary:
    case AddressSeed::kBox:
    case AddressSeed::kUnit:
    case AddressSeed::kSureUnit: {
      const AddressToken last = TokenAt(window, anchor - 1);
      size_t begin = anchor - 1;
      while (begin > 0 && anchor - begin < 16 && window.At(begin - 1) != '\n' &&
             window.At(begin - 1) != ',' &&
             !(IsBlank(window.At(begin - 1)) && IsLetter(window.At(begin)))) {
        --begin;
      }
      const bool box = seed == static_cast<int>(AddressSeed::kBox);
      const bool military = seed == static_cast<int>(AddressSeed::kMilitary);
      if (military) begin = anchor - 8;
      if (box && window.HasAt(begin, "box")) {
        const size_t post = TokenBefore(window, begin - 1).begin;
        if (window.HasAt(post, "p") || window.HasAt(post, "o")) begin = post;
      }
      if (IsWordByte(window.Before(begin))) return 0;
      const size_t unit = begin;
      // On its own line it goes on from the line before; else from its left.
      size_t left = unit;
      while (left > 0 &&
             (IsBlank(window.At(left - 1)) || window.At(left - 1) == ',')) {
        --left;
      }
      const size_t above = military ? MilitaryLineBefore(window, unit)
                                    : StreetLineBefore(window, unit);
      size_t beside = GrowLeft(window, left, !military);
      if (beside == left) beside = LowerStreetBefore(window, left);
      if (above != unit) {
        begin = above;
      } else if (beside != left) {
        begin = beside;
      } else if (seed == static_cast<int>(AddressSeed::kUnit)) {
        return window.Refuse(unit, last.end, TextRuleId::kAddress,
                             "a unit or a room alone is none: no street stands "
                             "beside it or in the line before");
      }
      size_t end = last.end;
      while (end > unit && !IsWordByte(window.At(end - 1))) --end;
      // Of a military address the postal code is the end.
      Add(begin, military ? end : GrowRight(window, end), 0.8F, found);
      return 0;
    }
    case AddressSeed::kStreetAfter: {
      // The anchor is one after the street's word.
      size_t end = anchor - 1;
      if (window.At(end) == '.') ++end;
      const size_t begin = GrowLeft(window, end, true);
      if (begin == end || TokenBefore(window, end).begin <= begin) {
        // "on Alder Street": a name instead of a number.
        const size_t name = StreetNameBefore(window, anchor - 1);
        const bool goes_on = window.At(anchor - 1) == ',';
        if (name == anchor - 1 && !goes_on) {
          return window.Refuse(TokenBefore(window, name).begin, name,
                               TextRuleId::kAddress,
                               "no house number and no name stand before the "
                               "word for a street");
        }
        Add(name, goes_on ? GrowRight(window, anchor - 1) : anchor - 1, 0.6F,
            found);
        return 0;
      }
      // "4 people on the way": the name must begin like one.
      const AddressToken number = TokenAt(window, begin);
      const AddressToken name = TokenAt(window, number.end + 1);
      if (name.empty() || name.begin >= end - 2) {
        return window.Refuse(begin, end, TextRuleId::kAddress,
                             "between the number and the word for a street "
                             "stands no name");
      }
      Add(begin, GrowRight(window, end), 0.85F, found);
      return 0;
    }
    case AddressSeed::kNumberAfter: {
      const AddressToken number = TokenAt(window, anchor - 1);
      size_t begin = GrowLeft(window, anchor - 2, false);
      const AddressToken street = TokenBefore(window, anchor - 2);
      // "the best way 5": it is a name, a number stands before it, or it can
      // be nothing else.
      if (!street.is_name && !IsDigit(window.At(begin))) {
        if (!IsSureStreet(window, street)) {
          return window.Refuse(std::min(street.begin, number.begin), number.end,
                               TextRuleId::kAddress,
                               "the word before the number ends like a "
                               "street's, but is written as no name is");
        }
        begin = street.begin;
      }
      if (begin == anchor - 2) return 0;
      size_t end = number.end;
      while (end > anchor && !IsWordByte(window.At(end - 1))) --end;
      Add(begin, GrowRight(window, end), 0.75F, found);
      return 0;
    }
    case AddressSeed::kEitherSide: {
      // The anchor is after the first letter of the name.
      size_t word = anchor - 2;
      while (word > 0 && IsNameByte(window.At(word - 1))) --word;
      // "sent via Alder 5", "seen c/ Alder 5": short words with other uses.
      if (window.IsOneOf(word, anchor - 2, kShortStreetWords) &&
          !IsUpper(window.At(word))) {
        return window.Refuse(word, anchor, TextRuleId::kAddress,
                             "the short word for a street has other uses, and "
                             "no capital");
      }
      size_t end = anchor - 1;
      bool has_number = false;
      for (int i = 0; i < kMaxNameWords && !has_number; ++i) {
        const AddressToken token = TokenAt(window, end);
        if (token.empty() || !(token.is_name || token.has_digit)) break;
        has_number = token.has_digit;
        end = token.end;
        if (window.At(end) != ' ') break;
        if (!has_number) ++end;
      }
      // "3 avenue blocks": a name or a number must follow.
      if (end == anchor - 1) return 0;
      while (end > anchor && !IsWordByte(window.At(end - 1))) --end;
      size_t left = word;
      while (left > 0 && IsBlank(window.At(left - 1))) --left;
      const size_t begin = GrowLeft(window, left, true);
      if (begin == left && !has_number) {
        return window.Refuse(word, end, TextRuleId::kAddress,
                             "no house number stands on either side of the "
                             "street's name");
      }
      Add(begin == left ? word : begin, GrowRight(window, end), 0.75F, found);
      return 0;
    }
    case AddressSeed::kLine: {
      // "58 Kaevu 94" at the beginning of a line, and a place on the next, or
      // after a comma: house number, street and number.
      const size_t begin = TokenBefore(window, anchor - 2).begin;
      size_t end = TokenBefore(window, anchor - 2).end;
      bool has_number = false;
      for (int i = 0; i < kMaxNameWords && !has_number; ++i) {
        const AddressToken token = TokenAt(window, end + 1);
        if (token.empty() || !(token.is_name || token.has_digit)) return 0;
        has_number = IsHouseNumber(window, token);
        end = token.end;
        if (window.At(end) != ' ') break;
      }
      const char next = window.At(end);
      if (next != '\n' && next != ',') return 0;
      const size_t last = GrowRight(window, end);
      if (last == end) {
        return window.Refuse(begin, end, TextRuleId::kAddress,
                             "a number and a name begin the line, and no place "
                             "follows");
      }
      // Without a second number it is a street only where a postal code ends it
      // some lines below.
      if (!has_number &&
          !(IsDigit(window.At(last - 1)) && IsDigit(window.At(last - 4)))) {
        return 0;
      }
      Add(begin, last, 0.6F, found);
      return 0;
    }
    case AddressSeed::kZip: {
      const size_t state = anchor - 8;
      if (IsDigit(window.At(anchor))) return 0;
      size_t end = SkipZip(window, anchor - 5);
      if (end == anchor - 5) return 0;
      size_t left = state;
      while (left > 0 &&
             (IsBlank(window.At(left - 1)) || window.At(left - 1) == ',')) {
        --left;
      }
      size_t begin = left;
      for (int i = 0; i < 4; ++i) {
        const AddressToken token = TokenBefore(window, begin);
        if (token.empty() || !token.is_name || token.has_digit) break;
        begin = token.begin;
        if (window.Before(begin) != ' ') break;
        --begin;
      }
      while (begin < left && IsBlank(window.At(begin))) ++begin;
      if (begin == left) {
        return window.Refuse(state, end, TextRuleId::kAddress,
                             "no place's name stands before the state and the "
                             "postal code");
      }
      const size_t above = StreetLineBefore(window, begin);
      Add(above, end, 0.75F, found);
      return 0;
    }
  }
  return 0;
}

}  // namespace subrosa
