// What a key store or a record store says of itself, a copy of one too, without
// a key: which of the two it is, of which installation, and how long a log it
// knows.
#ifndef SUBROSA_SRC_VAULT_STORE_FACTS_H_
#define SUBROSA_SRC_VAULT_STORE_FACTS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/store/connection.h"

namespace subrosa {

enum class StoreKind { kKeys, kRecords };

// "key store".
absl::string_view StoreKindName(StoreKind kind);

// All of one instant. What follows `installation` is 0 where the tables are of
// an older version, which the next opening of the home brings up to date.
struct StoreFacts {
  StoreKind kind = StoreKind::kKeys;
  int64_t version = 0;
  int64_t newest_version = 0;  // That this program knows.
  std::string installation;    // 16 bytes; the same in both stores of a home.
  uint64_t log_size = 0;       // Leaves.
  int64_t waiting = 0;         // Entries that are not in that log yet.
  int64_t issued = 0;          // Entries that there ever were.
  int64_t seen = 0;  // Of the other store's, that a waiting entry tells of.
  // Of a key store: whose it is, the epoch whose object opens it the longest,
  // and how long its backups are kept.
  std::string entity;
  uint32_t epoch = 0;
  int32_t key_backup_days = 0;

  bool is_up_to_date() const { return version == newest_version; }
};

// NOT_FOUND if `database` is neither; FAILED_PRECONDITION if a newer program
// wrote it; else errors of Connection.
absl::StatusOr<StoreFacts> ReadStoreFacts(Connection& database);

// OK if a home can be built of these two. FAILED_PRECONDITION if they are of
// different installations, or if the key store is the older: the record store
// then has records of consumers whom the key store does not know yet, and they
// would be lost.
absl::Status CheckPair(const StoreFacts& keys, const StoreFacts& records);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_STORE_FACTS_H_
