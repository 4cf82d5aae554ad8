#include "src/vault/stable_secret.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/length_prefixed.h"
#include "src/crypto/key_wrap.h"
#include "src/crypto/prf.h"

namespace subrosa {
namespace {

// Without the epoch: a rotation leaves it as it stands.
std::string ContextOf(absl::string_view entity, const KeyRef& ref) {
  return LengthPrefixed(
      {"subrosa stable secret", entity,
       absl::string_view(reinterpret_cast<const char*>(ref.id.data()),
                         ref.id.size()),
       absl::StrCat(ref.version)});
}

}  // namespace

absl::StatusOr<SecretKey> StableSecretOf(absl::string_view entity,
                                         const ConsumerHandle& consumer) {
  if (consumer.carried.empty()) {
    return DeriveKey(*consumer.key, "stable secret", {});
  }
  absl::StatusOr<SecretKey> secret = UnwrapKey(
      *consumer.key, consumer.carried, ContextOf(entity, consumer.key_ref));
  if (absl::IsInvalidArgument(secret.status())) {
    return absl::DataLossError(
        "key store: a consumer's stable secret does not open; the file was "
        "changed or damaged");
  }
  return secret;
}

absl::StatusOr<std::string> CarryStableSecret(absl::string_view entity,
                                              const SecretKey& secret,
                                              const KeyRef& next,
                                              const SecretKey& next_key) {
  return WrapKey(next_key, secret, ContextOf(entity, next));
}

}  // namespace subrosa
