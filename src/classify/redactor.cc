#include "src/classify/redactor.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/crypto/prf.h"

namespace subrosa {
namespace {

// "text/user-name" is [USER_NAME].
std::string TypeOf(absl::string_view rule_id) {
  std::string type = absl::AsciiStrToUpper(
      rule_id.substr(rule_id.rfind('/') + 1));  // npos + 1 is 0.
  for (char& c : type) {
    if (!absl::ascii_isalnum(c)) c = '_';
  }
  return type;
}

// Each of 5 bits.
std::string Digits(const std::array<uint8_t, kPrfBytes>& bytes) {
  constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof(bits); ++i) bits = bits << 8 | bytes[i];
  std::string digits;
  for (size_t i = 0; i < Redactor::kPseudonymDigits; ++i) {
    digits += kAlphabet[bits >> (59 - 5 * i) & 31];
  }
  return digits;
}

}  // namespace

std::string Redactor::Pseudonym(absl::string_view rule_id,
                                absl::string_view value) const {
  if (!key_.has_value()) return "";
  return Digits(Prf(*key_, "redact", {TypeOf(rule_id), value}));
}

std::string Redactor::Replacement(absl::string_view rule_id,
                                  absl::string_view value) const {
  return absl::StrCat("[", TypeOf(rule_id), key_.has_value() ? ":" : "",
                      Pseudonym(rule_id, value), "]");
}

}  // namespace subrosa
