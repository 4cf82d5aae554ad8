#include "src/recipients/contact_check.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace subrosa {
namespace {

constexpr size_t kMaxLocalPartBytes = 64;  // RFC 5321 4.5.3.1.1.
constexpr size_t kMaxHostBytes = 253;
constexpr size_t kMaxLabelBytes = 63;  // RFC 1035 2.3.4.

bool IsAlnum(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c));
}

bool IsLabel(absl::string_view label) {
  if (label.empty() || label.size() > kMaxLabelBytes || label.front() == '-' ||
      label.back() == '-') {
    return false;
  }
  for (const char c : label) {
    if (!IsAlnum(c) && c != '-') return false;
  }
  return true;
}

// Labels with dots between them, at least two, the last of which begins with a
// letter: so it is no IPv4 address, whatever way that is written.
bool IsHostName(absl::string_view host) {
  if (host.size() > kMaxHostBytes) return false;
  const std::vector<absl::string_view> labels = absl::StrSplit(host, '.');
  for (const absl::string_view label : labels) {
    if (!IsLabel(label)) return false;
  }
  return labels.size() >= 2 &&
         absl::ascii_isalpha(static_cast<unsigned char>(labels.back()[0]));
}

// `dot-atom-text` of RFC 5322 3.2.3.
bool IsDotAtom(absl::string_view text) {
  constexpr absl::string_view kMarks = "!#$%&'*+-/=?^_`{|}~";
  for (const absl::string_view atom : absl::StrSplit(text, '.')) {
    if (atom.empty()) return false;
    for (const char c : atom) {
      if (!IsAlnum(c) && !absl::StrContains(kMarks, c)) return false;
    }
  }
  return true;
}

bool IsPort(absl::string_view port) {
  int number = 0;
  return !port.empty() && port.size() <= 5 && port[0] != '+' &&
         absl::SimpleAtoi(port, &number) && number >= 1 && number <= 65535;
}

// The characters of a path, query and fragment, with escapes whole.
bool IsRestOfUrl(absl::string_view rest) {
  constexpr absl::string_view kMarks = "-._~!$&'()*+,;=:@/?";
  bool has_fragment = false;
  for (size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '%') {
      if (i + 2 >= rest.size() ||
          !absl::ascii_isxdigit(static_cast<unsigned char>(rest[i + 1])) ||
          !absl::ascii_isxdigit(static_cast<unsigned char>(rest[i + 2]))) {
        return false;
      }
      i += 2;
    } else if (c == '#') {
      if (has_fragment) return false;
      has_fragment = true;
    } else if (!IsAlnum(c) && !absl::StrContains(kMarks, c)) {
      return false;
    }
  }
  return true;
}

absl::Status Wrong(absl::string_view field_path, absl::string_view want,
                   absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat(field_path, ": want ", want, ", got ",
                   text.empty() ? "none" : "something else"));
}

}  // namespace

absl::Status CheckEmail(absl::string_view field_path, absl::string_view email) {
  const size_t at = email.rfind('@');
  const bool is_address =
      email.size() <= kMaxEmailBytes && at != absl::string_view::npos &&
      at <= kMaxLocalPartBytes && IsDotAtom(email.substr(0, at)) &&
      IsHostName(email.substr(at + 1));
  return is_address ? absl::OkStatus()
                    : Wrong(field_path,
                            "an e-mail address, as privacy@example.com", email);
}

absl::Status CheckHttpsUrl(absl::string_view field_path,
                           absl::string_view url) {
  absl::string_view text = url;
  bool is_url =
      url.size() <= kMaxUrlBytes && absl::ConsumePrefix(&text, "https://");
  const absl::string_view authority = text.substr(0, text.find_first_of("/?#"));
  const size_t colon = authority.find(':');
  is_url = is_url && IsHostName(authority.substr(0, colon)) &&
           (colon == absl::string_view::npos ||
            IsPort(authority.substr(colon + 1))) &&
           IsRestOfUrl(text.substr(authority.size()));
  return is_url ? absl::OkStatus()
                : Wrong(field_path,
                        "a URL, as https://example.com/privacy, of at most "
                        "2048 bytes",
                        url);
}

}  // namespace subrosa
