// By which policies a home went, and since when: what was decided can be held
// against the policy of the day, and nobody can put another one in its place
// afterwards.
#ifndef SUBROSA_SRC_STEWARD_POLICY_HISTORY_H_
#define SUBROSA_SRC_STEWARD_POLICY_HISTORY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/vault/vault.h"

namespace subrosa {

// Notes, durably, that from `today` on (DayOf in clock.h) decisions go by the
// policy with that hash (Policy::sha256), unless it is the last that was noted.
// A change leaves a leaf with the hash before and after; the first policy is
// the hash before of the first change.
//
// To be called before anything is decided by the policy. Writes nothing where
// nothing changed. Errors are those of Connection.
absl::Status NotePolicy(Vault& vault, absl::string_view sha256, int32_t today);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_POLICY_HISTORY_H_
