// Rotation of a key store: opens the next epoch, moves every consumer's key and
// directory entry into it, and later destroys the old epoch's object. Readers
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
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/base/clock.h"
#include "src/crypto/envelope.h"
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
  // The first day on which the old epoch may be destroyed.
  int32_t destroy_day = 0;
};

// An epoch whose object is gone.
struct RetiredEpoch {
  uint32_t epoch = 0;
  DestructionEvidence evidence;
};

// A row on its way from one epoch to the next: as it was read, then as it will
// stand.
struct MovedRow {
  int64_t row = 0;
  std::string token;  // Of a directory entry.
  KeyRef key;         // Of a consumer's key.
  std::string sealed;
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

  // Rotates into a new epoch, or goes on with a rotation that was interrupted.
  // `on_progress` is told how many rows were moved so far. When it returns OK,
  // nothing is wrapped under the old epoch any more, and its journal is empty.
  absl::StatusOr<RotationResult> Rotate(
      const std::function<void(int64_t rows)>& on_progress);

  // Destroys the objects of scheduled epochs whose day has come, and leaves the
  // evidence in the log. Empty if there is none.
  absl::StatusOr<std::vector<RetiredEpoch>> Retire();

 private:
  absl::StatusOr<uint32_t> Begin();
  absl::Status DestroyOrphan(uint32_t epoch);
  absl::Status MoveConsumerKeys(const EntityKeys& from, const EntityKeys& to,
                                const std::function<void(int64_t)>& on_progress,
                                RotationResult* result);
  absl::Status MoveDirectory(const EntityKeys& from, const EntityKeys& to,
                             const std::function<void(int64_t)>& on_progress,
                             RotationResult* result);
  // The next rows after row `after`, as they will stand.
  absl::StatusOr<std::vector<MovedRow>> ReadConsumerKeys(const EntityKeys& from,
                                                         const EntityKeys& to,
                                                         int64_t after);
  absl::StatusOr<std::vector<MovedRow>> ReadDirectory(const EntityKeys& from,
                                                      const EntityKeys& to,
                                                      int64_t after);
  absl::Status InsertMoved(uint32_t epoch, absl::Span<const MovedRow> rows,
                           RotationResult* result);
  // False if there is more to move.
  absl::StatusOr<bool> Finish(RotationResult* result);
  absl::StatusOr<int64_t> ReadNumber(absl::string_view sql, int64_t parameter);
  absl::StatusOr<int64_t> ReadErasures();
  absl::StatusOr<int64_t> ReadMovedRow(uint32_t epoch);

  Connection& database_;
  KeyProvider& provider_;
  Epochs& epochs_;
  Outbox& outbox_;
  const Clock& clock_;
  const int64_t entity_number_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_ROTATION_H_
