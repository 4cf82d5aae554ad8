// An address is built around a part that gives it away: a street's word with a
// number, a unit, a box, a postal code, or words such as "lives at". From there
// it grows to the left over the house number and the street's name, and to the
// right, over commas and line ends, by units, places and a postal code.
#include "src/classify/find_address.h"

#include <algorithm>

#include "absl/strings/string_view.h"

namespace subrosa {
namespace {

constexpr size_t kAddressBytes = 200;
constexpr int kMaxNameWords = 6;

// Small words inside names of streets and places.
constexpr absl::string_view kParticles[] = {
    "de",    "la",   "le",   "les", "du",   "des",       "da",      "do",
    "dos",   "das",  "di",   "del", "der",  "den",       "van",     "von",
    "av",    "al",   "el",   "of",  "the",  "and",       "y",       "e",
    "z",     "i",    "ul.",  "av.", "st.",  "rue",       "via",     "rua",
    "in",    "zu",   "am",   "an",  "och",  "og",        "calle",   "avenue",
    "tee",   "utca", "ter",  "u.",  "str.", "boulevard", "place",   "terrasse",
    "allee", "vei",  "gate", "nan", "road", "street",    "avenida", "upon"};

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

// Bytes of a word in an address: all but spaces and what divides.
bool IsNameByte(char c) {
  return IsWordByte(c) || c == '.' || c == '\'' || c == '-' || c == '/' ||
         c == '#' || c == '(' || c == ')';
}

struct Token {
  size_t begin = 0;
  size_t end = 0;
  bool has_digit = false;
  bool is_name = false;  // Begins like a name, or is a particle.

