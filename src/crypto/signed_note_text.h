// What may stand in a signed note (signed_note.h): UTF-8 without surprises, so
// that no two readers see two texts.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CRYPTO_SIGNED_NOTE_TEXT_H_
#define SUBROSA_SRC_CRYPTO_SIGNED_NOTE_TEXT_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace subrosa {

inline constexpr size_t kNoteNameMaxBytes = 255;

// Whether `name` can name a key: 1 to kNoteNameMaxBytes bytes of UTF-8 without
// Unicode's white space, control characters or "+".
bool IsNoteName(absl::string_view name);

// INVALID_ARGUMENT unless `text` is UTF-8 (RFC 3629), holds no character under
// U+0020 but the newline, and ends in one. The message says where, not what.
absl::Status CheckNoteText(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SIGNED_NOTE_TEXT_H_
