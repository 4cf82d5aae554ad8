// Migrations bring a database's tables from any earlier version to today's.
#ifndef SUBROSA_SRC_STORE_MIGRATIONS_H_
#define SUBROSA_SRC_STORE_MIGRATIONS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/store/connection.h"

namespace subrosa {

// One step. Steps are numbered by their place, from 1; a released step is never
// changed, only followed by another.
struct Migration {
  absl::string_view sql;
};

// Applies to `database` the steps that it has not seen, each in a transaction
// of its own, so that a kill leaves it at one version or the next. `kind` names
// what the database is ("key store"); a database of another kind is refused.
//
// FAILED_PRECONDITION if the database is of another kind, or was written by a
// newer version than this program knows; nothing is changed then. A database
// that has seen them all is only read.
absl::Status Migrate(Connection& database, absl::string_view kind,
                     absl::Span<const Migration> migrations);

// What a database says that it is.
struct SchemaVersion {
  std::string kind;
  int64_t version = 0;  // How many steps it has seen.
};

// NOT_FOUND if `database` has seen no migration.
absl::StatusOr<SchemaVersion> ReadSchemaVersion(Connection& database);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STORE_MIGRATIONS_H_
