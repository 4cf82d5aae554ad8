// A checkpoint says how large a log is and what root its tree has (C2SP
// tlog-checkpoint): the text of a signed note (signed_note.h).
//
//   example.org/rosewater/audit
//   20852163
//   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_AUDIT_CHECKPOINT_H_
#define SUBROSA_SRC_AUDIT_CHECKPOINT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/audit/merkle.h"
#include "src/crypto/signed_note.h"

namespace subrosa {

struct Checkpoint {
  std::string origin;  // Names the log; a valid name of a note's key.
  uint64_t size = 0;   // Leaves.
  MerkleHash root = {};
};

// The text that is signed, and back. INVALID_ARGUMENT ("checkpoint.…: …") for
// any other text; extension lines are refused, since no monitor could check
// them.
std::string SerializeCheckpoint(const Checkpoint& checkpoint);
absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text);

// Opens the signed note `note` with one of `keys` (OpenNote's errors) and
// parses its text. INVALID_ARGUMENT also if the origin is not the name of the
// key that signed.
absl::StatusOr<Checkpoint> OpenCheckpoint(absl::string_view note,
                                          absl::Span<const NoteKey> keys);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_CHECKPOINT_H_
