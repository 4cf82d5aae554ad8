// Tombstones recognise what was destroyed and came back with a restored copy of
// a store: each is a tag in the log, a PRF under the consumer's key or stable
// secret. Nobody else's makes it, and without them it says nothing.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_VAULT_TOMBSTONES_H_
#define SUBROSA_SRC_VAULT_TOMBSTONES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/crypto/commitment.h"
#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"
#include "src/vault/entity_keys.h"
#include "src/vault/key_tables.h"
#include "src/vault/record_row.h"

namespace subrosa {

using TombstoneSet = absl::flat_hash_set<Commitment>;

// The tag that a consumer's erasure leaves in the log: under their stable
// secret, so that it recognises any version of their key.
Commitment TombstoneOf(const SecretKey& stable_secret);

// The tag that the destruction of `key` alone leaves, of the version in `ref`.
Commitment KeyTombstoneOf(const SecretKey& key, const KeyRef& ref);

// The tag that the erasure of a row leaves, which stood under `key`.
Commitment RowTombstoneOf(const SecretKey& key, const RowPlace& place);

// The leaves, dated `today`, that say that the rows were erased which left
// `row_tombstones`.
absl::StatusOr<std::vector<std::string>> ErasedRowsLeaves(
    absl::Span<const Commitment> row_tombstones, int32_t today);

// The entries of consumers whom a tombstone names. Opens every key
// and, if there is such a one, every entry; errors as KeyTables' visits.
absl::StatusOr<std::vector<DirectoryPointer>> FindRevived(
    const KeyTables& tables, const TombstoneSet& tombstones);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_TOMBSTONES_H_
