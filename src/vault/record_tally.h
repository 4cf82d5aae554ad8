// What the record store holds, counted, beside what it has told the log: who
// checks a log compares the two (src/audit/log_audit.h).
#ifndef SUBROSA_SRC_VAULT_RECORD_TALLY_H_
#define SUBROSA_SRC_VAULT_RECORD_TALLY_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "src/store/connection.h"

namespace subrosa {

// All of one instant.
struct RecordTally {
  int64_t rows = 0;  // Old revisions included.
  // By how many rows the store grew with the entries that the log lacks, and
  // how many leaves it has that tell of all others.
  int64_t rows_waiting = 0;
  uint64_t log_size = 0;
};

// Counts in `database`, a record store's, which needs no key. DATA_LOSS if an
// entry that waits is no leaf; else errors of Connection.
absl::StatusOr<RecordTally> CountRecords(Connection& database);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RECORD_TALLY_H_
