#include "src/consent/consumer_age.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/law/law_file.h"

namespace subrosa {

absl::StatusOr<absl::CivilDay> BirthdayOf(absl::string_view born) {
  return ParseLawDay(born.size() == 4 ? absl::StrCat(born, "-12-31")
                                      : std::string(born));
}

int AgeOn(absl::CivilDay day, absl::CivilDay born) {
  const bool had_birthday = std::make_pair(day.month(), day.day()) >=
                            std::make_pair(born.month(), born.day());
  const auto years = static_cast<int>(day.year() - born.year());
  return std::max(0, had_birthday ? years : years - 1);
}

}  // namespace subrosa
