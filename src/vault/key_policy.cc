#include "src/vault/key_policy.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::Status CheckKeyBackupDays(int64_t days) {
  if (days < kMinKeyBackupDays || days > kMaxKeyBackupDays) {
    return absl::InvalidArgumentError(
        absl::StrCat("key_backup_days: want ", kMinKeyBackupDays, " to ",
                     kMaxKeyBackupDays, ", got ", days));
  }
  return absl::OkStatus();
}

absl::StatusOr<int32_t> ReadKeyBackupDays(Connection& database,
                                          int64_t entity_number) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database.Prepare("SELECT key_backup_days FROM entity WHERE number = $1"));
  read->BindInt(1, entity_number);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
  if (!found) return absl::DataLossError("key store: the entity is gone");
  return static_cast<int32_t>(read->ColumnInt(0));
}

absl::Status SetKeyBackupDays(Connection& database, int64_t entity_number,
                              int64_t days) {
  SUBROSA_RETURN_IF_ERROR(CheckKeyBackupDays(days));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> update,
      database.Prepare(
          "UPDATE entity SET key_backup_days = $1 WHERE number = $2"));
  update->BindInt(1, days);
  update->BindInt(2, entity_number);
  return update->Run();
}

}  // namespace subrosa