  bool empty() const { return begin == end; }
};

Token Described(const TextWindow& window, size_t begin, size_t end) {
  Token token{begin, end, false, false};
  for (size_t i = begin; i < end; ++i) token.has_digit |= IsDigit(window.At(i));
  const char first =
      window.At(begin) == '(' ? window.At(begin + 1) : window.At(begin);
  token.is_name = IsUpper(first) || static_cast<unsigned char>(first) >= 0x80;
  for (absl::string_view particle : kParticles) {
    if (token.is_name) break;
    token.is_name =
        particle.size() == end - begin && window.HasAt(begin, particle);
  }
  return token;
}

Token TokenAt(const TextWindow& window, size_t i) {
  size_t end = i;
  while (end - i < 40 && IsNameByte(window.At(end))) ++end;
  return Described(window, i, end);
}

Token TokenBefore(const TextWindow& window, size_t i) {
  size_t begin = i;
  while (begin > 0 && i - begin < 40 && IsNameByte(window.At(begin - 1))) {
    --begin;
  }
  return Described(window, begin, i);
}

// Digits, perhaps with a letter or a fraction; no ordinal.
bool IsHouseNumber(const TextWindow& window, const Token& token) {
  size_t end = token.begin + (window.At(token.begin) == '#' ? 1 : 0);
  while (end < token.end && IsDigit(window.At(end))) ++end;
  return end > token.begin && IsDigit(window.At(end - 1)) &&
         (token.end - end <= 1 || window.At(end) == '-' ||
          window.At(end) == '/');
}

size_t SkipWord(const TextWindow& window, size_t i,
                std::initializer_list<absl::string_view> words) {
  for (absl::string_view word : words) {
    if (window.HasAt(i, word) && !IsLetter(window.At(i + word.size()))) {
      return i + word.size();
    }
  }
  return i;
}

// "Apt. 5B", "Suite #201", "Box 7", at `i`; `i` if there is none.
size_t SkipUnit(const TextWindow& window, size_t i) {
  size_t at = SkipWord(window, i,
                       {"apt", "apartment", "suite", "ste", "unit", "flat",
                        "room", "box", "p.o. box", "po box", "floor"});
  if (at == i) return i;
  while (at - i < 16 && (window.At(at) == '.' || window.At(at) == ' ' ||
                         window.At(at) == '#')) {
    ++at;
  }
  size_t end = at;
  while (end - at < 8 &&
         (IsDigit(window.At(end)) || IsAsciiLetter(window.At(end)) ||
          window.At(end) == '-')) {
    ++end;
  }
  const bool numbered = std::any_of(
      window.text.data() + std::min(at, window.text.size()),
      window.text.data() + std::min(end, window.text.size()), IsDigit);
  return numbered ? end : i;
}

// A postal code of digits, "98101-1234" and "53-320" and "394 13" included,
// and "7412 SL"; `i` if there is none.
size_t SkipZip(const TextWindow& window, size_t i) {
  size_t end = i;
  while (end - i < 7 && IsDigit(window.At(end))) ++end;
  const size_t first = end - i;
  if (first < 2 || first > 6) return i;
  const char divider = window.At(end);
  if (divider == '-' || divider == ' ') {
    size_t more = end + 1;
    while (more - end < 6 && IsDigit(window.At(more))) ++more;
    const size_t second = more - end - 1;
    if (second >= 2 && second <= 4 && !IsWordByte(window.At(more)) &&
        (first == 5 || first + second == 5) && window.At(more) != '-' &&
        !(window.At(more) == ' ' && IsDigit(window.At(more + 1)))) {
      end = more;
    } else if (divider == ' ' && first == 4 && IsUpper(window.At(end + 1)) &&
               IsUpper(window.At(end + 2)) && !IsWordByte(window.At(end + 3))) {
      return end + 3;
    } else if (divider == '-' || second > 0) {
      return i;  // A longer number, such as a telephone's.
    }
  }
  if (end - i < 4 || IsWordByte(window.At(end)) || window.At(end) == '/' ||
      window.At(end) == ':') {
    return i;
  }
  return end;
}

// Passes over a comma, spaces, and one line end with what mail puts in front
// of a quoted line. `lines` counts line ends.
size_t SkipDivider(const TextWindow& window, size_t i, int* lines) {
  size_t at = i;
  if (window.At(at) == ',') ++at;
  while (IsBlank(window.At(at)) && at - i < 8) ++at;
  if (window.At(at) == '\n' && at < window.text.size()) {
    ++*lines;
    ++at;
    while (at - i < 16 && (IsBlank(window.At(at)) || window.At(at) == '>' ||
                           window.At(at) == '?' || window.At(at) == ',')) {
      ++at;
    }
  }
  return at;
}

// Letters, spaces and hyphens up to the end of the line, or to a postal code at
// its end; `i` if the line is otherwise.
size_t SkipPlaceLine(const TextWindow& window, size_t i) {
  size_t end = i;
  int words = 1;
  while (end - i < 48 && (IsLetter(window.At(end)) || window.At(end) == ' ' ||
                          window.At(end) == '-' || window.At(end) == '\'' ||
                          window.At(end) == '(' || window.At(end) == ')')) {
    words += window.At(end) == ' ';
    ++end;
  }
  const char next = window.At(end);
  while (end > i && window.At(end - 1) == ' ') --end;
  const char first = window.At(i);
  const bool like_name =
      IsUpper(first) || static_cast<unsigned char>(first) >= 0x80;
  const bool ends = next == '\n' || next == ',' || IsDigit(next) ||
                    (next == '.' && window.At(end + 1) == '\n');
  return ends && end - i >= 2 && words <= (like_name ? 6 : 3) ? end : i;
}

// Words that begin like names, up to a comma, a line end, a sentence's end or
// a number; `i` if there are none.
size_t SkipPlace(const TextWindow& window, size_t i) {
  size_t end = i;
  size_t at = i;
  for (int words = 0; words < kMaxNameWords; ++words) {
    const Token token = TokenAt(window, at);
    if (token.empty() || token.has_digit || !token.is_name) break;
    if (SkipUnit(window, at) != at) break;
    size_t last = token.end;
    const bool ends = window.At(last - 1) == '.' && last - token.begin > 3;
    if (ends) --last;
    end = last;
    if (ends || window.At(token.end) != ' ') break;
    at = token.end + 1;
  }
  return end;
}

// "\n\n Greece 10435": after an empty line only a place with a postal code.
size_t SkipEmptyLine(const TextWindow& window, size_t i) {
  if (window.At(i) != '\n' || window.At(i + 1) != '\n') return i;
  size_t at = i + 2;
  while (IsBlank(window.At(at)) && at - i < 8) ++at;
  const size_t place = SkipPlaceLine(window, at);
  if (place == at || window.At(place) != ' ') return i;
  const size_t end = SkipZip(window, place + 1);
  return end > place + 1 ? end : i;
}

size_t GrowRight(const TextWindow& window, size_t end) {
  const size_t limit = end + kAddressBytes;
  bool after_zip = false;
  int lines = 0;
  int places = 0;
  while (end < limit && lines < 5 && !after_zip) {
    const int lines_before = lines;
    const char next = window.At(end);
    const size_t at = SkipDivider(window, end, &lines);
    if (at == end) break;
    const bool new_line = lines > lines_before;
    if (new_line && window.At(at) == '\n') {
      return SkipEmptyLine(window, end);
    }
    size_t last = SkipUnit(window, at);
    if (last == at) {
      last = SkipZip(window, at);
      // On a line with other words a number needs a place before it.
      after_zip = last > at;
    }
    if (last == at && places < 4 && (new_line || next == ',' || places == 0)) {
      if (new_line) last = SkipPlaceLine(window, at);
      if (last == at) last = SkipPlace(window, at);
      ++places;
      // "Washington, who": what follows a place belongs to the address or ends.
      if (last > at && !new_line && next != ',' && places == 1 &&
          IsBlank(window.At(last)) && IsLower(window.At(last + 1)) &&
          last - at < 4) {
        last = at;
      }
    }
    if (last == at) break;
    end = last;
  }
  return end;
}

// Where the house number and the name of the street that end at `end` begin;
// `end` if no number is among them and `needs_number`.
size_t GrowLeft(const TextWindow& window, size_t end, bool needs_number) {
  size_t at = end;
  size_t begin = end;     // Of the names so far.
  size_t numbered = end;  // Of the leftmost number so far.
  int names_in_row = 0;
  while (end - at < 80) {
    size_t last = at;
    while (last > 0 && at - last < 3 && IsBlank(window.At(last - 1))) --last;
    const Token token = TokenBefore(window, last);
    if (token.empty()) break;
    if (last < at || at == end) {
      // A sentence may end between: "here. 12 Oak Street".
      if (window.At(last - 1) == '.' && last - token.begin > 4) break;
    }
    if (token.has_digit) {
      if (!IsHouseNumber(window, token)) break;
      numbered = token.begin;
      names_in_row = 0;
    } else if (!token.is_name || ++names_in_row > kMaxNameWords) {
      break;  // A name to the left of the last number is somebody's.
    }
    begin = token.begin;
    at = token.begin;
  }
  if (numbered == end) return needs_number ? end : begin;
  // A unit before the house number: "Apt. 7 12 Oak Street".
  size_t unit = numbered;
  while (unit > 0 && numbered - unit < 10 && window.At(unit - 1) != '\n') {
    --unit;
    if (!IsLetter(window.Before(unit)) && SkipUnit(window, unit) > numbered) {
      return unit;
    }
  }
  return numbered;
}

// Whether the line that ends before `i` looks like a street's: short, with a
// number. Returns where its address begins; `i` if it does not.
size_t StreetLineBefore(const TextWindow& window, size_t i) {
  size_t end = i;
  while (end > 0 && i - end < 8 && window.At(end - 1) != '\n') {
    const char c = window.At(end - 1);
    if (!IsBlank(c) && c != '>' && c != '?' && c != ',') return i;
    --end;
  }
  if (window.Before(end) != '\n' || end < 2) return i;
  --end;
  while (end > 0 &&
         (IsBlank(window.At(end - 1)) || window.At(end - 1) == ',')) {
    --end;
  }
  size_t begin = end;
  bool has_digit = false;
  bool has_letter = false;
  while (begin > 0 && end - begin < 70 && window.At(begin - 1) != '\n' &&
         window.At(begin - 1) != ':' && window.At(begin - 1) != '>') {
    --begin;
    has_digit |= IsDigit(window.At(begin));
    has_letter |= IsLetter(window.At(begin));
  }
  if (!has_digit || !has_letter || end - begin >= 70) return i;
  const size_t grown = GrowLeft(window, end, true);
  if (grown != end) {
    begin = grown;
  }
  while (begin < end && !IsWordByte(window.At(begin))) ++begin;
  return begin;
}

void Add(size_t begin, size_t end, float score,
         std::vector<TextCandidate>* found) {
  if (begin < end) found->push_back({begin, end, TextRuleId::kAddress, score});
}

// "lives at 12 Oak Street", "sent to: Hauptstr. 7": a number and a name side by
// side must follow.
size_t FindAfterCue(const TextWindow& window,
                    std::vector<TextCandidate>* found) {
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
    const Token token = TokenAt(window, at);
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
  if (!has_number || names == 0) return 0;
  // "lives at 5 pm", "sent to 3 people": without a name in capitals, or a
  // second number, it is no address.
  size_t capitals = 0;
  size_t numbers = 0;
  for (size_t i = begin; i < end;) {
    const Token token = TokenAt(window, i);
    const char first = window.At(i);
    if (IsUpper(first) || static_cast<unsigned char>(first) >= 0x80) ++capitals;
    if (IsDigit(first)) ++numbers;
    i = std::max(token.end, i) + 1;
  }
  if (capitals == 0 && numbers < 2) return 0;
  end = GrowRight(window, end);
  Add(begin, end, 0.7F, found);
  return end;
}

}  // namespace

std::vector<AddressPattern> AddressPatterns() {
  return {
      {"(?:suite|apt\\.?|apartment) #?[0-9]", true, AddressSeed::kSureUnit},
      {"(?:unit|flat|room|ste\\.?) #?[0-9]", true, AddressSeed::kUnit},
      {"(?:o\\. ?box|po box|postbox|postfach|postboks|[0-9],? box) [0-9]", true,
       AddressSeed::kBox},
      {"[afd]po a[aep] [0-9]", true, AddressSeed::kMilitary},
      {"[a-z.] (?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|"
       "court|ct|place|pl|way|circle|cir|terrace|parkway|pkwy|highway|hwy|"
       "square|sq|trail|close|crescent|gardens|grove)[^a-z]",
       true, AddressSeed::kStreetAfter},
      {"(?:stra(?:ss|\xc3\x9f)e|str\\.|gasse|weg|allee|platz|vej|vejen|gade|"
       "gatan|v\xc3\xa4gen|veien|vegen|gata|gate|laan|straat|plein|katu|tie|"
       "utca|\xc3\xbat|t\xc3\xa9r|ulica|tee|baan|dreef| u\\.) [0-9]",
       true, AddressSeed::kNumberAfter},
      {"[^a-z](?:rue|avenida|avda\\.?|av\\.|calle|viale?|piazza|corso|rua|"
       "travessa|estrada|plaza|paseo|camino|chemin|ul\\.|r\xc3\xba"
       "a|ctra\\.|avenue|boulevard) [a-z\x80-\xff]",
       true, AddressSeed::kEitherSide},
      {",? [A-Z]{2} [0-9]{5}", false, AddressSeed::kZip},
      {"\n[ >]?[0-9]{1,5} [A-Z\x80-\xff]", false, AddressSeed::kLine},
      {"(?:address(?:es)?(?: is)?:?|lives at|live at|lived (?:at|in)|living at|"
       "located at|office is at|(?:sent|return|moved|taxi|deliver(?:ed)?|"
       "ship(?:ped)?|mail(?:ed)?|send it|it|one) to|arrived at|meet (?:me|you|"
       "us) at|off at|corner of|address to the same|address (?:is|with|to)|it "
       "is|it's in|here they are|enter on|live in|reside(?:s|d)? at|home at|"
       "credit card to)[: ,\n]",
       true, AddressSeed::kCue},
  };
}

size_t FindAddress(const TextWindow& window, int seed,
                   std::vector<TextCandidate>* found) {
  const size_t anchor = window.anchor;
  switch (static_cast<AddressSeed>(seed)) {
    case AddressSeed::kCue:
      FindAfterCue({window.text, anchor - 1}, found);
      return 0;
    case AddressSeed::kMilitary:
    case AddressSeed::kBox:
    case AddressSeed::kUnit:
    case AddressSeed::kSureUnit: {
      const Token last = TokenAt(window, anchor - 1);
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
      const size_t above = StreetLineBefore(window, unit);
      const size_t beside = GrowLeft(window, left, !military);
      if (above != unit) {
        begin = above;
      } else if (beside != left) {
        begin = beside;
      } else if (seed == static_cast<int>(AddressSeed::kUnit)) {
        return 0;
      }
      size_t end = last.end;
      while (end > unit && !IsWordByte(window.At(end - 1))) --end;
      Add(begin, GrowRight(window, end), 0.8F, found);
      return 0;
    }
    case AddressSeed::kStreetAfter: {
      // The anchor is one after the street's word.
      size_t end = anchor - 1;
      if (window.At(end) == '.') ++end;
      const size_t begin = GrowLeft(window, end, true);
      if (begin == end || TokenBefore(window, end).begin <= begin) return 0;
      // "4 people on the way": the name must begin like one.
      const Token number = TokenAt(window, begin);
      const Token name = TokenAt(window, number.end + 1);
      if (name.empty() || name.begin >= end - 2) return 0;
      Add(begin, GrowRight(window, end), 0.85F, found);
      return 0;
    }
    case AddressSeed::kNumberAfter: {
      const Token number = TokenAt(window, anchor - 1);
      size_t begin = GrowLeft(window, anchor - 2, false);
      const Token street = TokenBefore(window, anchor - 2);
      // "the best way 5": it is a name, or a number stands before it.
      if (!street.is_name && !IsDigit(window.At(begin))) return 0;
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
      size_t end = anchor - 1;
      bool has_number = false;
      for (int i = 0; i < kMaxNameWords && !has_number; ++i) {
        const Token token = TokenAt(window, end);
        if (token.empty() || !(token.is_name || token.has_digit)) break;
        has_number = token.has_digit;
        end = token.end;
        if (window.At(end) != ' ') break;
        if (!has_number) ++end;
      }
      while (end > anchor && !IsWordByte(window.At(end - 1))) --end;
      size_t left = word;
      while (left > 0 && IsBlank(window.At(left - 1))) --left;
      const size_t begin = GrowLeft(window, left, true);
      if (begin == left && !has_number) return 0;
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
        const Token token = TokenAt(window, end + 1);
        if (token.empty() || !(token.is_name || token.has_digit)) return 0;
        has_number = IsHouseNumber(window, token);
        end = token.end;
        if (!has_number && window.At(end) != ' ') return 0;
      }
      const char next = window.At(end);
      if (!has_number || (next != '\n' && next != ',')) return 0;
      const size_t last = GrowRight(window, end);
      if (last == end) return 0;
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
        const Token token = TokenBefore(window, begin);
        if (token.empty() || !token.is_name || token.has_digit) break;
        begin = token.begin;
        if (window.Before(begin) != ' ') break;
        --begin;
      }
      while (begin < left && IsBlank(window.At(begin))) ++begin;
      if (begin == left) return 0;
      const size_t above = StreetLineBefore(window, begin);
      Add(above, end, 0.75F, found);
      return 0;
    }
  }
  return 0;
}

}  // namespace subrosa
