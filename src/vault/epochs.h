// Epochs are what lets backups forget. Each has one object at the key provider
// and one working key; the consumers' keys and the directory are wrapped under
// it. A rotation opens the next epoch and moves everything into it; once every
// backup of the key store that was made before is past retention, the old
// epoch's object is destroyed, and with it the last way into those backups.
//
//   ENABLED        new keys are wrapped under it; one at a time
//   DECRYPT_ONLY   a rotation is moving what is left into the next
//   SCHEDULED      empty; its object goes once its backups are past retention
//   DESTROYED      its object is gone, for good
//
// A directory entry of an epoch stands in a table of its own, one for the odd
// epochs and one for the even: at most two are open, and writing a table anew
// in the order of its tokens is ten times as fast as changing each row in
// place.
//
// This class holds the keys of those that are open. Another process may rotate
// at any time: Refresh sees it.
//
// Thread-compatible. Errors are those of Connection and KeyProvider, besides
// what is said below.
#ifndef SUBROSA_SRC_VAULT_EPOCHS_H_
#define SUBROSA_SRC_VAULT_EPOCHS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/key_provider.h"
#include "src/store/connection.h"
#include "src/vault/entity_keys.h"

namespace subrosa {

enum class EpochState : uint8_t {
  kEnabled = 1,
  kDecryptOnly = 2,
  kScheduled = 3,
  kDestroyed = 4,
};

// The table that holds the directory entries of `epoch`.
absl::string_view DirectoryTable(uint32_t epoch);

// "ENABLED".
absl::string_view EpochStateName(EpochState state);

// An epoch as the key store has it. Days count from 1970-01-01.
struct EpochRow {
  uint32_t epoch = 0;
  EpochState state = EpochState::kEnabled;
  int32_t opened_day = 0;
  // Not before this day may its object be destroyed; or it was on this day.
  // 0 until it is scheduled.
  int32_t destroy_day = 0;
  // The last row of its directory that a rotation has moved into the next.
  int64_t moved_row = 0;
  // The same of the entries of its blind indexes.
  int64_t moved_index_row = 0;
  std::string working_key;  // Sealed by its object; empty once destroyed.
  WrappedEntityKeys wrapped;
};

class Epochs {
 public:
  // Opens the epochs of `entity`, which stands under `entity_number`.
  // `database` and `provider` must outlive this object. DATA_LOSS if none is
  // open, or one that should be does not open with this keyring;
  // FAILED_PRECONDITION if the provider has not its object: this key store is
  // an older copy, and closed for good, or the provider's is; the message says
  // which.
  static absl::StatusOr<std::unique_ptr<Epochs>> Open(Connection& database,
                                                      KeyProvider& provider,
                                                      absl::string_view entity,
                                                      int64_t entity_number);

  // Sees what other processes changed; true if there was anything. Errors as
  // Open. Keys of epochs that stay open stay where they are.
  absl::StatusOr<bool> Refresh();

  // The keys of the enabled epoch.
  const EntityKeys& enabled() const { return open_.rbegin()->second; }
  // Those of `epoch`, if it is enabled or a rotation is still moving out of it;
  // else null.
  const EntityKeys* Find(uint32_t epoch) const;
  // The open ones, the newest first.
  std::vector<const EntityKeys*> NewestFirst() const;

  // Upwards. ReadRow: DATA_LOSS if there is no such epoch.
  absl::StatusOr<std::vector<EpochRow>> ReadRows();
  absl::StatusOr<EpochRow> ReadRow(uint32_t epoch);
  // Within a transaction.
  absl::Status Insert(const EpochRow& row);
  absl::Status Update(uint32_t epoch, EpochState state, int32_t destroy_day);
  absl::Status SetMovedRow(uint32_t epoch, int64_t row);
  absl::Status SetMovedIndexRow(uint32_t epoch, int64_t row);
  // The row's state, and nothing of its keys left.
  absl::Status Forget(uint32_t epoch, int32_t today);

 private:
  Epochs(Connection& database, KeyProvider& provider, absl::string_view entity,
         int64_t entity_number)
      : database_(database),
        provider_(provider),
        entity_(entity),
        entity_number_(entity_number) {}

  absl::Status SetColumn(absl::string_view column, uint32_t epoch,
                         int64_t value);
  absl::StatusOr<EntityKeys> OpenKeys(const EpochRow& row);
  // Why `epoch` does not open: FAILED_PRECONDITION.
  absl::Status MissingObject(uint32_t epoch);

  Connection& database_;
  KeyProvider& provider_;
  const std::string entity_;
  const int64_t entity_number_;
  std::unique_ptr<Statement> read_mark_;
  int64_t mark_ = -1;  // Changes with every change of the rows.
  std::map<uint32_t, EntityKeys> open_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_EPOCHS_H_
