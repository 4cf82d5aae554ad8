#include "src/classify/loose_form.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace subrosa {
namespace {

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

bool HasOnly(absl::string_view value, absl::string_view bytes) {
  return value.find_first_not_of(bytes) == value.npos;
}

size_t CountOf(absl::string_view value, absl::string_view bytes) {
  return static_cast<size_t>(
      std::count_if(value.begin(), value.end(),
                    [bytes](char c) { return bytes.find(c) != bytes.npos; }));
}

// Nine digits, the last four, or some of them hidden: "xxx-xx-1234".
bool IsLooseSsn(absl::string_view value) {
  if (!HasOnly(value, "0123456789xX*#- ")) return false;
  const size_t signs = CountOf(value, "0123456789xX*#");
  return (signs == 9 || signs == 4) && IsDigit(value.back());
}

// 7 to 15 digits, an extension beside them (ITU-T E.164).
bool IsLoosePhone(absl::string_view value) {
  if (!HasOnly(value, "0123456789+-(). /xXeEtT#")) return false;
  const size_t digits = CountOf(value, "0123456789");
  return digits >= 7 && digits <= 20 && IsDigit(value.back());
}

bool IsLooseIpAddress(absl::string_view value) {
  if (HasOnly(value, "0123456789.")) return CountOf(value, ".") == 3;
  value = value.substr(0, value.find('%'));  // Before a zone.
  return HasOnly(value, "0123456789abcdefABCDEF:./") &&
         CountOf(value, ":") >= 2;
}

// Letters, a dot, letters, and a path perhaps.
bool IsLooseUrl(absl::string_view value) {
  const size_t dot = value.find('.');
  return dot != value.npos && dot > 0 && dot + 2 < value.size() &&
         !absl::StrContains(value, ' ') && !absl::StrContains(value, '@') &&
         absl::ascii_isalpha(static_cast<unsigned char>(value[dot + 1]));
}

bool IsLooseEmail(absl::string_view value) {
  const size_t at = value.find('@');
  return at != value.npos && at > 0 && at + 1 < value.size() &&
         !absl::StrContains(value, ' ');
}

}  // namespace

absl::Span<const v1::IdentifierKind> KindsWithForm() {
  static constexpr v1::IdentifierKind kKinds[] = {
      v1::IDENTIFIER_EMAIL, v1::IDENTIFIER_PHONE, v1::IDENTIFIER_SSN,
      v1::IDENTIFIER_URL, v1::IDENTIFIER_IP_ADDRESS};
  return kKinds;
}

bool HasLooseForm(v1::IdentifierKind kind, absl::string_view value) {
  if (value.empty()) return false;
  switch (kind) {
    case v1::IDENTIFIER_EMAIL:
      return IsLooseEmail(value);
    case v1::IDENTIFIER_PHONE:
      return IsLoosePhone(value);
    case v1::IDENTIFIER_SSN:
      return IsLooseSsn(value);
    case v1::IDENTIFIER_URL:
      return IsLooseUrl(value);
    case v1::IDENTIFIER_IP_ADDRESS:
      return IsLooseIpAddress(value);
    default:
      return false;
  }
}

}  // namespace subrosa
