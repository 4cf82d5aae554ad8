// A Resealer takes a consumer's records out from under an older version of
// their key: it deletes what was erased when the version was followed by the
// next, and seals what stays under the newest, where it has other references.
// All revisions of a record go in one transaction, so that they are never told
// apart.
//
// Thread-compatible. Errors are those of Connection. After one the transaction
// must not be committed.
#ifndef SUBROSA_SRC_VAULT_RESEALER_H_
#define SUBROSA_SRC_VAULT_RESEALER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/commitment.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/record_row.h"
#include "src/vault/record_store.h"

namespace subrosa {

class Resealer {
 public:
  // `records` must outlive it.
  Resealer(absl::string_view entity, RecordStore& records)
      : entity_(entity), records_(records) {}

  // Within a transaction of the record store: deletes what of a record is
  // erased. `older` is one of `consumer`'s.
  absl::Status EraseSelected(const ConsumerHandle& consumer,
                             const OlderKey& older,
                             absl::string_view record_ref);

  // The same, and reseals what stays. A row that does not open is left, and
  // counted as lost. Harmless where there is no such record.
  absl::Status Move(const ConsumerHandle& consumer, const OlderKey& older,
                    absl::string_view record_ref);

  // What the log has to be told of all since the last call, at the end of the
  // transaction.
  absl::StatusOr<std::vector<std::string>> TakeLeaves(int32_t today);

  // By this object so far.
  int64_t erased() const { return erased_; }
  int64_t resealed() const { return resealed_; }
  int64_t lost() const { return lost_; }

 private:
  // Deletes the erased of `rows` and leaves the others in it.
  absl::Status DeleteSelected(const ConsumerHandle& consumer,
                              const OlderKey& older,
                              std::vector<RecordRow>* rows);
  absl::Status MoveRow(const ConsumerHandle& consumer, const OlderKey& older,
                       const RecordRow& row);

  const std::string entity_;
  RecordStore& records_;
  std::vector<Commitment> tombstones_;
  uint64_t repeated_ = 0;
  int64_t erased_ = 0;
  int64_t resealed_ = 0;
  int64_t lost_ = 0;
  std::string plaintext_;
};

// Whether `newest`, the newest revision of a record that stands under `older`,
// is erased and only not deleted yet.
absl::StatusOr<bool> IsErased(const ConsumerHandle& consumer,
                              const OlderKey& older, const RecordRow& newest);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RESEALER_H_
