// How old a consumer is. Internal to the room.
#ifndef SUBROSA_SRC_CONSENT_CONSUMER_AGE_H_
#define SUBROSA_SRC_CONSENT_CONSUMER_AGE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace subrosa {

// The day on which somebody was born, from "YYYY-MM-DD" or, where the year
// alone is known, "YYYY": then its last day, so that nobody is taken for older
// than they may be. INVALID_ARGUMENT for what is no day since 1900; the message
// does not repeat it.
absl::StatusOr<absl::CivilDay> BirthdayOf(absl::string_view born);

// In whole years. Who was born on 29 February is a year older on 1 March. Never
// below 0.
int AgeOn(absl::CivilDay day, absl::CivilDay born);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_CONSUMER_AGE_H_
