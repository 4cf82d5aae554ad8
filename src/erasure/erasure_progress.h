// What a call of ErasureRun::Continue did, and what waits after it.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_ERASURE_ERASURE_PROGRESS_H_
#define SUBROSA_SRC_ERASURE_ERASURE_PROGRESS_H_

#include <cstdint>

#include "absl/status/status.h"

namespace subrosa {

struct ErasureProgress {
  int64_t keys_destroyed = 0;
  int64_t told = 0;    // Attempts.
  int64_t issued = 0;  // Certificates.
  int64_t open = 0;    // Erasures with a party that is not over.
  // That are not carried out: for a second officer, a hold or a day.
  int64_t waiting = 0;
  // For an officer: parts for a second one, and final certificates that are to
  // be handed out.
  int64_t for_officer = 0;
  int64_t interim = 0;
  int64_t final = 0;       // That became so.
  int64_t handed_out = 0;  // Final certificates (certificate_handout.h).
  // The last reason of a party's silence; OK if there was none.
  absl::Status why_silent;
  // Another run was telling parties, so that this one told none.
  bool told_elsewhere = false;
  // Requests that could not be told how far their erasure is, which stops no
  // other; and the last reason.
  int64_t requests_refused = 0;
  absl::Status why_refused;
  // Why nothing was let go by its time (src/vault/deletion_clock.h); OK if it
  // was.
  absl::Status clock_doubt;

  // Whether anything is left that somebody has to see to.
  bool HasLeft() const {
    return open > 0 || waiting > 0 || for_officer > 0 || requests_refused > 0 ||
           !clock_doubt.ok();
  }
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_ERASURE_PROGRESS_H_
