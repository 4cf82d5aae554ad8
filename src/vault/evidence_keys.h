// EvidenceKeys are the keys of what outlives an erasure (evidence_store.h): one
// random key for each year of expiry, in the key store, wrapped under the
// epoch's working key. When the year is over its key is destroyed, and all that
// was kept until then with it.
//
// A key is derived from nothing and found by its year alone, so whoever has the
// record store without this key can neither read what is kept nor tell whose it
// is.
//
// Thread-compatible. Errors are those of Connection, besides what is said
// below.
#ifndef SUBROSA_SRC_VAULT_EVIDENCE_KEYS_H_
#define SUBROSA_SRC_VAULT_EVIDENCE_KEYS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/entity_keys.h"
#include "src/vault/key_tables.h"

namespace subrosa {

// What a check of the evidence keys found (key_check.h).
struct EvidenceKeyCheck {
  int64_t keys = 0;  // Looked at.
  int64_t do_not_open = 0;
  int64_t under_closed = 0;  // Whose epoch is not open.
};

class EvidenceKeys {
 public:
  // What `tables` refers to must outlive it.
  explicit EvidenceKeys(const KeyTables& tables) : tables_(tables) {}

  // The key of `year`. NOT_FOUND if there is none, or none any more; DATA_LOSS
  // if it does not open.
  absl::StatusOr<SecretKey> Find(int32_t year);

  // The same, and makes one if there is none. No transaction is open.
  absl::StatusOr<SecretKey> FindOrCreate(int32_t year);

  // The years that have a key, upwards.
  absl::StatusOr<std::vector<int32_t>> ListYears();

  // Destroys the key of `year`, within a transaction; false if there was none.
  // It is gone for good once the journal is empty (Connection::FlushJournal).
  absl::StatusOr<bool> Destroy(int32_t year);

  // Looks at every key, within a transaction that has seen the present epochs.
  absl::StatusOr<EvidenceKeyCheck> Check();

 private:
  // A key that was opened, and the bytes that it came from: it is used again
  // only while these stand in its row.
  struct Opened {
    std::string wrapped;
    SecretKey key;
  };

  KeyTables tables_;
  std::map<int32_t, Opened> opened_;
};

// Wraps anew what is under `from`, for `to`, in a transaction of its own: a few
// keys, however many consumers there are.
absl::Status MoveEvidenceKeys(Connection& database, int64_t entity_number,
                              const EntityKeys& from, const EntityKeys& to);

// How many are wrapped under `epoch`.
absl::StatusOr<int64_t> CountEvidenceKeysUnder(Connection& database,
                                               int64_t entity_number,
                                               uint32_t epoch);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_EVIDENCE_KEYS_H_
