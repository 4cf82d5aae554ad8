// HMAC-SHA256 (RFC 2104) and HKDF-SHA256 (RFC 5869), as age uses them.
// libsodium 1.0.18 has the first and not the second.
//
// Thread-safe: no state.
//
// Security: HMAC-SHA256 is a PRF under a secret key; HKDF's output is
// indistinguishable from random if `secret` holds enough entropy, which a
// passphrase does not.
#ifndef SUBROSA_SRC_CRYPTO_HKDF_H_
#define SUBROSA_SRC_CRYPTO_HKDF_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace subrosa {

inline constexpr size_t kHmacSha256Bytes = 32;

// RFC 5869, section 2.3: the counter is one byte.
inline constexpr size_t kHkdfSha256MaxBytes = 255 * kHmacSha256Bytes;

// Returns the tag of `message` under `key`, of any length.
std::array<uint8_t, kHmacSha256Bytes> HmacSha256(absl::Span<const uint8_t> key,
                                                 absl::string_view message);

// Whether `tag` is the full tag of `message`; in time that does not depend on
// where they differ. A truncated tag is never accepted.
bool IsHmacSha256(absl::Span<const uint8_t> key, absl::string_view message,
                  absl::string_view tag);

// Fills `out` from `secret`, `salt` (public, may be empty) and `info` (what the
// result is for). INVALID_ARGUMENT if `out` is longer than
// `kHkdfSha256MaxBytes`; it is then untouched.
absl::Status HkdfSha256(absl::Span<const uint8_t> secret,
                        absl::string_view salt, absl::string_view info,
                        absl::Span<uint8_t> out);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_HKDF_H_
