// Whether the entries of blind indexes fit the rest of a key store: each opens,
// stands where it is looked for, belongs to an index, and leads to a consumer
// who has a key. An entry that leads to nobody would say of an erased consumer
// what value they had.
//
// Cost: some microseconds an entry. Memory does not grow with their number.
//
// Thread-safe: no state. Works on all processors.
#ifndef SUBROSA_SRC_VAULT_INDEX_CHECK_H_
#define SUBROSA_SRC_VAULT_INDEX_CHECK_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "src/vault/key_tables.h"

namespace subrosa {

struct IndexCheck {
  int64_t entries = 0;  // Looked at; one that a rotation copied counts twice.
  // Of those, or where no open epoch has its entries.
  int64_t do_not_open = 0;
  int64_t misplaced = 0;
  int64_t without_key = 0;
  int64_t under_closed = 0;
};

// Within a transaction that has seen the present epochs. Errors are those of
// Connection.
absl::StatusOr<IndexCheck> CheckBlindEntries(const KeyTables& tables);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_INDEX_CHECK_H_
