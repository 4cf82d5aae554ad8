// Who can open an age file: the two sides of every kind of recipient. Kinds so
// far: X25519 keys (age_x25519.h) and passphrases (age_scrypt.h).
//
// Thread-safe: concurrent calls are safe.
#ifndef SUBROSA_SRC_CRYPTO_AGE_RECIPIENT_H_
#define SUBROSA_SRC_CRYPTO_AGE_RECIPIENT_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "src/crypto/age_header.h"
#include "src/crypto/secret_buffer.h"

namespace subrosa {

// The secret that a file's stanzas wrap; new and random for each file.
inline constexpr size_t kAgeFileKeyBytes = 16;

// A file key wrapped by ChaCha20-Poly1305: every known stanza's body.
inline constexpr size_t kAgeWrappedFileKeyBytes = kAgeFileKeyBytes + 16;

// Encrypts to somebody. Holds no secret, unless it is a passphrase.
class AgeRecipient {
 public:
  virtual ~AgeRecipient() = default;

  // Returns a new stanza that wraps `file_key` (kAgeFileKeyBytes).
  // RESOURCE_EXHAUSTED if there is no memory for it.
  virtual absl::StatusOr<AgeStanza> Wrap(
      const SecretBuffer& file_key) const = 0;

  // Whether the file may have no other recipient.
  virtual bool must_be_alone() const { return false; }
};

// Opens what was encrypted to somebody.
class AgeIdentity {
 public:
  virtual ~AgeIdentity() = default;

  // Returns the file key of the first of `stanzas` that is for this identity,
  // or nothing if none is. INVALID_ARGUMENT if a stanza is malformed;
  // RESOURCE_EXHAUSTED if there is no memory for it.
  virtual absl::StatusOr<absl::optional<SecretBuffer>> Unwrap(
      absl::Span<const AgeStanza> stanzas) const = 0;
};

// Wraps `file_key` under `wrap_key` (32 bytes, used once).
std::string WrapAgeFileKey(const SecretBuffer& file_key,
                           const SecretBuffer& wrap_key);

// Returns the file key in `body` (kAgeWrappedFileKeyBytes), or nothing if
// `wrap_key` (32 bytes) is not the one that it was wrapped under.
absl::StatusOr<absl::optional<SecretBuffer>> UnwrapAgeFileKey(
    absl::string_view body, const SecretBuffer& wrap_key);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_RECIPIENT_H_
