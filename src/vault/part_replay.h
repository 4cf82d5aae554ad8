// What a restore does again of erased parts. A copy of the key store that is
// older than the destruction of a version has that version back; a copy of the
// record store has rows back that were erased since. Both are recognised by
// their tombstones in the log.
//
// A version that came back with a newer one beside it is destroyed again. Where
// it is the newest, the copy knows of no other that what stays could have been
// resealed under: the rows are erased again and the key is renewed, so that the
// version goes in its time.
//
// Thread-compatible. Errors are those of Connection, and DATA_LOSS if a key
// does not open.
#ifndef SUBROSA_SRC_VAULT_PART_REPLAY_H_
#define SUBROSA_SRC_VAULT_PART_REPLAY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/crypto/commitment.h"
#include "src/crypto/envelope.h"
#include "src/vault/entity_keys.h"
#include "src/vault/key_tables.h"
#include "src/vault/record_row.h"
#include "src/vault/record_store.h"
#include "src/vault/tombstones.h"

namespace subrosa {

struct PartReplay {
  std::vector<RowPlace> rows;              // To be erased again,
  std::vector<Commitment> tombstones;      // and the tombstone of each.
  std::vector<DirectoryPointer> to_renew;  // Whose keys are renewed.
  std::vector<KeyRef> to_destroy;          // Oldest first.
};

// Looks for what `of_rows` and `of_keys` name, from the log's leaves since the
// copies. Opens every consumer's key and reads all rows if there is any.
absl::StatusOr<PartReplay> FindErasedParts(const KeyTables& tables,
                                           RecordStore& records,
                                           const TombstoneSet& of_rows,
                                           const TombstoneSet& of_keys);

// Within a transaction of the key store that has seen the present epochs.
// Consumers who were erased meanwhile are left out.
absl::Status ReplayOnKeys(const KeyTables& tables, const PartReplay& replay,
                          int32_t today);

// Within a transaction of the record store. Appends the leaves to `entries`.
absl::Status ReplayOnRecords(RecordStore& records, const PartReplay& replay,
                             int32_t today, std::vector<std::string>* entries);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_PART_REPLAY_H_
