#include "src/crypto/commitment.h"

#include <sodium.h>

#include "src/base/status_macros.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {

Opening DeriveOpening(const SecretKey& owner, absl::string_view tag) {
  return Prf(owner, "leaf opening", {tag});
}

absl::StatusOr<Commitment> Commit(const Opening& opening, PrfLabel label,
                                  absl::Span<const absl::string_view> parts) {
  SUBROSA_ASSIGN_OR_RETURN(
      const SecretKey key,
      SecretKey::FromBytes(opening, UnsafeSecretAccess::Get()));
  return Prf(key, label, parts);
}

absl::Status VerifyCommitment(const Commitment& commitment,
                              const Opening& opening, PrfLabel label,
                              absl::Span<const absl::string_view> parts) {
  SUBROSA_ASSIGN_OR_RETURN(const Commitment made,
                           Commit(opening, label, parts));
  if (sodium_memcmp(made.data(), commitment.data(), made.size()) != 0) {
    return absl::PermissionDeniedError(
        "commitment: want one that this opening and value make, got another");
  }
  return absl::OkStatus();
}

}  // namespace subrosa
