// BackUpSqlite copies a database that others go on using, with SQLite's online
// backup, into a new file.
//
// The copy is the database as it was at one instant near the end of the call,
// whatever is committed meanwhile. It goes in steps, between which nothing is
// held. A commit between two steps makes it begin again; after a few of these
// it holds one instant to the end. While it holds it, others read and commit as
// before, but the database's journal cannot be emptied and grows by what they
// commit: Connection::FlushJournal is UNAVAILABLE if it is not patient enough.
//
// The copy is one self-contained file, readable by its owner alone: no journal
// lies beside it or is needed. Its pages are the database's own, those that
// hold nothing included, but for the two bytes that would ask for a journal.
// Until it is whole and on the disk it has no name (new_file.h): a kill leaves
// nothing.
//
// Cost: reads and writes each page once, plus one beginning for each restart;
// some MiB of memory.
//
// Thread-safe.
#ifndef SUBROSA_SRC_STORE_SQLITE_BACKUP_H_
#define SUBROSA_SRC_STORE_SQLITE_BACKUP_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"

namespace subrosa {

// What a copy cost.
struct SqliteBackup {
  int64_t bytes = 0;
  int restarts = 0;
};

// Copies the database `from` to the new file `to`, durably. `on_progress`,
// which may be null, is told between two steps how many bytes of how many are
// copied; after a restart it is fewer.
//
// NOT_FOUND if `from` is not there; INVALID_ARGUMENT if the folder of `to` is
// not, or no file may be made in it; ALREADY_EXISTS if
// `to` is; FAILED_PRECONDITION if `from` is no database; DATA_LOSS if it is
// damaged where SQLite sees it; UNAVAILABLE if the system refuses (a full disk,
// say). After an error nothing stands at `to` that did not before.
absl::StatusOr<SqliteBackup> BackUpSqlite(
    const std::string& from, const std::string& to,
    const std::function<void(int64_t done_bytes, int64_t total_bytes)>&
        on_progress);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STORE_SQLITE_BACKUP_H_
