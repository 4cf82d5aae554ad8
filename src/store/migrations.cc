#include "src/store/migrations.h"

#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// The version that `database` stands at, 0 for a new one.
absl::StatusOr<int64_t> ReadVersion(Connection& database,
                                    absl::string_view kind) {
  const absl::StatusOr<SchemaVersion> present = ReadSchemaVersion(database);
  if (absl::IsNotFound(present.status())) return 0;
  if (!present.ok()) return present.status();
  if (present->kind != kind) {
    return absl::FailedPreconditionError(
        absl::StrCat("database: want a ", kind, ", got a ", present->kind));
  }
  return present->version;
}

}  // namespace

absl::Status Migrate(Connection& database, absl::string_view kind,
                     absl::Span<const Migration> migrations) {
  const int64_t newest = static_cast<int64_t>(migrations.size());
  // Nobody has to wait for a writer who finds that nothing is to be done.
  SUBROSA_ASSIGN_OR_RETURN(const int64_t present, ReadVersion(database, kind));
  if (present == newest) return absl::OkStatus();
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

absl::StatusOr<SchemaVersion> ReadSchemaVersion(Connection& database) {
  constexpr absl::string_view kNone =
      "database: want a key store or a record store, got none";
  const absl::StatusOr<std::unique_ptr<Statement>> statement =
      database.Prepare("SELECT kind, version FROM schema_version");
  // No such table.
  if (absl::IsInternal(statement.status())) return absl::NotFoundError(kNone);
  if (!statement.ok()) return statement.status();
  SUBROSA_ASSIGN_OR_RETURN(const bool found, (*statement)->Step());
  if (!found) return absl::NotFoundError(kNone);
  return SchemaVersion{std::string((*statement)->ColumnBytes(0)),
                       (*statement)->ColumnInt(1)};
}

}  // namespace subrosa
