// Orphans are rows of the record store that lead to no consumer: the key store
// has nobody with their data_ref, so nothing opens them. They come back with an
// older copy of the record store, whose consumers were erased since; or they
// are left where an erasure was stopped (Vault::FinishErasures, which knows
// whose they are, deletes those first).
//
// The directory leads from account ids to data_refs and not back. So the search
// reads data_refs of the record store in their order, some millions at a time,
// then opens every directory entry and marks those that it has seen. What stays
// unmarked is nobody's.
//
// Nobody who is being taken in meanwhile is touched: a consumer's entry is
// committed before their first row, and the entries are read after the rows,
// all as of one instant. So whoever has rows that were seen has an entry that
// is seen, unless they were erased in between; and a data_ref is random and
// never given again. What an entry leads to is left alone even if its key is
// gone: that is damage, for CheckKeys to tell.
//
// To be called only where it is known that the key store is no older copy: it
// would lack those who were taken in since, and their records would be deleted.
//
// Cost: one search in an index for each consumer who has rows, and one or two
// microseconds for each directory entry, once for every kOrphanRefsAtOnce
// consumers. Memory: 17 bytes for each data_ref that is searched for at one
// time, at most 34 MB. While entries are read, seconds for a million, the key
// store's journal cannot be emptied.
#ifndef SUBROSA_SRC_VAULT_ORPHANS_H_
#define SUBROSA_SRC_VAULT_ORPHANS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {

inline constexpr size_t kOrphanRefsAtOnce = 2000000;

struct OrphanCount {
  int64_t consumers = 0;  // data_refs that nobody has,
  int64_t rows = 0;       // and the rows under them, old revisions included.
};

// Counts; changes nothing. DATA_LOSS if a directory entry does not open; else
// errors of the stores. `refs_at_once` bounds the memory.
absl::StatusOr<OrphanCount> CountOrphans(
    KeyStore& keys, RecordStore& records,
    size_t refs_at_once = kOrphanRefsAtOnce);

// Deletes them, in transactions of a few thousand rows that each leave an entry
// dated `today` in the record store's outbox, and empties that store's journal
// unless someone reads. After an error, or a kill, part of them may be gone.
absl::StatusOr<OrphanCount> SweepOrphans(
    KeyStore& keys, RecordStore& records, int32_t today,
    size_t refs_at_once = kOrphanRefsAtOnce);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_ORPHANS_H_
