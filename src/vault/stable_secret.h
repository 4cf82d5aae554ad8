// A consumer's stable secret is what names and tags are derived from that must
// outlive a version of their key: pseudonyms that recipients know, tags on
// choices. It is the same under every version, and dies with the last.
//
// The first version derives it. Each later one carries it along, wrapped under
// that version's key, so that it is had without the versions before.
//
// Thread-safe: no state.
//
// Security: the first version's key yields the secret, and the secret does not
// yield a key: whoever has it opens no record.
#ifndef SUBROSA_SRC_VAULT_STABLE_SECRET_H_
#define SUBROSA_SRC_VAULT_STABLE_SECRET_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"
#include "src/vault/consumer_handle.h"

namespace subrosa {

// DATA_LOSS if what the key's version carries does not open: it was changed, or
// stood with another version, consumer or entity; or if a later version carries
// nothing, or the first carries something. RESOURCE_EXHAUSTED as
// SecretKey::Random.
absl::StatusOr<SecretKey> StableSecretOf(absl::string_view entity,
                                         const ConsumerHandle& consumer);
// The same for a version of a key by itself, with what it carries.
absl::StatusOr<SecretKey> StableSecretOf(absl::string_view entity,
                                         const KeyRef& ref,
                                         const SecretKey& key,
                                         absl::string_view carried);

// What the version `next` of a consumer's key, which is `next_key`, carries of
// their stable `secret`: bytes to keep beside that key.
absl::StatusOr<std::string> CarryStableSecret(absl::string_view entity,
                                              const SecretKey& secret,
                                              const KeyRef& next,
                                              const SecretKey& next_key);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_STABLE_SECRET_H_
