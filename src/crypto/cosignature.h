// Cosignatures (C2SP tlog-cosignature, version 1): a witness's statement that,
// as of a time, a checkpoint is of the largest tree that it has seen of a log,
// and that the tree only grew. A line in a signed note like any other, by a key
// of type kNoteTypeCosignature, over
//
//   cosignature/v1
//   time 1679315147
//   <the note's text>
//
// Thread-safe: no state.
//
// Security: the signed text does not name the witness, so a key pair cosigns
// under one name only.
#ifndef SUBROSA_SRC_CRYPTO_COSIGNATURE_H_
#define SUBROSA_SRC_CRYPTO_COSIGNATURE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "src/crypto/signed_note.h"

namespace subrosa {

// Cosigns `text`, as of `at` (whole seconds; what is below is dropped), by
// `key`'s private side through `signer`.
//
// INVALID_ARGUMENT if `key` is of another type, `text` cannot be a note's text,
// or `at` lies before 1970; INTERNAL if what `signer` returns is not a
// signature by `key`; errors of `signer`.
absl::StatusOr<NoteSignature> Cosign(absl::string_view text, const NoteKey& key,
                                     absl::Time at, const NoteSigner& signer);

// When `key` cosigned `text`; nothing if `signature` is not `key`'s cosignature
// of that text. Times to come are times too: callers know what time it is.
absl::optional<absl::Time> CosignedAt(const NoteKey& key,
                                      absl::string_view text,
                                      const NoteSignature& signature);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_COSIGNATURE_H_
