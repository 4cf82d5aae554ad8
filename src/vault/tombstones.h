// Tombstones recognise a key that was destroyed and came back with a restored
// copy of the key store: each is a tag in the log, a PRF under that key. Nobody
// else's key makes it, and without the key it says nothing.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_VAULT_TOMBSTONES_H_
#define SUBROSA_SRC_VAULT_TOMBSTONES_H_

#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "src/crypto/commitment.h"
#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"
#include "src/vault/entity_keys.h"
#include "src/vault/key_tables.h"

namespace subrosa {

using TombstoneSet = absl::flat_hash_set<Commitment>;

// The tag that the destruction of `key`, of the version in `ref`, leaves in the
// log.
Commitment TombstoneOf(const SecretKey& key, const KeyRef& ref);

// The entries of consumers one of whose keys a tombstone names. Opens every key
// and, if there is such a one, every entry; errors as KeyTables' visits.
absl::StatusOr<std::vector<DirectoryPointer>> FindRevived(
    const KeyTables& tables, const TombstoneSet& tombstones);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_TOMBSTONES_H_
