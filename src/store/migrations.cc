#include "src/store/migrations.h"

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// Reads the version that `database` stands at, 0 for a new one.
absl::StatusOr<int64_t> ReadVersion(Connection& database,
                                    absl::string_view kind) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> statement,
      database.Prepare("SELECT kind, version FROM schema_version"));
  SUBROSA_ASSIGN_OR_RETURN(const bool found, statement->Step());
  if (!found) return 0;
  if (statement->ColumnBytes(0) != kind) {
    return absl::FailedPreconditionError(absl::StrCat(
        "database: want a ", kind, ", got a ", statement->ColumnBytes(0)));
  }
  const int64_t version = statement->ColumnInt(1);
  statement->Reset();
  return version;
}

}  // namespace

absl::Status Migrate(Connection& database, absl::string_view kind,
                     absl::Span<const Migration> migrations) {
  const int64_t newest = static_cast<int64_t>(migrations.size());
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             Transaction::Begin(database));
    SUBROSA_RETURN_IF_ERROR(
        database.Execute("CREATE TABLE IF NOT EXISTS schema_version("
                         " kind TEXT NOT NULL, version INTEGER NOT NULL)"));
    SUBROSA_ASSIGN_OR_RETURN(const int64_t version,
                             ReadVersion(database, kind));
    if (version > newest) {
      return absl::FailedPreconditionError(
          absl::StrCat(kind, ": want version ", newest, " or less, got ",
                       version, "; a newer subrosa wrote it: use that one"));
    }
    if (version == newest) return transaction.Commit();
    SUBROSA_RETURN_IF_ERROR(
        Annotate(database.Execute(std::string(migrations[version].sql)),
                 absl::StrCat(kind, ": migration ", version + 1)));
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> write,
        database.Prepare(
            version == 0
                ? "INSERT INTO schema_version VALUES($1, $2)"
                : "UPDATE schema_version SET kind = $1, version = $2"));
    write->BindText(1, kind);
    write->BindInt(2, version + 1);
    SUBROSA_RETURN_IF_ERROR(write->Run());
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  }
}

}  // namespace subrosa
