// Standard base64, strictly canonical and fast: age's armor is decoded at the
// speed of the cipher. The alphabet and lengths are checked, so every text has
// one meaning. Not for secrets: table lookups, not constant time.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CRYPTO_BASE64_H_
#define SUBROSA_SRC_CRYPTO_BASE64_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace subrosa {

enum class Base64Padding { kNone, kEquals };

std::string EncodeBase64(absl::string_view bytes, Base64Padding padding);

// Returns the bytes of `text`, or nothing if it is not exactly what
// EncodeBase64 would write with this `padding`.
absl::optional<std::string> DecodeBase64(absl::string_view text,
                                         Base64Padding padding);

// Writes 4 characters for each 3 of the `size` bytes (a multiple of 3).
void EncodeBase64Groups(const char* bytes, size_t size, char* text);

// Writes 3 bytes for each 4 of the `size` characters (a multiple of 4).
// Returns false, with `bytes` undefined, if one is outside the alphabet; "="
// is outside.
bool DecodeBase64Groups(const char* text, size_t size, char* bytes);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_BASE64_H_
