// Commitments: hide a value now, bind it for later proof. What is published is
// 32 bytes; whoever later gets the opening and the value can check that they
// belong to them.
//
// An opening is derived from a key that its owner can destroy: once the key is
// gone and no opening was given away, what was committed to can be confirmed by
// nobody, not even by trying every likely value.
//
// Thread-safe.
//
// Security: hiding as long as the opening is secret (keyed BLAKE2b as a PRF);
// binding as long as keyed BLAKE2b-256 has no collisions over key and message
// (docs/formats/envelope.md, "Derivation").
#ifndef SUBROSA_SRC_CRYPTO_COMMITMENT_H_
#define SUBROSA_SRC_CRYPTO_COMMITMENT_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/crypto/prf.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

using Opening = std::array<uint8_t, kSecretKeyBytes>;
using Commitment = std::array<uint8_t, kPrfBytes>;

// The opening of `owner`'s commitments that carry `tag`, 16 random bytes.
Opening DeriveOpening(const SecretKey& owner, absl::string_view tag);

// Commits to `parts` for the use that `label` names.
//
// Returns RESOURCE_EXHAUSTED as SecretKey::Random does.
absl::StatusOr<Commitment> Commit(const Opening& opening, PrfLabel label,
                                  absl::Span<const absl::string_view> parts);

// Returns OK if `commitment` is the one to `parts`; PERMISSION_DENIED if not;
// errors as Commit.
absl::Status VerifyCommitment(const Commitment& commitment,
                              const Opening& opening, PrfLabel label,
                              absl::Span<const absl::string_view> parts);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_COMMITMENT_H_
