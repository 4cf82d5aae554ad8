#include "src/vault/key_custody.h"

#include <map>
#include <memory>
#include <set>

#include "src/base/status_macros.h"
#include "src/store/connection.h"
#include "src/vault/consumer_keys.h"
#include "src/vault/evidence_keys.h"
#include "src/vault/key_policy.h"
#include "src/vault/key_tables.h"

namespace subrosa {
namespace {

absl::StatusOr<std::map<uint32_t, int64_t>> CountByEpoch(
    const KeyTables& tables) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> count,
      // A version that was followed by another is no consumer more.
      tables.database.Prepare(
          "SELECT epoch, count(*) FROM consumer_key AS newest"
          " WHERE +entity = $1 AND NOT EXISTS (SELECT 1 FROM part_erasure"
          " WHERE entity = newest.entity AND key_id = newest.key_id"
          " AND version = newest.version) GROUP BY epoch"));
  count->BindInt(1, tables.entity_number);
  std::map<uint32_t, int64_t> counts;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, count->Step());
    if (!found) return counts;
    counts[static_cast<uint32_t>(count->ColumnInt(0))] = count->ColumnInt(1);
  }
}

}  // namespace

absl::StatusOr<KeyStatus> KeyCustody::ReadStatus() {
  const KeyTables tables = keys_.Tables();
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochRow> due,
                           keys_.Rotation().FindDue());
  std::set<uint32_t> is_due;
  for (const EpochRow& row : due) is_due.insert(row.epoch);
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           ReadTransaction::Begin(tables.database));
  KeyStatus status;
  SUBROSA_ASSIGN_OR_RETURN(
      status.key_backup_days,
      ReadKeyBackupDays(tables.database, tables.entity_number));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochRow> rows,
                           tables.epochs.ReadRows());
  SUBROSA_ASSIGN_OR_RETURN(const auto consumers, CountByEpoch(tables));
  const std::vector<EpochOutlook> outlooks = OutlookOf(rows);
  for (size_t i = 0; i < rows.size(); ++i) {
    EpochStatus& epoch = status.epochs.emplace_back();
    epoch.epoch = rows[i].epoch;
    epoch.state = rows[i].state;
    epoch.opened_day = rows[i].opened_day;
    epoch.destroy_day = rows[i].destroy_day;
    const auto count = consumers.find(epoch.epoch);
    if (count != consumers.end()) epoch.consumers = count->second;
    epoch.is_due = is_due.count(epoch.epoch) != 0;
    epoch.outlook = outlooks[i];
  }
  SUBROSA_ASSIGN_OR_RETURN(status.evidence_years,
                           EvidenceKeys(tables).ListYears());
  status.holds_from_if_rotated =
      HoldsFromIfRotated(rows, DayOf(clock_.Now()), status.key_backup_days);
  SUBROSA_ASSIGN_OR_RETURN(status.versions, ReadVersions());
  return status;
}

absl::StatusOr<int32_t> KeyCustody::ReadHoldsFromIfRotated() {
  const KeyTables tables = keys_.Tables();
  SUBROSA_ASSIGN_OR_RETURN(
      const int32_t days,
      ReadKeyBackupDays(tables.database, tables.entity_number));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochRow> rows,
                           tables.epochs.ReadRows());
  return HoldsFromIfRotated(rows, DayOf(clock_.Now()), days);
}

absl::StatusOr<KeyVersionStatus> KeyCustody::ReadVersions() {
  const int32_t today = DayOf(clock_.Now());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RetiringKey> retiring,
                           keys_.Tables().consumer_keys.ReadRetiring());
  KeyVersionStatus versions;
  for (const RetiringKey& key : retiring) {
    if (key.destroy_day == 0) {
      ++versions.resealing;
      continue;
    }
    ++(key.destroy_day <= today ? versions.due : versions.waiting);
    if (versions.next_day == 0 || key.destroy_day < versions.next_day) {
      versions.next_day = key.destroy_day;
    }
  }
  return versions;
}

absl::StatusOr<PartOutlook> KeyCustody::ReadPartOutlook() {
  const KeyTables tables = keys_.Tables();
  SUBROSA_ASSIGN_OR_RETURN(
      const int32_t days,
      ReadKeyBackupDays(tables.database, tables.entity_number));
  PartOutlook outlook;
  outlook.destroy_day = DayOf(clock_.Now()) + days + 1;
  outlook.holds_from = outlook.destroy_day + days + 1;
  return outlook;
}

absl::Status KeyCustody::SetKeyBackupDays(int64_t days) {
  const KeyTables tables = keys_.Tables();
  return subrosa::SetKeyBackupDays(tables.database, tables.entity_number, days);
}

}  // namespace subrosa
