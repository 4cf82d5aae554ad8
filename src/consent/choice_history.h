// Whether a choice may follow what stands. Internal to choice_check.h.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CONSENT_CHOICE_HISTORY_H_
#define SUBROSA_SRC_CONSENT_CHOICE_HISTORY_H_

#include "absl/status/status.h"
#include "src/consent/choice_actor.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// Of a well-formed choice: that it is not there already; that a withdrawal
// takes back what was given before it; and that a yes is later than the last
// no about the same, was confirmed where a pack asks for two steps, and was not
// asked for while a pack says to wait. Codes as ChoiceCheck::Check.
absl::Status CheckHistory(const v1::Choice& choice,
                          const v1::Standing& standing,
                          const ChoiceSetting& setting);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_CHOICE_HISTORY_H_
