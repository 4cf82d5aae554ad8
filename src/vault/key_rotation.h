// Rotation of a key store: opens the next epoch, moves every consumer's key,
// directory entry and index entries into it, and later destroys the old epoch's
// object. Readers
// and writers go on meanwhile, in this process and in others; a kill at any
// moment leaves a rotation that the next call takes up.
//
// Cost: some microseconds a consumer; memory does not grow with their number.
//
// Thread-compatible. Errors are those of Connection and KeyProvider, besides
// what is said below.
#ifndef SUBROSA_SRC_VAULT_KEY_ROTATION_H_
#define SUBROSA_SRC_VAULT_KEY_ROTATION_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/crypto/key_provider.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"
#include "src/vault/epochs.h"

namespace subrosa {

// What a rotation did.
struct RotationResult {
  uint32_t from_epoch = 0;
  uint32_t to_epoch = 0;
  int64_t consumer_keys = 0;      // Moved by this call.
  int64_t directory_entries = 0;  // Moved by this call.
  int64_t index_entries = 0;      // Moved by this call.
  // The first day on which the old epoch may be destroyed.
  int32_t destroy_day = 0;
};

// An epoch whose object is gone.
struct RetiredEpoch {
  uint32_t epoch = 0;
  DestructionEvidence evidence;
};

class KeyRotation {
 public:
  // What it works on must outlive it. `entity_number` is the entity's in the
  // tables.
  KeyRotation(Connection& database, KeyProvider& provider, Epochs& epochs,
              Outbox& outbox, const Clock& clock, int64_t entity_number)
      : database_(database),
        provider_(provider),
        epochs_(epochs),
        outbox_(outbox),
        clock_(clock),
        entity_number_(entity_number) {}

  // Rotates into a new epoch, or goes on with a rotation that was interrupted,
  // or that another process is at. `on_progress`, which may be null, is told
  // how many rows this call has moved so far. When it returns OK, nothing is
  // wrapped under the old epoch any more, and the journal is empty.
  //
  // UNAVAILABLE after all is moved if the journal could not be emptied for ten
  // seconds, because someone reads.
  absl::StatusOr<RotationResult> Rotate(
      const std::function<void(int64_t rows)>& on_progress);

  // The epochs that Retire would destroy now.
  absl::StatusOr<std::vector<EpochRow>> FindDue();

  // Destroys the objects of scheduled epochs whose day has come, and leaves the
  // evidence in the log. So are the objects of destroyed epochs that are there
  // again, because an older copy of what the provider keeps was put back. Empty
  // if there is none.
  //
  // DATA_LOSS if something is still wrapped under a scheduled epoch: it is then
  // left alone.
  absl::StatusOr<std::vector<RetiredEpoch>> Retire();

 private:
  absl::Status Begin();
  // Moves what stands under `from` now, and adds to what `result` says.
  absl::Status MoveAll(const EntityKeys& from,
                       const std::function<void(int64_t)>& on_progress,
                       RotationResult* result);
  // Within a transaction, both.
  absl::Status ScheduleOrphan(uint32_t epoch);
  absl::Status TellOpened(const EpochRow& row);
  // Schedules `epoch`, if nothing is left in it.
  absl::Status Finish(uint32_t epoch);
  absl::StatusOr<int64_t> CountKeysUnder(uint32_t epoch);
  // Whether nothing stands in `table` behind `moved_row`.
  absl::StatusOr<bool> IsMoved(absl::string_view table, int64_t moved_row);
  // What is left there of an old epoch.
  absl::Status Empty(absl::string_view table);
  // Within a transaction. NOT_FOUND if another process was faster.
  absl::StatusOr<RetiredEpoch> Destroy(const EpochRow& row);

  Connection& database_;
  KeyProvider& provider_;
  Epochs& epochs_;
  Outbox& outbox_;
  const Clock& clock_;
  const int64_t entity_number_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_ROTATION_H_
