#include "src/vault/stable_secret.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/length_prefixed.h"
#include "src/crypto/key_wrap.h"
#include "src/crypto/prf.h"

namespace subrosa {
namespace {

// Of a consumer's key: the one that derives the secret.
constexpr uint32_t kFirstVersion = 1;

// Without the epoch: a rotation leaves it as it stands.
std::string ContextOf(absl::string_view entity, const KeyRef& ref) {
  return LengthPrefixed(
      {"subrosa stable secret", entity,
       absl::string_view(reinterpret_cast<const char*>(ref.id.data()),
                         ref.id.size()),
       absl::StrCat(ref.version)});
}

absl::Status DoesNotOpen() {
  return absl::DataLossError(
      "key store: a consumer's stable secret does not open; the file was "
      "changed or damaged");
}

}  // namespace

absl::StatusOr<SecretKey> StableSecretOf(absl::string_view entity,
                                         const ConsumerHandle& consumer) {
  return StableSecretOf(entity, consumer.key_ref, *consumer.key,
                        consumer.carried);
}

absl::StatusOr<SecretKey> StableSecretOf(absl::string_view entity,
                                         const KeyRef& ref,
                                         const SecretKey& key,
                                         absl::string_view carried) {
  const bool derives = ref.version == kFirstVersion;
  if (derives && carried.empty()) return DeriveKey(key, "stable secret", {});
  // A later version that carries nothing would give another secret, and nobody
  // would know the consumer's tombstone and choices any more.
  if (derives || carried.empty()) return DoesNotOpen();
  absl::StatusOr<SecretKey> secret =
      UnwrapKey(key, carried, ContextOf(entity, ref));
  if (absl::IsInvalidArgument(secret.status())) return DoesNotOpen();
  return secret;
}

absl::StatusOr<std::string> CarryStableSecret(absl::string_view entity,
                                              const SecretKey& secret,
                                              const KeyRef& next,
                                              const SecretKey& next_key) {
  return WrapKey(next_key, secret, ContextOf(entity, next));
}

}  // namespace subrosa
