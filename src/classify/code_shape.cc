#include "src/classify/code_shape.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"

namespace subrosa {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

bool AllDigits(absl::string_view text, size_t least, size_t most) {
  if (text.size() < least || text.size() > most) return false;
  for (const char c : text) {
    if (!IsDigit(c)) return false;
  }
  return true;
}

// A letter, a digit, a digit or letter, then nothing or up to four more; a dot
// stands before them or is left out (ICD-10-CM Official Guidelines, I.A).
bool IsIcd10Cm(absl::string_view code) {
  if (code.size() < 3 || code.size() > 8 || !IsUpper(code[0]) ||
      !IsDigit(code[1]) || !(IsDigit(code[2]) || IsUpper(code[2]))) {
    return false;
  }
  absl::string_view rest = code.substr(3);
  const bool has_dot = !rest.empty() && rest[0] == '.';
  if (has_dot) rest.remove_prefix(1);
  if ((has_dot && rest.empty()) || rest.size() > 4) return false;
  for (const char c : rest) {
    if (!IsDigit(c) && !IsUpper(c)) return false;
  }
  return true;
}

// Up to five digits, a dash, and a check digit by Luhn (LOINC Users' Guide,
// appendix B).
bool IsLoinc(absl::string_view code) {
  const size_t dash = code.find('-');
  if (dash == code.npos || dash + 2 != code.size() ||
      !AllDigits(code.substr(0, dash), 1, 7) || !IsDigit(code.back())) {
    return false;
  }
  int sum = 0;
  bool doubled = true;
  for (size_t i = dash; i-- > 0; doubled = !doubled) {
    int digit = code[i] - '0';
    if (doubled) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return (10 - sum % 10) % 10 == code.back() - '0';
}

// 6 to 18 digits whose last is a check digit by Verhoeff's scheme, and before
// it the kind of the identifier: 00 or 10 for a concept (SNOMED CT Release File
// Specifications, 6).
bool IsSnomedCt(absl::string_view code) {
  constexpr uint8_t kTimes[10][10] = {
      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
      {2, 3, 4, 0, 1, 7, 8, 9, 5, 6}, {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
      {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
      {6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
      {8, 7, 6, 5, 9, 3, 2, 1, 0, 4}, {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
  constexpr uint8_t kTurn[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
  if (!AllDigits(code, 6, 18) || code[0] == '0') return false;
  const absl::string_view kind = code.substr(code.size() - 3, 2);
  if (kind != "00" && kind != "10") return false;
  int check = 0;
  for (size_t i = 0; i < code.size(); ++i) {
    int digit = code[code.size() - 1 - i] - '0';
    for (size_t turn = 0; turn < i % 8; ++turn) digit = kTurn[digit];
    check = kTimes[check][digit];
  }
  return check == 0;
}

// A letter of A to V and four digits (HCPCS level II).
bool IsHcpcs(absl::string_view code) {
  return code.size() == 5 && code[0] >= 'A' && code[0] <= 'V' &&
         AllDigits(code.substr(1), 4, 4);
}

// Three segments with dashes, of 10 or 11 digits together (21 CFR 207.33).
bool IsNdc(absl::string_view code) {
  const size_t first = code.find('-');
  const size_t second = code.find('-', first == code.npos ? first : first + 1);
  if (second == code.npos) return false;
  const absl::string_view product = code.substr(first + 1, second - first - 1);
  return AllDigits(code.substr(0, first), 4, 5) && AllDigits(product, 3, 4) &&
         AllDigits(code.substr(second + 1), 1, 2) && code.size() >= 12;
}

// A letter, two digits, two letters, two digits (WHO, ATC, fifth level).
bool IsAtc(absl::string_view code) {
  return code.size() == 7 && IsUpper(code[0]) && IsDigit(code[1]) &&
         IsDigit(code[2]) && IsUpper(code[3]) && IsUpper(code[4]) &&
         IsDigit(code[5]) && IsDigit(code[6]);
}

bool IsRxNorm(absl::string_view code) { return AllDigits(code, 1, 8); }
bool IsCvx(absl::string_view code) { return AllDigits(code, 1, 3); }
bool IsCpt(absl::string_view code) { return AllDigits(code, 5, 5); }

constexpr CodeShape kShapes[] = {
    {"http://loinc.org", "LOINC", 0.9, IsLoinc},
    {"http://snomed.info/sct", "SNOMED CT", 0.9, IsSnomedCt},
    {"http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM", 0.6, IsIcd10Cm},
    {"http://hl7.org/fhir/sid/ndc", "NDC", 0.6, IsNdc},
    {"http://www.whocc.no/atc", "ATC", 0.6, IsAtc},
    {"http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "HCPCS", 0.6,
     IsHcpcs},
    {"http://www.nlm.nih.gov/research/umls/rxnorm", "RxNorm", 0, IsRxNorm},
    {"http://hl7.org/fhir/sid/cvx", "CVX", 0, IsCvx},
    {"http://www.ama-assn.org/go/cpt", "CPT", 0, IsCpt},
};

}  // namespace

bool IsNdcCode(absl::string_view code) {
  return IsNdc(code) || AllDigits(code, 10, 11);
}

absl::Span<const CodeShape> CodeShapes() { return kShapes; }

}  // namespace subrosa
