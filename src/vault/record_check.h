// Opens every row of a record store with its consumer's key, and keeps nothing
// of it: whether each is as it was sealed, in its place, with the clear columns
// that it was sealed with. What SQLite cannot see, this does: a changed byte.
//
// Others go on reading and writing. Rows of a consumer who is erased meanwhile
// may be left out.
//
// Cost: some microseconds a row, and one search for each consumer. Memory does
// not grow with their number.
#ifndef SUBROSA_SRC_VAULT_RECORD_CHECK_H_
#define SUBROSA_SRC_VAULT_RECORD_CHECK_H_

#include <cstdint>
#include <functional>

#include "absl/status/statusor.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {

struct RecordCheck {
  int64_t consumers = 0;  // Whom the directory has.
  int64_t rows = 0;       // Theirs, old revisions included.
  int64_t lost = 0;       // Of those, that do not open.
};

// `keys` and `records` are a pair and need not be of one day, and may be copies
// that are opened for reading alone. Rows that nobody in `keys` has are not
// looked at (see orphans.h). `on_progress`, which may be null, is told now and
// then how many rows were opened.
//
// DATA_LOSS if a directory entry or a consumer's key does not open, or the
// record store is damaged beyond single rows; else errors of the stores.
absl::StatusOr<RecordCheck> CheckRecords(
    KeyStore& keys, RecordStore& records,
    const std::function<void(int64_t rows)>& on_progress);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RECORD_CHECK_H_
