// Codes of fixed shape, most with a check: IBAN, VIN, Medicare numbers, postal
// codes, cookies.
#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"
#include "src/classify/identifier_checks.h"
#include "src/classify/text_shapes.h"

namespace subrosa {
namespace {

bool IsAlnum(char c) { return IsDigit(c) || IsAsciiLetter(c); }

}  // namespace

size_t FindIban(const TextWindow& window, int,
                std::vector<TextCandidate>* found) {
  // The anchor is one after country and check digits.
  const size_t begin = window.anchor - 5;
  if (IsWordByte(window.Before(begin))) return 0;
  const int want = IbanLength(window.text.substr(begin, 2));
  if (want == 0) return 0;
  std::string compact;
  size_t at = begin;
  for (int spaces = 0; static_cast<int>(compact.size()) < want;) {
    const char c = window.At(at);
    if (IsAlnum(c)) {
      compact.push_back(c);
      spaces = 0;
    } else if ((c != ' ' && c != '-') || ++spaces > 1) {
      return window.Refuse(begin, at, TextRuleId::kIban,
                           "the country's account numbers are longer");
    }
    ++at;
  }
  if (IsWordByte(window.At(at)) || !IsIban(compact)) {
    return window.Refuse(begin, at, TextRuleId::kIban,
                         "it goes on, or its remainder by 97 is not 1");
  }
  found->push_back({begin, at, TextRuleId::kIban, 0.99F});
  return at;
}

size_t FindCode(const TextWindow& window, int rule,
                std::vector<TextCandidate>* found) {
  const auto number = static_cast<TextRuleId>(rule);
  if (number == TextRuleId::kVin) {
    // Seventeen characters between two others.
    if (window.anchor < 18) return 0;
    const size_t begin = window.anchor - 18;
    const absl::string_view text = window.text.substr(begin, 17);
    if (IsAlnum(window.Before(begin)) || !IsVin(text) ||
        !std::any_of(text.begin(), text.end(), IsAsciiLetter)) {
      return 0;
    }
    found->push_back({begin, begin + 17, number, 0.9F});
    return 0;
  }
  if (number == TextRuleId::kMedicareBeneficiary) {
    size_t begin = window.anchor;
    std::string compact;
    while (begin > 0 && compact.size() < 11) {
      const char c = window.At(--begin);
      if (c == '-') continue;
      compact.insert(compact.begin(), c);
    }
    if (!IsMedicareBeneficiary(compact) || IsWordByte(window.Before(begin)) ||
        IsWordByte(window.At(window.anchor)) || window.Before(begin) == '-') {
      return window.Refuse(begin, window.anchor, number,
                           "a letter is one that they do not have, or more "
                           "hangs on to it");
    }
    found->push_back({begin, window.anchor, number, 0.9F});
    return 0;
  }
  // Postal codes: "SW1A 1AA" and "K1A 0B6", the anchor after the last letter
  // or digit; and "WA 98101", the anchor one after.
  size_t end = window.anchor;
  size_t begin = end;
  while (begin > 0 && end - begin < 9 &&
         (IsDigit(window.At(begin - 1)) || IsUpper(window.At(begin - 1)) ||
          (window.At(begin - 1) == ' ' && end - begin == 3))) {
    --begin;
  }
  if (IsWordByte(window.At(end)) || IsWordByte(window.Before(begin)) ||
      end - begin < 6) {
    return window.Refuse(begin, end, TextRuleId::kZip,
                         "more hangs on to it, or it is too short");
  }
  found->push_back({begin, end, TextRuleId::kZip, 0.7F});
  return 0;
}

size_t FindCookie(const TextWindow& window, int,
                  std::vector<TextCandidate>* found) {
  // "GA1.2.1234567890.1600000000", "fb.1.1600000000000.123456789".
  size_t begin = window.anchor;
  while (begin > 0 && window.anchor - begin < 8 &&
         (IsAlnum(window.At(begin - 1)) || window.At(begin - 1) == '.')) {
    --begin;
  }
  size_t end = window.anchor;
  while (end - begin < 96 &&
         (IsAlnum(window.At(end)) || window.At(end) == '.' ||
          window.At(end) == '_' || window.At(end) == '-')) {
    ++end;
  }
  while (end > begin && window.At(end - 1) == '.') --end;
  if (end - begin < 18) {
    return window.Refuse(begin, end, TextRuleId::kCookie,
                         "it is shorter than such an id");
  }
  found->push_back({begin, end, TextRuleId::kCookie, 0.95F});
  return end;
}

}  // namespace subrosa
