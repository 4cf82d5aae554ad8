// The table of steps in docs/requests.md: from where each may be taken, by
// whom, and what it has to say. Internal to the room; the machine asks it.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_STEPS_H_
#define SUBROSA_SRC_REQUEST_REQUEST_STEPS_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// Of a closed request reasons and what was checked are dropped.
enum class StepForm { kWhole, kMayLackDropped };

// Whether `event` says all that its kind asks for and nothing else, was for its
// actor to take, and is not before `last_at`. INVALID_ARGUMENT else.
absl::Status CheckStepForm(const v1::RequestEvent& event, absl::Time last_at,
                           StepForm form);

// Whether a step of `kind`, of good form, may be taken from `status`.
// FAILED_PRECONDITION else.
absl::Status CheckStepFrom(v1::RequestEventKind kind, v1::RequestStatus status);

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_STEPS_H_
