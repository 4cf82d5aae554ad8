// Keeps the newest checkpoint that witnesses cosigned, in the log's folder.
//
// Thread-safe, and safe among processes: whoever keeps one holds a lock on the
// folder.
#ifndef SUBROSA_SRC_AUDIT_COSIGNED_FILE_H_
#define SUBROSA_SRC_AUDIT_COSIGNED_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/signed_note.h"

namespace subrosa {

// Puts `note`, a checkpoint that one of `keys` signed and a witness cosigned,
// into the file kCosignedFile of the log in `folder`, durably. Signatures that
// the file has under the same checkpoint stay. Returns false, and leaves the
// file, if it holds a checkpoint of a larger tree.
//
// INVALID_ARGUMENT or PERMISSION_DENIED if `note` is no such checkpoint;
// UNAVAILABLE if the system refuses.
absl::StatusOr<bool> KeepCosigned(const std::string& folder,
                                  absl::string_view note,
                                  absl::Span<const NoteKey> keys);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_COSIGNED_FILE_H_
