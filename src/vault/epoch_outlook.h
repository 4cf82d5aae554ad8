// What the epochs of a key store mean for erasures: from which day on those
// that were made before another day hold in every backup too.
//
// An erasure takes the consumer's key out of the live key store. Backups made
// before it still have it, wrapped under the epochs of that time. It holds
// there once the objects of all these epochs are destroyed.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_VAULT_EPOCH_OUTLOOK_H_
#define SUBROSA_SRC_VAULT_EPOCH_OUTLOOK_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "src/vault/epochs.h"

namespace subrosa {

// Days count from 1970-01-01.
struct EpochOutlook {
  // Erasures before this day left nothing in a newer epoch: the day on which
  // the next one was opened. 0 while there is none.
  int32_t erasures_before = 0;
  // They hold in every backup from this day on, once the epoch is destroyed. 0
  // while the day is not known: what is left of the epoch has still to be
  // rotated out of it.
  int32_t holds_from = 0;
};

// One for each of `rows`, which go upwards.
std::vector<EpochOutlook> OutlookOf(absl::Span<const EpochRow> rows);

// From which day on an erasure holds that is made by `today`, if the keys are
// rotated after it on that same day, and what is due is retired on its day.
int32_t HoldsFromIfRotated(absl::Span<const EpochRow> rows, int32_t today,
                           int32_t key_backup_days);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_EPOCH_OUTLOOK_H_
