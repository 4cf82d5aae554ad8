// Places as law knows them: ISO 3166 codes of countries and their subdivisions.
#ifndef SUBROSA_SRC_LAW_PLACE_H_
#define SUBROSA_SRC_LAW_PLACE_H_

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace subrosa {

// The two letters of a country: "US". The shape alone is looked at.
inline bool IsCountryShape(absl::string_view code) {
  return code.size() == 2 && absl::ascii_isupper(code[0]) &&
         absl::ascii_isupper(code[1]);
}

// A country and, after a hyphen, one to three letters or digits: "US-WA".
inline bool IsSubdivisionShape(absl::string_view code) {
  if (code.size() < 4 || code.size() > 6 || code[2] != '-' ||
      !IsCountryShape(code.substr(0, 2))) {
    return false;
  }
  for (const char c : code.substr(3)) {
    if (!absl::ascii_isupper(c) && !absl::ascii_isdigit(c)) return false;
  }
  return true;
}

// Returns OK if `code` has the shape of an ISO 3166-2 code, else
// INVALID_ARGUMENT that begins with `field_path` and does not repeat `code`.
inline absl::Status CheckSubdivision(absl::string_view field_path,
                                     absl::string_view code) {
  if (IsSubdivisionShape(code)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field_path, ": want an ISO 3166-2 code, as US-WA, got ",
                   code.empty() ? "none" : "something else"));
}

// The same for a country or a subdivision: "IE", "US-WA".
inline absl::Status CheckPlace(absl::string_view field_path,
                               absl::string_view code) {
  if (IsCountryShape(code) || IsSubdivisionShape(code)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(field_path, ": want an ISO 3166 code, as US-WA or IE, got ",
                   code.empty() ? "none" : "something else"));
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_LAW_PLACE_H_
