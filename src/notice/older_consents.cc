#include "src/notice/older_consents.h"

#include <cstdint>

namespace subrosa {

std::vector<v1::StandingChoice> ConsentsBefore(const v1::Standing& standing,
                                               absl::string_view purpose,
                                               absl::CivilDay day) {
  const auto number = static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
  std::vector<v1::StandingChoice> older;
  for (const v1::StandingChoice& choice : standing.choice()) {
    const bool is_of_purpose =
        choice.purpose().empty() || choice.purpose() == purpose;
    const bool stands = choice.until_day() == 0 || choice.until_day() > number;
    if (choice.kind() == v1::CHOICE_KIND_CONSENT && is_of_purpose && stands &&
        choice.from_day() < number) {
      older.push_back(choice);
    }
  }
  return older;
}

}  // namespace subrosa
