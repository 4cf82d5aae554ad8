// Authenticated encryption under keys that are used once, so with a nonce of
// zeros: the last step of every sealed format here. For this room only.
//
// ChaCha20-Poly1305 (RFC 8439) comes from libsodium for short inputs and from
// libcrypto for long ones, where it is twice as fast; the bytes are the same.
// AES-256-GCM comes from libcrypto. libcrypto's contexts keep copies of a key
// and of the last keystream block, so each thread keeps one context per cipher
// and overwrites both with those of a zero key after every use.
//
// Thread-safe. Allocates nothing after a thread's first call. In and out do not
// overlap, or are the same.
#ifndef SUBROSA_SRC_CRYPTO_SINGLE_USE_AEAD_H_
#define SUBROSA_SRC_CRYPTO_SINGLE_USE_AEAD_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"

namespace subrosa {

inline constexpr size_t kAeadKeyBytes = 32;
inline constexpr size_t kAeadTagBytes = 16;

enum class Cipher : uint8_t { kChaCha20Poly1305, kAes256Gcm };

// Writes the ciphertext of `plaintext` and then its tag to `sealed`, which has
// kAeadTagBytes more. `key` has kAeadKeyBytes.
//
// Returns INTERNAL if libcrypto lacks the cipher.
absl::Status SealOnce(Cipher cipher, const uint8_t* key,
                      absl::Span<const uint8_t> associated_data,
                      absl::Span<const uint8_t> plaintext,
                      absl::Span<uint8_t> sealed);

// Writes what `sealed` holds to `plaintext`, which has kAeadTagBytes less, and
// returns true; or returns false, and zeros, if it is not authentic.
bool OpenOnce(Cipher cipher, const uint8_t* key,
              absl::Span<const uint8_t> associated_data,
              absl::Span<const uint8_t> sealed, absl::Span<uint8_t> plaintext);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SINGLE_USE_AEAD_H_
