// Whether anything was committed to an SQLite database in WAL mode, without the
// locks and the statement that reading of it takes.
//
// Source: https://www.sqlite.org/walformat.html, 2.1, "The WAL-Index Header":
// 48 bytes that name the last valid frame, the checksum of all frames up to it
// and the journal's salts, and that stand twice, so that whoever reads both
// alike has read neither half-written. SQLite itself compares them without a
// lock to learn whether what it has cached is still so.
//
// Thread-compatible, as the database is.
#ifndef SUBROSA_SRC_STORE_SQLITE_CHANGE_MARK_H_
#define SUBROSA_SRC_STORE_SQLITE_CHANGE_MARK_H_

#include <sqlite3.h>

#include <optional>

#include "src/store/connection.h"

namespace subrosa {

// As Connection::ReadChangeMark. `database` is in WAL mode, and has run a
// statement: SQLite would make an index where there is none.
std::optional<ChangeMark> ReadSqliteChangeMark(sqlite3* database);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STORE_SQLITE_CHANGE_MARK_H_
