#include "tools/subrosa/key_text.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/base/clock.h"
#include "src/vault/epochs.h"

namespace subrosa {

std::string DateText(int32_t day) {
  return absl::FormatCivilTime(CivilDayOf(day));
}

nlohmann::ordered_json DateOrNull(int32_t day) {
  return day == 0 ? nlohmann::ordered_json()
                  : nlohmann::ordered_json(DateText(day));
}

absl::string_view AssuranceLetter(Assurance assurance) {
  switch (assurance) {
    case Assurance::kHardwareObject:
      return "A";
    case Assurance::kServiceVersion:
      return "B";
    case Assurance::kRewrittenFile:
      break;
  }
  return "C";
}

absl::string_view AssuranceText(Assurance assurance) {
  switch (assurance) {
    case Assurance::kHardwareObject:
      return "a hardware object was destroyed";
    case Assurance::kServiceVersion:
      return "a key service destroyed it, and confirms it";
    case Assurance::kRewrittenFile:
      break;
  }
  return "a file was rewritten: as good as its exclusion from backups";
}

std::string OutlookText(const EpochStatus& epoch) {
  if (epoch.outlook.erasures_before == 0 || epoch.outlook.holds_from == 0) {
    return "";
  }
  const std::string erasures =
      absl::StrCat("Erasures before ", DateText(epoch.outlook.erasures_before));
  if (epoch.state == EpochState::kDestroyed) {
    return absl::StrCat(erasures, " hold in every backup, since ",
                        DateText(epoch.outlook.holds_from), ".\n");
  }
  if (epoch.is_due) {
    return absl::StrCat(erasures,
                        " hold in every backup as soon as `subrosa keys "
                        "retire` is run: it is due since ",
                        DateText(epoch.outlook.holds_from), ".\n");
  }
  return absl::StrCat(erasures, " hold in every backup from ",
                      DateText(epoch.outlook.holds_from),
                      " on, when `subrosa keys retire` is run.\n");
}

}  // namespace subrosa
