#include "src/classify/number_phrase.h"

#include <algorithm>

namespace subrosa {
namespace {

constexpr size_t kPhraseReach = 64;  // To either side.

constexpr uint32_t BitOf(char c) { return uint32_t{1} << (c & 31); }

// All of them lie between 0x20 and 0x3f: one look into a mask tells.
bool IsPhraseByte(char c) {
  constexpr uint32_t kDigits = 0x3ff << ('0' & 31);
  constexpr uint32_t kPhraseBytes = kDigits | BitOf(' ') | BitOf('-') |
                                    BitOf('.') | BitOf('/') | BitOf('(') |
                                    BitOf(')') | BitOf('+');
  return (c & 0xe0) == 0x20 && (kPhraseBytes & BitOf(c)) != 0;
}

// Reads one divider, with the bracket or plus before the next group, at `i`.
// Returns where the next group begins, or `i` if none follows.
size_t SkipDivider(const TextWindow& window, size_t i,
                   NumberPhrase::Group* next) {
  size_t at = i;
  next->divider = 0;
  const char c = window.At(at);
  if (c == ')') {
    next->divider = ')';
    ++at;
    if (window.At(at) == ' ' || window.At(at) == '-') ++at;
  } else if (c == '-' || c == '.' || c == '/' || c == ' ') {
    next->divider = c;
    ++at;
  } else if (c != '(') {
    return i;
  } else {
    next->divider = ' ';
  }
  if (window.At(at) == '(') {
    next->opened = true;
    ++at;
  } else if (window.At(at) == '+' && next->divider == ' ') {
    next->plus = true;
    ++at;
  }
  return IsDigit(window.At(at)) ? at : i;
}

}  // namespace

std::string NumberPhrase::Digits(const TextWindow& window, size_t first,
                                 size_t last) const {
  std::string digits;
  for (size_t i = first; i <= last; ++i) {
    digits.append(window.text.data() + groups[i].begin, groups[i].size());
  }
  return digits;
}

bool NumberPhrase::AllDividers(size_t first, size_t last, char divider) const {
  for (size_t i = first + 1; i <= last; ++i) {
    if (groups[i].divider != divider) return false;
  }
  return true;
}

NumberPhrase NumberPhraseAt(const TextWindow& window, size_t i) {
  NumberPhrase phrase;
  size_t begin = std::min(i, window.text.size());
  const size_t least = begin - std::min(begin, kPhraseReach);
  const char* const text = window.text.data();
  char next = window.At(begin);
  while (begin > least && IsPhraseByte(text[begin - 1]) &&
         !(text[begin - 1] == ' ' && next == ' ')) {
    next = text[--begin];
  }
  const size_t most = std::min(window.text.size(), i + kPhraseReach);
  while (begin < most && !IsDigit(text[begin])) ++begin;
  if (!IsDigit(window.At(begin))) return phrase;
  if (IsDigit(window.Before(begin))) return phrase;  // Longer than a phrase.

  const size_t end = std::min(window.text.size(), begin + 2 * kPhraseReach);
  NumberPhrase::Group group;
  group.opened = window.Before(begin) == '(';
  group.plus = window.Before(begin) == '+';
  for (size_t at = begin;;) {
    group.begin = static_cast<uint16_t>(at);
    while (at < end && IsDigit(text[at])) ++at;
    group.end = static_cast<uint16_t>(at);
    phrase.groups[phrase.count++] = group;
    if (phrase.count == NumberPhrase::kMaxGroups) break;
    group = {};
    const size_t next = SkipDivider(window, at, &group);
    if (next == at || at - begin >= 2 * kPhraseReach) break;
    at = next;
  }
  return phrase;
}

}  // namespace subrosa
