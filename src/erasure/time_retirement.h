// What ends by its time, all at once: keys that erased parts and renewals left,
// epochs whose backups are past retention, and the keys of evidence whose year
// is over. What is open outlasts its year: it is sealed anew under a later
// one first.
//
// Errors are those of Steward, RequestDesk and ErasureBook, besides what is
// said below. Thread-compatible, as the steward.
#ifndef SUBROSA_SRC_ERASURE_TIME_RETIREMENT_H_
#define SUBROSA_SRC_ERASURE_TIME_RETIREMENT_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/steward/steward.h"
#include "src/vault/evidence_store.h"
#include "src/vault/key_rotation.h"
#include "src/vault/open_items.h"

namespace subrosa {

// What was destroyed, and what stayed.
struct TimeRetirement {
  int64_t key_versions = 0;
  std::vector<RetiredEpoch> epochs;
  std::vector<DestroyedEvidence> evidence;
  // Open, and sealed anew under a later year.
  int64_t moved_requests = 0;
  int64_t moved_erasures = 0;
  // Years that are over and whose key stays for what is open under it.
  std::vector<OpenItems> kept;

  // Whether nothing was due.
  bool empty() const {
    return epochs.empty() && evidence.empty() && key_versions == 0;
  }
};

// Whose word it is that the clock is right (src/vault/deletion_clock.h).
enum class ClockTrust { kChecked, kOfficer };

// Destroys what is due, and waits for the log to say so: also if nothing is,
// for an earlier call may have been killed once it was done.
// FAILED_PRECONDITION while the clock is not believed; then nothing was
// changed.
absl::StatusOr<TimeRetirement> RetireByTime(Steward& steward, ClockTrust trust);

// Years that are over in which something is open.
absl::StatusOr<std::vector<OpenItems>> ListOpenPastYear(Steward& steward);

// Whether what is past its time may be erased by the clock: errors as
// RetireByTime.
absl::Status CheckDeletionClock(Steward& steward);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_TIME_RETIREMENT_H_
