// Which witnesses cosigned a checkpoint, verified.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_AUDIT_COSIGNATURES_H_
#define SUBROSA_SRC_AUDIT_COSIGNATURES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/crypto/signed_note.h"

namespace subrosa {

// A witness's signature that was verified.
struct SeenByWitness {
  std::string name;
  uint32_t key_id = 0;  // Of which of the witness's keys.
  absl::Time at;
};

// Verifies the cosignatures of `note` by `witnesses` (keys of
// kNoteTypeCosignature); those by others are ignored. INVALID_ARGUMENT if one
// stands under the name and id of such a key and is not its cosignature.
absl::StatusOr<std::vector<SeenByWitness>> VerifyCosignatures(
    const Note& note, absl::Span<const NoteKey> witnesses);

// Returns OK if every one of `witnesses` is among `seen`; else
// PERMISSION_DENIED that names the first that is not. Two keys of one name are
// two witnesses: each has to have signed.
absl::Status CheckSeenByAll(absl::Span<const SeenByWitness> seen,
                            absl::Span<const NoteKey> witnesses);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_COSIGNATURES_H_
