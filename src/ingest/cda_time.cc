#include "src/ingest/cda_time.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

// The same in RFC 3339 or FHIR's partial form; empty if it has no such form.
std::string ToFhir(absl::string_view text) {
  const size_t sign = text.find_first_of("+-");
  const absl::string_view offset =
      sign == absl::string_view::npos ? "" : text.substr(sign);
  absl::string_view digits = text.substr(0, sign);
  absl::string_view fraction;
  if (const size_t dot = digits.find('.'); dot != absl::string_view::npos) {
    fraction = digits.substr(dot);
    digits = digits.substr(0, dot);
    if (digits.size() != 14) return "";
  }
  for (const char c : digits) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return "";
  }
  const bool has_offset = offset.size() == 5;
  if (!offset.empty() && (!has_offset || digits.size() < 10)) return "";
  switch (digits.size()) {
    case 4:
      return std::string(digits);
    case 6:
      return absl::StrCat(digits.substr(0, 4), "-", digits.substr(4));
    case 8:
      return absl::StrCat(digits.substr(0, 4), "-", digits.substr(4, 2), "-",
                          digits.substr(6));
    case 10:
    case 12:
    case 14:
      break;
    default:
      return "";
  }
  const auto pair = [digits](size_t at) {
    return digits.size() > at ? digits.substr(at, 2) : absl::string_view("00");
  };
  return absl::StrCat(
      digits.substr(0, 4), "-", digits.substr(4, 2), "-", digits.substr(6, 2),
      "T", pair(8), ":", pair(10), ":", pair(12), fraction,
      has_offset ? absl::StrCat(offset.substr(0, 3), ":", offset.substr(3))
                 : "Z");
}

}  // namespace

std::optional<TextTime> ParseCdaTime(absl::string_view text) {
  return ParseFhirDateTime(ToFhir(text));
}

std::optional<TextTime> ParseCdaPeriodEnd(absl::string_view text) {
  return ParseFhirPeriodEnd(ToFhir(text));
}

}  // namespace subrosa
