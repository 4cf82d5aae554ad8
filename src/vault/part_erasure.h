// Erasing a part of what is held of a consumer, and renewing a consumer's key:
// the next version of the key is made, what is selected is deleted, what stays
// is resealed, and the version before is destroyed once it may be. Then an
// older copy of the record store gives of that consumer neither what was erased
// nor, by its clear columns, that there was anything.
//
// Each step is taken up again where it was stopped, by any process: what there
// is to do stands in the key store, sealed under the consumer's key.
//
// A version is destroyed no earlier than the key store's backups are kept,
// after its last record was resealed: until then a copy of the record store
// from before the resealing can be put back and loses nothing.
//
// Cost: some ten microseconds a record that is resealed, in transactions of
// about a thousand. Memory does not grow with their number.
//
// Thread-compatible. Errors are those of Connection and KeyProvider, besides
// what is said below.
#ifndef SUBROSA_SRC_VAULT_PART_ERASURE_H_
#define SUBROSA_SRC_VAULT_PART_ERASURE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/crypto/envelope.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/key_store.h"
#include "src/vault/part_selection.h"
#include "src/vault/record_store.h"
#include "src/vault/resealer.h"

namespace subrosa {

// What was done of it by one call.
struct Resealing {
  int64_t erased = 0;    // Rows deleted, old revisions included.
  int64_t resealed = 0;  // Rows sealed under the newest version.
  // Rows that do not open. They keep their version from being destroyed.
  int64_t lost = 0;
  bool is_done = true;  // Nothing is left to do but to wait.
};

// What is selected of a consumer's, old revisions included.
struct SelectedPart {
  int64_t rows = 0;
  uint32_t categories = 0;  // Of any row: bit N stands for HealthCategory N.
  bool has_uncategorized = false;  // A row of no category of health data.
  // Of collection, since 1970-01-01 in UTC; 0 if there are no rows.
  int32_t first_day = 0;
  int32_t last_day = 0;
};

class PartErasure {
 public:
  // What it works on must outlive it.
  PartErasure(KeyStore& keys, RecordStore& records, const Clock& clock)
      : keys_(keys), records_(records), clock_(clock) {}

  // Makes the next version of `consumer`'s key and deletes what is selected,
  // durably: `erased` rows. What stays is left for Continue. NOT_FOUND if there
  // is no such consumer; INVALID_ARGUMENT as CheckSelection. After any other
  // error the erasure may be under way, and FinishDeletions goes on.
  absl::StatusOr<Resealing> Begin(absl::string_view consumer,
                                  const PartSelection& selection);

  // What Begin would delete. NOT_FOUND and INVALID_ARGUMENT as Begin.
  absl::StatusOr<SelectedPart> ReadSelected(absl::string_view consumer,
                                            const PartSelection& selection);

  // Deletes what interrupted calls of Begin left.
  absl::Status FinishDeletions();

  // Reseals what stands under older versions, about `budget_rows` rows of it,
  // and lets those that nothing is left of wait for their day.
  absl::StatusOr<Resealing> Continue(int64_t budget_rows);

  // Destroys the versions whose day has come, and returns how many there were.
  absl::StatusOr<int64_t> DestroyDue();

 private:
  // Deletes what is selected of a consumer's, of all older versions.
  absl::StatusOr<int64_t> DeleteSelected(const ConsumerHandle& consumer);
  absl::StatusOr<int64_t> DeleteSelectedUnder(const ConsumerHandle& consumer,
                                              const OlderKey& older);
  // Reseals what stands under `ref`, up to the budget, which it lessens. True
  // if nothing is left under it.
  absl::StatusOr<bool> Reseal(const KeyRef& ref, int64_t* budget_rows,
                              Resealing* done);
  absl::Status Schedule(const RetiringKey& key);
  absl::StatusOr<bool> IsEmpty(const RetiringKey& key);
  absl::StatusOr<std::unique_ptr<ConsumerHandle>> Find(const KeyId& id);
  absl::Status Commit(Transaction transaction, int64_t keys_seen,
                      Resealer* resealer);

  KeyStore& keys_;
  RecordStore& records_;
  const Clock& clock_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_PART_ERASURE_H_
