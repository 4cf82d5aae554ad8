// What SQLite's result codes mean to us.
#ifndef SUBROSA_SRC_STORE_SQLITE_STATUS_H_
#define SUBROSA_SRC_STORE_SQLITE_STATUS_H_

#include <sqlite3.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace subrosa {

// `code` as an error of Connection, with "`context`: " in front; OK for those
// that are none. `database` may be null.
absl::Status SqliteStatus(int code, absl::string_view context,
                          sqlite3* database);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STORE_SQLITE_STATUS_H_
