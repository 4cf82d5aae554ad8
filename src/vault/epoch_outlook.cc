#include "src/vault/epoch_outlook.h"

#include <algorithm>

namespace subrosa {

std::vector<EpochOutlook> OutlookOf(absl::Span<const EpochRow> rows) {
  std::vector<EpochOutlook> outlooks(rows.size());
  // A consumer of an early epoch stands in the backups of all since.
  int32_t latest = 0;
  bool is_known = true;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i + 1 < rows.size()) {
      outlooks[i].erasures_before = rows[i + 1].opened_day;
    }
    is_known = is_known && (rows[i].state == EpochState::kScheduled ||
                            rows[i].state == EpochState::kDestroyed);
    latest = std::max(latest, rows[i].destroy_day);
    if (is_known) outlooks[i].holds_from = latest;
  }
  return outlooks;
}

int32_t HoldsFromIfRotated(absl::Span<const EpochRow> rows, int32_t today,
                           int32_t key_backup_days) {
  int32_t latest = today + key_backup_days + 1;
  for (const EpochRow& row : rows) {
    if (row.state == EpochState::kScheduled) {
      latest = std::max(latest, row.destroy_day);
    }
  }
  return latest;
}

}  // namespace subrosa
