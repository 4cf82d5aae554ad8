#include "tests/faults/vault_verdict.h"

#include <cstdint>
#include <memory>

#include "absl/strings/str_cat.h"
#include "src/audit/checkpoint.h"
#include "src/audit/leaf.h"
#include "src/audit/log_audit.h"
#include "src/base/status_macros.h"
#include "src/vault/epochs.h"
#include "src/vault/key_check.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_fault.h"
#include "src/vault/orphans.h"
#include "src/vault/record_check.h"
#include "src/vault/record_counts.h"

namespace subrosa {
namespace {

// What a killed or failed rotation, retirement or restore leaves for the next
// to tidy, and nothing else.
bool IsExpected(KeyFault fault, const VaultModel& model) {
  return (fault == KeyFault::kObjectOrphaned &&
          model.may_have_orphaned_object()) ||
         (fault == KeyFault::kObjectMissing && model.may_lack_object());
}

absl::Status CheckKeysAndEpochs(Vault& vault, const VaultModel& model,
                                std::vector<std::string>* wrong) {
  KeyCustody custody = vault.Custody();
  SUBROSA_ASSIGN_OR_RETURN(const KeyCheck keys, custody.Verify(nullptr));
  for (const KeyFinding& finding : keys.findings) {
    if (IsExpected(finding.fault, model)) continue;
    wrong->push_back(absl::StrCat("keys: ", KeyFaultSlug(finding.fault), " ",
                                  finding.count));
  }
  SUBROSA_ASSIGN_OR_RETURN(const KeyStatus status, custody.ReadStatus());
  int enabled = 0;
  int moving = 0;
  for (const EpochStatus& epoch : status.epochs) {
    enabled += epoch.state == EpochState::kEnabled ? 1 : 0;
    moving += epoch.state == EpochState::kDecryptOnly ? 1 : 0;
    const bool is_closed = epoch.state == EpochState::kScheduled ||
                           epoch.state == EpochState::kDestroyed;
    if (is_closed && epoch.consumers > 0) {
      wrong->push_back(absl::StrCat("keys are left under epoch ", epoch.epoch));
    }
  }
  if (enabled != 1 || moving > 1 ||
      status.epochs.back().state != EpochState::kEnabled) {
    wrong->push_back(absl::StrCat("epochs: ", enabled, " are enabled, ", moving,
                                  " are moved out of"));
  }
  return absl::OkStatus();
}

absl::Status CheckRows(Vault& vault, const VaultModel& model,
                       std::vector<std::string>* wrong) {
  SUBROSA_ASSIGN_OR_RETURN(const RecordCheck check,
                           vault.CheckRecords(nullptr));
  if (check.lost > 0) {
    wrong->push_back(absl::StrCat(check.lost, " rows do not open"));
  }
  SUBROSA_ASSIGN_OR_RETURN(const OrphanCount orphans, vault.CountOrphans());
  if (orphans.rows > 0 && !model.may_have_orphaned_rows()) {
    wrong->push_back(absl::StrCat(orphans.rows, " rows lead to nobody"));
  }
  SUBROSA_ASSIGN_OR_RETURN(const CountsCheck counts,
                           CheckRecordCounts(vault.records().database()));
  if (counts.shapes_off > 0) {
    wrong->push_back(absl::StrCat(counts.records, " records are held, and ",
                                  counts.counted, " counted"));
  }
  return absl::OkStatus();
}

absl::Status CheckLogTells(Connection& records, const LogStatus& log,
                           const std::string& log_folder,
                           const VaultModel& model,
                           std::vector<std::string>* wrong) {
  LogAuditOptions options;
  options.rows_within = log.size;
  SUBROSA_ASSIGN_OR_RETURN(
      const LogAudit audit,
      AuditLog(log_folder, Checkpoint{log.origin, log.size, log.root},
               options));
  for (const std::string& fault : audit.check.faults) {
    wrong->push_back(absl::StrCat("log: ", fault));
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> count,
                           records.Prepare("SELECT count(*) FROM record"));
  SUBROSA_RETURN_IF_ERROR(count->Step().status());
  if (count->ColumnInt(0) != audit.rows) {
    wrong->push_back(absl::StrCat("the log tells of ", audit.rows,
                                  " rows, and there are ",
                                  count->ColumnInt(0)));
  }
  const auto found = audit.leaves.find(LeafKind::kConsumerKeyDestroyed);
  const auto told =
      static_cast<int64_t>(found == audit.leaves.end() ? 0 : found->second);
  if (told < model.erasures()) {
    wrong->push_back(absl::StrCat("the log tells of ", told, " erasures, and ",
                                  model.erasures(), " were acknowledged"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<std::string>> JudgeHome(
    Vault& vault, Connection& records, const LogStatus& log,
    const std::string& log_folder, VaultModel* model) {
  std::vector<std::string> wrong = model->Compare(vault);
  SUBROSA_RETURN_IF_ERROR(CheckKeysAndEpochs(vault, *model, &wrong));
  SUBROSA_RETURN_IF_ERROR(CheckRows(vault, *model, &wrong));
  SUBROSA_RETURN_IF_ERROR(
      CheckLogTells(records, log, log_folder, *model, &wrong));
  return wrong;
}

}  // namespace subrosa
