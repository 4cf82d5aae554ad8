// Places as choices and facts name them: ISO 3166-2. Internal to the room.
#ifndef SUBROSA_SRC_CONSENT_PLACE_CODE_H_
#define SUBROSA_SRC_CONSENT_PLACE_CODE_H_

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace subrosa {

// Whether `text` has the form of a country ("IE") or of a part of one ("US-WA",
// "FR-75C").
inline bool IsPlaceCode(absl::string_view text) {
  const auto is_upper = [](char c) {
    return absl::ascii_isupper(static_cast<unsigned char>(c));
  };
  if (text.size() < 2 || !is_upper(text[0]) || !is_upper(text[1])) return false;
  if (text.size() == 2) return true;
  if (text[2] != '-' || text.size() < 4 || text.size() > 6) return false;
  for (const char c : text.substr(3)) {
    if (!is_upper(c) && !absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      return false;
    }
  }
  return true;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_PLACE_CODE_H_
