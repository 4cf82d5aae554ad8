#include "src/classify/address_parts.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/string_view.h"

namespace subrosa {
namespace {

constexpr size_t kAddressBytes = 200;

// Small words inside names of streets and places.
constexpr WordList kParticles(
    "de|la|le|les|du|des|da|do|dos|das|di|del|der|den|van|von|av|al|el|"
    "of|the|and|y|e|z|i|ul.|av.|st.|rue|via|rua|in|zu|am|an|och|og|"
    "calle|avenue|tee|utca|ter|u.|str.|boulevard|place|terrasse|allee|"
    "vei|gate|road|street|avenida|upon|delle|della|dei|degli|nad|pod|"
    "im|auf|bei|unter|ved|op|aan|het|sur|sous|aux|au|en|et|und|zum|zur|"
    "por|los|las");

AddressToken Described(const TextWindow& window, size_t begin, size_t end) {
  AddressToken token{begin, end, false, false};
  for (size_t i = begin; i < end; ++i) token.has_digit |= IsDigit(window.At(i));
  const char first =
      window.At(begin) == '(' ? window.At(begin + 1) : window.At(begin);
  token.is_name = IsUpper(first) || static_cast<unsigned char>(first) >= 0x80;
  if (!token.is_name) token.is_name = window.IsOneOf(begin, end, kParticles);
  return token;
}

size_t SkipWord(const TextWindow& window, size_t i,
                std::initializer_list<absl::string_view> words) {
  for (absl::string_view word : words) {
    if (Lower(window.At(i)) == word[0] && window.HasAt(i, word) &&
        !IsLetter(window.At(i + word.size()))) {
      return i + word.size();
    }
  }
  return i;
}

// Words that a sentence goes on with, and no place is named by.
constexpr WordList kSentenceWords(
    "a|an|and|are|as|at|because|before|but|by|call|can|for|from|has|have|he|"
    "her|"
    "his|how|i|if|is|it|its|me|my|no|not|now|on|or|our|out|please|she|since|so|"
    "thanks|that|their|then|they|this|to|today|until|was|we|were|what|when|"
    "where|which|while|who|will|with|yes|you|your");

// Whether the text before `i` is written without capitals, as chat is.
bool IsInLowerCase(const TextWindow& window, size_t i) {
  const size_t begin = i - std::min<size_t>(i, 24);
  const absl::string_view before = window.Sub(begin, i);
  return std::any_of(before.begin(), before.end(), IsLower) &&
         std::none_of(before.begin(), before.end(), IsUpper);
}

// "valverde de valdelacasa": up to six words in lower case, up to a comma, a
// sentence's or a line's end, or a postal code; `i` if there are none, or a
// sentence goes on.
size_t SkipLowerPlace(const TextWindow& window, size_t i) {
  size_t at = i;
  for (int words = 0; words < 6; ++words) {
    size_t end = at;
    while (end - at < 32 && (IsLetter(window.At(end)) ||
                             window.At(end) == '-' || window.At(end) == '\'')) {
      ++end;
    }
    if (end - at < 2 || window.IsOneOf(at, end, kSentenceWords)) return i;
    const char next = window.At(end);
    if (next == ',' || next == '\n' || next == '.') return end;
    if (next != ' ') return i;
    at = end + 1;
    if (SkipZip(window, at) > at) return end;
  }
  return i;
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
  while (end - i < 48 && (IsLetter(window.At(end)) || window.At(end) == ' ' ||
                          window.At(end) == '-' || window.At(end) == '\'' ||
                          window.At(end) == '(' || window.At(end) == ')')) {
    ++end;
  }
  const char next = window.At(end);
  while (end > i && window.At(end - 1) == ' ') --end;
  const absl::string_view line = window.Sub(i, end);
  const auto words = 1 + std::count(line.begin(), line.end(), ' ');
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
    const AddressToken token = TokenAt(window, at);
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

}  // namespace

AddressToken TokenAt(const TextWindow& window, size_t i) {
  size_t end = i;
  while (end - i < 40 && IsNameByte(window.At(end))) ++end;
  return Described(window, i, end);
}

AddressToken TokenBefore(const TextWindow& window, size_t i) {
  size_t begin = i;
  while (begin > 0 && i - begin < 40 && IsNameByte(window.At(begin - 1))) {
    --begin;
  }
  return Described(window, begin, i);
}

bool IsHouseNumber(const TextWindow& window, const AddressToken& token) {
  size_t end = token.begin + (window.At(token.begin) == '#' ? 1 : 0);
  while (end < token.end && IsDigit(window.At(end))) ++end;
  return end > token.begin && IsDigit(window.At(end - 1)) &&
         (token.end - end <= 1 || window.At(end) == '-' ||
          window.At(end) == '/');
}

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
  const absl::string_view number = window.Sub(at, end);
  const bool numbered = std::any_of(number.begin(), number.end(), IsDigit);
  return numbered ? end : i;
}

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

// "12 Rue de la Paix 3" after a unit: a number, names, perhaps a number.
static size_t SkipStreet(const TextWindow& window, size_t i) {
  AddressToken token = TokenAt(window, i);
  if (token.empty() || !IsHouseNumber(window, token)) return i;
  size_t end = i;
  for (int names = 0; names < kMaxNameWords; ++names) {
    if (window.At(token.end) != ' ') break;
    token = TokenAt(window, token.end + 1);
    if (token.empty() || (!token.is_name && !token.has_digit)) break;
    if (token.has_digit && !IsHouseNumber(window, token)) break;
    end = token.end;
    if (token.has_digit) break;
  }
  return end;
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
    if (last == at && !new_line && places == 0) last = SkipStreet(window, at);
    if (last == at) {
      last = SkipZip(window, at);
      // On a line with other words a number needs a place before it.
      after_zip = last > at;
    }
    if (last == at && places < 4 && (new_line || next == ',' || places == 0)) {
      if (new_line) last = SkipPlaceLine(window, at);
      if (last == at) last = SkipPlace(window, at);
      if (last == at && !new_line && IsInLowerCase(window, end)) {
        last = SkipLowerPlace(window, at);
      }
      // "Mobile: 555": the next line's label.
      if (new_line && window.At(last) == ':') last = at;
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

size_t GrowLeft(const TextWindow& window, size_t end, bool needs_number) {
  size_t at = end;
  size_t begin = end;     // Of the names so far.
  size_t numbered = end;  // Of the leftmost number so far.
  int names_in_row = 0;
  while (end - at < 80) {
    size_t last = at;
    while (last > 0 && at - last < 3 && IsBlank(window.At(last - 1))) --last;
    const AddressToken token = TokenBefore(window, last);
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

size_t LowerStreetBefore(const TextWindow& window, size_t end) {
  if (!IsInLowerCase(window, end)) return end;
  size_t begin = end;
  for (int words = 0; words < 6; ++words) {
    const AddressToken token = TokenBefore(window, begin);
    if (token.empty()) return end;
    if (token.has_digit) {
      return words > 0 && IsHouseNumber(window, token) ? token.begin : end;
    }
    if (window.IsOneOf(token.begin, token.end, kSentenceWords) ||
        window.Before(token.begin) != ' ') {
      return end;
    }
    begin = token.begin - 1;
  }
  return end;
}

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
  while (IsBlank(window.At(begin))) ++begin;
  const size_t grown = GrowLeft(window, end, true);
  // A line that begins with the house number is all of the street.
  if (grown != end && !IsDigit(window.At(begin))) begin = grown;
  while (begin < end && !IsWordByte(window.At(begin))) ++begin;
  return begin;
}

}  // namespace subrosa
