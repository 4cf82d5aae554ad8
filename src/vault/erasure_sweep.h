// An ErasureSweep deletes the rows of consumers whose keys are destroyed, some
// at a time, so that others get in between. Nobody can open those rows; what
// the sweep is for is that they do not stay.
//
// Thread-compatible. Errors are those of Connection. After one, or a kill,
// another sweep goes on.
#ifndef SUBROSA_SRC_VAULT_ERASURE_SWEEP_H_
#define SUBROSA_SRC_VAULT_ERASURE_SWEEP_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {

class ErasureSweep {
 public:
  // Of all whose keys are destroyed. What it works on must outlive it.
  ErasureSweep(KeyStore& keys, RecordStore& records, const Clock& clock)
      : keys_(keys), records_(records), clock_(clock) {}
  // Of one of them.
  ErasureSweep(KeyStore& keys, RecordStore& records, const Clock& clock,
               const DestroyedKey& destroyed)
      : keys_(keys),
        records_(records),
        clock_(clock),
        is_of_one_(true),
        due_(destroyed.data_refs) {}

  struct Step {
    int64_t rows = 0;      // Deleted by this call.
    bool is_done = false;  // No rows stand that are due.
  };

  // Deletes at most `limit` rows, in one transaction that leaves an entry for
  // the log.
  absl::StatusOr<Step> Next(int64_t limit);

  // Deletes all, and returns how many there were.
  absl::StatusOr<int64_t> Finish();

 private:
  // The references under which rows stand that are due.
  absl::StatusOr<std::vector<std::string>> FindDue();
  // Empties the record store's journal, unless a reader that is under way keeps
  // it: what it holds of deleted rows opens with no key.
  absl::Status FlushDeletedRows();

  KeyStore& keys_;
  RecordStore& records_;
  const Clock& clock_;
  const bool is_of_one_ = false;
  std::vector<std::string> due_;  // Rows may stand under these.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_ERASURE_SWEEP_H_
