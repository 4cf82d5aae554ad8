// The ledger's door for a no that speaks of everything, as a request to opt out
// makes it: what choice_check.h asks of one, for which no policy is needed.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CONSENT_NO_CHECK_H_
#define SUBROSA_SRC_CONSENT_NO_CHECK_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/consent/entity_law.h"
#include "subrosa/v1/consent.pb.h"

namespace subrosa {

// Whether `choice`, a no without purposes and recipients, may be entered, given
// what stands of its consumer. Codes as ChoiceCheck::Check; INVALID_ARGUMENT
// also for a yes, and for what names a purpose or a recipient.
absl::Status CheckNoToAll(const v1::Choice& choice,
                          const v1::Standing& standing, const EntityLaw& law,
                          absl::Time now);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_NO_CHECK_H_
