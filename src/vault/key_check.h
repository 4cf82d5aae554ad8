// A KeyCheck goes through a key store and says whether all of it fits together:
// every consumer's key and every key of evidence opens, every directory entry
// opens and leads to a key, no key is without an entry, the entries of blind
// indexes open and lead to keys, and the key provider has the epochs' objects,
// neither fewer nor more. What it finds is counted and put into words; no
// finding names anyone.
//
// Others go on reading and writing. The check is of one instant, and until it
// is done the journal cannot be emptied: an erasure that is made meanwhile
// waits up to ten seconds for it.
//
// Cost: some microseconds a consumer; where entries and keys do not fit, some
// more. Memory does not grow with their number.
//
// Thread-compatible; works on all processors. Errors are those of Connection
// and KeyProvider: what is wrong with the store is a finding, not an error.
#ifndef SUBROSA_SRC_VAULT_KEY_CHECK_H_
#define SUBROSA_SRC_VAULT_KEY_CHECK_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "src/crypto/key_provider.h"
#include "src/vault/key_fault.h"
#include "src/vault/key_tables.h"

namespace subrosa {

struct KeyFinding {
  KeyFault fault;
  int64_t count = 0;
};

struct KeyCheck {
  int64_t consumer_keys = 0;      // Looked at.
  int64_t directory_entries = 0;  // Looked at.
  int64_t index_entries = 0;      // Looked at.
  int64_t evidence_keys = 0;      // Looked at.
  int64_t epochs = 0;
  std::vector<KeyFinding> findings;  // In the order above; none is zero.

  bool ok() const { return findings.empty(); }
};

// `progress`, which may be null, is told how many keys and entries were looked
// at so far.
absl::StatusOr<KeyCheck> CheckKeys(
    const KeyTables& tables, KeyProvider& provider,
    const std::function<void(int64_t)>& progress);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_CHECK_H_
