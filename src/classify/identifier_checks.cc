#include "src/classify/identifier_checks.h"

#include <cstddef>
#include <cstdint>

namespace subrosa {
namespace {

bool IsDigitChar(char c) { return c >= '0' && c <= '9'; }
bool IsUpperChar(char c) { return c >= 'A' && c <= 'Z'; }
char UpperChar(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}
int HexValue(char c) {
  if (IsDigitChar(c)) return c - '0';
  const char upper = UpperChar(c);
  return upper >= 'A' && upper <= 'F' ? upper - 'A' + 10 : -1;
}

bool AllDigits(absl::string_view text) {
  for (char c : text) {
    if (!IsDigitChar(c)) return false;
  }
  return true;
}

// Of at most nine digits.
int Number(absl::string_view digits) {
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

// The Luhn sum of `digits`, the last of them not doubled.
int LuhnSum(absl::string_view digits) {
  int sum = 0;
  bool doubled = false;
  for (size_t i = digits.size(); i-- > 0; doubled = !doubled) {
    int value = digits[i] - '0';
    if (doubled) value = value > 4 ? 2 * value - 9 : 2 * value;
    sum += value;
  }
  return sum;
}

// An issuer's numbers: those whose first `digits` digits lie in [first, last].
struct CardRange {
  int digits;
  int first;
  int last;
  uint32_t lengths;  // Bit n: numbers of n digits.
};

constexpr uint32_t Lengths(int a) { return uint32_t{1} << a; }
constexpr uint32_t Lengths(int from, int to) {
  return from > to ? 0 : Lengths(from) | Lengths(from + 1, to);
}

constexpr CardRange kCardRanges[] = {
    {1, 4, 4, Lengths(13) | Lengths(16) | Lengths(19)},  // Visa
    {2, 51, 55, Lengths(16)},                            // Mastercard
    {4, 2221, 2720, Lengths(16)},                        // Mastercard
    {2, 34, 34, Lengths(15)},                            // American Express
    {2, 37, 37, Lengths(15)},                            // American Express
    {4, 6011, 6011, Lengths(16, 19)},                    // Discover
    {3, 644, 659, Lengths(16, 19)},                      // Discover, RuPay
    {3, 300, 305, Lengths(14) | Lengths(16)},            // Diners Club
    {2, 36, 36, Lengths(14)},                            // Diners Club
    {2, 38, 39, Lengths(14) | Lengths(16)},              // Diners Club
    {4, 3528, 3589, Lengths(16, 19)},                    // JCB
    {4, 1800, 1800, Lengths(15)},                        // JCB
    {4, 2131, 2131, Lengths(15)},                        // JCB
    {2, 62, 62, Lengths(16, 19)},                        // UnionPay
    {2, 50, 50, Lengths(12, 19)},                        // Maestro
    {2, 56, 58, Lengths(12, 19)},                        // Maestro
    {2, 60, 61, Lengths(12, 19)},                        // Maestro, RuPay
    {2, 63, 63, Lengths(12, 19)},                        // Maestro
    {2, 67, 69, Lengths(12, 19)},                        // Maestro
    {2, 81, 82, Lengths(16)},                            // RuPay
    {4, 2200, 2204, Lengths(16)},                        // Mir
};

// Countries and lengths of the IBAN registry, written together.
constexpr absl::string_view kIbanLengths =
    "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27"
    "DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22"
    "IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19"
    "MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31"
    "SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

// Value and weight of a VIN's characters (49 CFR 565.15(c)(4)).
int VinValue(char c) {
  if (IsDigitChar(c)) return c - '0';
  if (c >= 'A' && c <= 'H') return c - 'A' + 1;
  if (c >= 'J' && c <= 'N') return c - 'J' + 1;
  if (c == 'P') return 7;
  if (c == 'R') return 9;
  return c >= 'S' && c <= 'Z' ? c - 'S' + 2 : -1;
}

// The groups of 16 bits in `text`, a run of hexadecimal groups with single
// colons between and perhaps an IPv4 address at the end; -1 if it is none.
// Empty text has no groups.
int Ipv6Groups(absl::string_view text) {
  if (text.empty()) return 0;
  int groups = 0;
  for (;;) {
    const size_t colon = text.find(':');
    const absl::string_view group = text.substr(0, colon);
    if (colon == absl::string_view::npos &&
        group.find('.') != absl::string_view::npos) {
      return IsIpv4(group) ? groups + 2 : -1;
    }
    if (group.empty() || group.size() > 4) return -1;
    for (char c : group) {
      if (HexValue(c) < 0) return -1;
    }
    ++groups;
    if (colon == absl::string_view::npos) return groups;
    text.remove_prefix(colon + 1);
  }
}

}  // namespace

bool HasLuhnDigit(absl::string_view digits) {
  return digits.size() >= 2 && AllDigits(digits) && LuhnSum(digits) % 10 == 0;
}

bool IsIssuedSsn(absl::string_view digits) {
  if (digits.size() != 9 || !AllDigits(digits)) return false;
  const int area = Number(digits.substr(0, 3));
  return area != 0 && area != 666 && area < 900 &&
         digits.substr(3, 2) != "00" && digits.substr(5) != "0000";
}

bool IsItin(absl::string_view digits) {
  if (digits.size() != 9 || !AllDigits(digits) || digits[0] != '9') {
    return false;
  }
  const int group = Number(digits.substr(3, 2));
  return (group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
         (group >= 90 && group <= 92) || group >= 94;
}

bool IsCardRange(absl::string_view digits) {
  if (digits.size() < 12 || digits.size() > 19 || !AllDigits(digits)) {
    return false;
  }
  for (const CardRange& range : kCardRanges) {
    const int prefix = Number(digits.substr(0, range.digits));
    if (prefix >= range.first && prefix <= range.last &&
        (range.lengths >> digits.size() & 1) != 0) {
      return true;
    }
  }
  return false;
}

int IbanLength(absl::string_view country) {
  if (country.size() != 2) return 0;
  for (size_t i = 0; i < kIbanLengths.size(); i += 4) {
    if (kIbanLengths[i] == UpperChar(country[0]) &&
        kIbanLengths[i + 1] == UpperChar(country[1])) {
      return Number(kIbanLengths.substr(i + 2, 2));
    }
  }
  return 0;
}

bool IsIban(absl::string_view compact) {
  if (compact.size() < 15 ||
      IbanLength(compact.substr(0, 2)) != static_cast<int>(compact.size())) {
    return false;
  }
  int remainder = 0;
  for (size_t i = 0; i < compact.size(); ++i) {
    // The first four characters are read last.
    const char c = UpperChar(compact[(i + 4) % compact.size()]);
    if (IsDigitChar(c)) {
      remainder = (remainder * 10 + (c - '0')) % 97;
    } else if (IsUpperChar(c)) {
      remainder = (remainder * 100 + (c - 'A' + 10)) % 97;
    } else {
      return false;
    }
  }
  return remainder == 1;
}

bool IsAbaRouting(absl::string_view digits) {
  if (digits.size() != 9 || !AllDigits(digits)) return false;
  const int prefix = Number(digits.substr(0, 2));
  if (!(prefix <= 12 || (prefix >= 21 && prefix <= 32) ||
        (prefix >= 61 && prefix <= 72) || prefix == 80)) {
    return false;
  }
  constexpr int kWeights[] = {3, 7, 1};
  int sum = 0;
  for (size_t i = 0; i < 9; ++i) sum += kWeights[i % 3] * (digits[i] - '0');
  return sum != 0 && sum % 10 == 0;
}

bool IsNpi(absl::string_view digits) {
  if (digits.size() != 10 || !AllDigits(digits)) return false;
  // 24 is what the prefix 80840 adds.
  return (digits[0] == '1' || digits[0] == '2') &&
         (LuhnSum(digits) + 24) % 10 == 0;
}

bool IsDea(absl::string_view text) {
  if (text.size() != 9 || !AllDigits(text.substr(2))) return false;
  if (!IsUpperChar(text[0]) || !(IsUpperChar(text[1]) || text[1] == '9')) {
    return false;
  }
  const absl::string_view digits = text.substr(2);
  int sum = 0;
  for (size_t i = 0; i < 6; ++i) {
    sum += (digits[i] - '0') * (i % 2 == 0 ? 1 : 2);
  }
  return sum % 10 == digits[6] - '0';
}

bool IsMedicareBeneficiary(absl::string_view text) {
  // C: 1 to 9; A: a letter; N: a digit; X: letter or digit.
  constexpr absl::string_view kClasses = "CAXNAXNAANN";
  if (text.size() != kClasses.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool letter = IsUpperChar(c) && c != 'S' && c != 'L' && c != 'O' &&
                        c != 'I' && c != 'B' && c != 'Z';
    switch (kClasses[i]) {
      case 'C':
        if (!IsDigitChar(c) || c == '0') return false;
        break;
      case 'A':
        if (!letter) return false;
        break;
      case 'N':
        if (!IsDigitChar(c)) return false;
        break;
      default:
        if (!letter && !IsDigitChar(c)) return false;
    }
  }
  return true;
}

bool IsVin(absl::string_view text) {
  constexpr int kWeights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0,
                              9, 8, 7, 6, 5, 4, 3, 2};
  if (text.size() != 17) return false;
  int sum = 0;
  for (size_t i = 0; i < 17; ++i) {
    const int value = VinValue(text[i]);
    if (value < 0) return false;
    sum += value * kWeights[i];
  }
  const int check = sum % 11;
  return text[8] == (check == 10 ? 'X' : static_cast<char>('0' + check));
}

bool IsIpv4(absl::string_view text) {
  for (int group = 0;; ++group) {
    const size_t dot = text.find('.');
    const absl::string_view number = text.substr(0, dot);
    if (number.empty() || number.size() > 3 || !AllDigits(number) ||
        Number(number) > 255 || (number[0] == '0' && number.size() > 1)) {
      return false;
    }
    if (dot == absl::string_view::npos) return group == 3;
    if (group == 3) return false;
    text.remove_prefix(dot + 1);
  }
}

bool IsIpv6(absl::string_view text) {
  if (text.size() < 2 || text.size() > 45) return false;
  const size_t gap = text.find("::");
  if (gap == absl::string_view::npos) return Ipv6Groups(text) == 8;
  const absl::string_view head = text.substr(0, gap);
  const int before =
      head.find('.') == absl::string_view::npos ? Ipv6Groups(head) : -1;
  const int after = Ipv6Groups(text.substr(gap + 2));
  return before >= 0 && after >= 0 && before + after <= 7;
}

}  // namespace subrosa
