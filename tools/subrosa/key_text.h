// How the commands about keys say days, assurances and what epochs mean for
// erasures.
#ifndef SUBROSA_TOOLS_SUBROSA_KEY_TEXT_H_
#define SUBROSA_TOOLS_SUBROSA_KEY_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "src/crypto/key_provider.h"
#include "src/vault/key_custody.h"

namespace subrosa {

// "2026-03-01". Days count from 1970-01-01.
std::string DateText(int32_t day);
// The same, or null for 0.
nlohmann::ordered_json DateOrNull(int32_t day);

// "A".
absl::string_view AssuranceLetter(Assurance assurance);
// "a file was rewritten: as good as its exclusion from backups".
absl::string_view AssuranceText(Assurance assurance);

// Which erasures hold in every backup once `epoch` is destroyed, and from when
// on; empty if that is not known.
std::string OutlookText(const EpochStatus& epoch);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_KEY_TEXT_H_
