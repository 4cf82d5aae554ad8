// age's passphrase recipients: scrypt with N = 2^work factor, r = 8, p = 1. The
// work factor stands in the file, so it is bounded when read: a hostile file
// must not cost its reader gigabytes.
//
// Thread-safe: concurrent const calls are safe. A call takes about 0.6 s and
// 256 MiB at work factor 18, and twice both for each step more.
//
// Security: as strong as the passphrase; the work factor adds as many bits.
#ifndef SUBROSA_SRC_CRYPTO_AGE_SCRYPT_H_
#define SUBROSA_SRC_CRYPTO_AGE_SCRYPT_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "src/crypto/age_recipient.h"
#include "src/crypto/secret_buffer.h"

namespace subrosa {

inline constexpr int kScryptDefaultWorkFactor = 18;

// The largest that is written or read: 4 GiB.
inline constexpr int kScryptMaxWorkFactor = 22;

class ScryptRecipient : public AgeRecipient {
 public:
  // `work_factor` is 1 to kScryptMaxWorkFactor; under the default only in
  // tests. INVALID_ARGUMENT otherwise, or if `passphrase` is empty.
  static absl::StatusOr<ScryptRecipient> Create(
      SecretBuffer passphrase, int work_factor = kScryptDefaultWorkFactor);

  absl::StatusOr<AgeStanza> Wrap(const SecretBuffer& file_key) const override;

  // A public-key recipient beside it would let its owner forge the file in the
  // eyes of whoever trusts the passphrase.
  bool must_be_alone() const override { return true; }

 private:
  ScryptRecipient(SecretBuffer passphrase, int work_factor)
      : passphrase_(std::move(passphrase)), work_factor_(work_factor) {}

  SecretBuffer passphrase_;
  int work_factor_;
};

class ScryptIdentity : public AgeIdentity {
 public:
  // Refuses files whose work factor is over `max_work_factor`. Errors as
  // ScryptRecipient::Create.
  static absl::StatusOr<ScryptIdentity> Create(
      SecretBuffer passphrase, int max_work_factor = kScryptMaxWorkFactor);

  absl::StatusOr<absl::optional<SecretBuffer>> Unwrap(
      absl::Span<const AgeStanza> stanzas) const override;

 private:
  ScryptIdentity(SecretBuffer passphrase, int max_work_factor)
      : passphrase_(std::move(passphrase)), max_work_factor_(max_work_factor) {}

  SecretBuffer passphrase_;
  int max_work_factor_;
};

// Whether a stanza of type scrypt is well formed and costs at most
// `max_work_factor`. INVALID_ARGUMENT says what was wanted, to be put behind
// the stanza's place.
absl::Status CheckScryptStanza(const AgeStanza& stanza, int max_work_factor);

inline constexpr absl::string_view kScryptStanzaType = "scrypt";

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_SCRYPT_H_
