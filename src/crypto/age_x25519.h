// age's public-key recipients: `age1...` to encrypt to, `AGE-SECRET-KEY-1...`
// to open with.
//
// Thread-safe: concurrent const calls are safe.
//
// Security: an ephemeral X25519 key per file and recipient; ciphertexts say
// nothing of who can open them. There is no sender: whoever knows the recipient
// can write a file, so what must be authentic is signed inside
// (signed_note.h). Not safe against quantum computers.
#ifndef SUBROSA_SRC_CRYPTO_AGE_X25519_H_
#define SUBROSA_SRC_CRYPTO_AGE_X25519_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "src/crypto/age_recipient.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

inline constexpr size_t kX25519Bytes = 32;
using X25519Point = std::array<uint8_t, kX25519Bytes>;

// RFC 7748. Returns the secret shared by `secret` and the owner of `point`.
// INVALID_ARGUMENT if `point` is of low order, which would make it zero.
absl::StatusOr<SecretBuffer> X25519(const SecretKey& secret,
                                    const X25519Point& point);

// An `age1...` key.
class X25519Recipient : public AgeRecipient {
 public:
  // INVALID_ARGUMENT ("age.recipient: ...") if `text` is not such a key.
  static absl::StatusOr<X25519Recipient> Parse(absl::string_view text);

  std::string ToString() const;

  absl::StatusOr<AgeStanza> Wrap(const SecretBuffer& file_key) const override;

 private:
  friend class X25519Identity;
  explicit X25519Recipient(const X25519Point& point) : point_(point) {}

  X25519Point point_;
};

// An `AGE-SECRET-KEY-1...` key.
class X25519Identity : public AgeIdentity {
 public:
  // Errors as SecretKey::Random.
  static absl::StatusOr<X25519Identity> Generate();

  // `text` is the key alone, in upper case or lower, without spaces.
  //
  // INVALID_ARGUMENT ("age.identity: ...", without the text) if it is not such
  // a key; RESOURCE_EXHAUSTED as SecretKey::FromBytes.
  static absl::StatusOr<X25519Identity> Parse(const SecretBuffer& text);

  const X25519Recipient& recipient() const { return recipient_; }

  // The key's text, in upper case as `age-keygen` writes it.
  absl::StatusOr<SecretBuffer> ToSecretText() const;

  absl::StatusOr<absl::optional<SecretBuffer>> Unwrap(
      absl::Span<const AgeStanza> stanzas) const override;

 private:
  explicit X25519Identity(SecretKey secret);

  SecretKey secret_;
  X25519Recipient recipient_;
};

// Whether a stanza of type X25519 is well formed. INVALID_ARGUMENT says what
// was wanted, to be put behind the stanza's place.
absl::Status CheckX25519Stanza(const AgeStanza& stanza);

inline constexpr absl::string_view kX25519StanzaType = "X25519";

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_X25519_H_
