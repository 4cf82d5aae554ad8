// KeyCustody is the officer's side of a key store: which epochs it has and what
// they mean for erasures, rotating into the next, destroying what is due, that
// all of it fits together, and how long its backups are kept.
//
// Thread-compatible, and so is the vault that it belongs to. Errors are those
// of Connection and KeyProvider, besides what is said below.
#ifndef SUBROSA_SRC_VAULT_KEY_CUSTODY_H_
#define SUBROSA_SRC_VAULT_KEY_CUSTODY_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/crypto/key_provider.h"
#include "src/vault/epoch_outlook.h"
#include "src/vault/epochs.h"
#include "src/vault/key_check.h"
#include "src/vault/key_rotation.h"
#include "src/vault/key_store.h"

namespace subrosa {

// Days count from 1970-01-01.
struct EpochStatus {
  uint32_t epoch = 0;
  EpochState state = EpochState::kEnabled;
  int32_t opened_day = 0;
  int32_t destroy_day = 0;  // As in EpochRow.
  int64_t consumers = 0;    // Whose keys are wrapped under it.
  bool is_due = false;      // KeyCustody::Retire would destroy its object.
  EpochOutlook outlook;
};

// Versions of consumers' keys that others followed (part_erasure.h).
struct KeyVersionStatus {
  int64_t resealing = 0;  // Records stand under them still.
  int64_t waiting = 0;    // To be destroyed on their day,
  int64_t due = 0;        // or now: PartErasure::DestroyDue would.
  int32_t next_day = 0;   // The first of these days; 0 if there is none.
};

// What an erasure of a part comes to that is made today.
struct PartOutlook {
  // The first day on which the key before may be destroyed.
  int32_t destroy_day = 0;
  // It holds in every backup of the key store too from this day on, if the keys
  // are rotated on that day, after it.
  int32_t holds_from = 0;
};

struct KeyStatus {
  int32_t key_backup_days = 0;
  std::vector<EpochStatus> epochs;  // Upwards; never empty.
  // The years of expiry that have a key of evidence, upwards.
  std::vector<int32_t> evidence_years;
  // From this day on an erasure made now would hold in every backup, if the
  // keys were rotated after it today.
  int32_t holds_from_if_rotated = 0;
  KeyVersionStatus versions;
};

class KeyCustody {
 public:
  // What it works on must outlive it; `provider` is the key store's.
  KeyCustody(KeyStore& keys, KeyProvider& provider, const Clock& clock)
      : keys_(keys), provider_(provider), clock_(clock) {}

  // Counts the consumers of each epoch: a tenth of a second for a million.
  absl::StatusOr<KeyStatus> ReadStatus();

  // KeyStatus::holds_from_if_rotated alone.
  absl::StatusOr<int32_t> ReadHoldsFromIfRotated();

  absl::StatusOr<KeyVersionStatus> ReadVersions();
  absl::StatusOr<PartOutlook> ReadPartOutlook();

  // See KeyRotation.
  absl::StatusOr<RotationResult> Rotate(
      const std::function<void(int64_t)>& on_progress) {
    return keys_.Rotation().Rotate(on_progress);
  }
  absl::StatusOr<std::vector<RetiredEpoch>> Retire() {
    return keys_.Rotation().Retire();
  }

  // See key_check.h.
  absl::StatusOr<KeyCheck> Verify(
      const std::function<void(int64_t)>& on_progress) {
    return CheckKeys(keys_.Tables(), provider_, on_progress);
  }

  // See key_policy.h.
  absl::Status SetKeyBackupDays(int64_t days);

 private:
  KeyStore& keys_;
  KeyProvider& provider_;
  const Clock& clock_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_CUSTODY_H_
