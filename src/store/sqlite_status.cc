#include "src/store/sqlite_status.h"

#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"

namespace subrosa {

// SQLite's own message can quote SQL, and SQL holds no values; bound values
// never appear in one. Still, only the code's fixed text is passed on.
// Where the system refused, it says why.
absl::Status SqliteStatus(int code, absl::string_view context,
                          sqlite3* database) {
  std::string message = absl::StrCat(context, ": ", sqlite3_errstr(code));
  const int primary = code & 0xff;
  if ((primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN ||
       primary == SQLITE_FULL) &&
      sqlite3_system_errno(database) != 0) {
    absl::StrAppend(&message, " (",
                    std::strerror(sqlite3_system_errno(database)), ")");
  }
  switch (primary) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return absl::OkStatus();
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:  // Another process is held up opening the journal.
      return absl::UnavailableError(message);
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return absl::PermissionDeniedError(message);
    case SQLITE_CORRUPT:
      return absl::DataLossError(message);
    case SQLITE_NOTADB:
      return absl::FailedPreconditionError(message);
    case SQLITE_CONSTRAINT:
      return absl::AlreadyExistsError(message);
    default:
      return absl::InternalError(message);
  }
}

}  // namespace subrosa
