#include "src/vault/installation.h"

#include <memory>

#include "absl/status/statusor.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// False if the database is nobody's yet.
absl::StatusOr<bool> HasInstallation(Connection& database,
                                     absl::string_view installation) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> read,
                           database.Prepare("SELECT id FROM installation"));
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
  if (!found) return false;
  if (read->ColumnBytes(0) == installation) return true;
  return absl::FailedPreconditionError(
      "record store: want the one made together with the key store, got "
      "another installation's; put the two of one backup side by side");
}

}  // namespace

absl::Status AdoptInstallation(Connection& database,
                               absl::string_view installation) {
  SUBROSA_ASSIGN_OR_RETURN(bool has_it,
                           HasInstallation(database, installation));
  if (has_it) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(database));
  SUBROSA_ASSIGN_OR_RETURN(has_it, HasInstallation(database, installation));
  if (has_it) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> write,
      database.Prepare("INSERT INTO installation VALUES($1)"));
  write->BindBytes(1, installation);
  SUBROSA_RETURN_IF_ERROR(write->Run());
  return transaction.Commit();
}

}  // namespace subrosa
