// The SQLite driver: a file of one's own, nothing to install.
//
// Security: the file and its journal are created readable by their owner alone;
// deleted content is overwritten with zeros in the file (secure_delete), and
// FlushJournal empties the journal that may still hold it. What a file system
// or a drive keeps of overwritten blocks is beyond SQLite; that is why secrets
// of consumers rest only under keys that can be destroyed
// (docs/threat_model.md).
#ifndef SUBROSA_SRC_STORE_SQLITE_CONNECTION_H_
#define SUBROSA_SRC_STORE_SQLITE_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/store/connection.h"

namespace subrosa {

struct SqliteOptions {
  // Makes the database if there is none; otherwise a missing file is NOT_FOUND.
  bool create = false;

  // Opens a file that nothing writes to, a backup say, and writes neither to it
  // nor beside it. If a journal lies beside it, it is read as well.
  bool read_only = false;

  // Opens a database that is not ours: its foreign keys are enforced, as its
  // owner's statements expect, and its journal mode is left as it is. A commit
  // is as durable as that mode lets it be.
  bool foreign = false;

  // How long to wait for another process's write.
  absl::Duration busy_timeout = absl::Seconds(30);

  // Bound on the page cache.
  int64_t cache_bytes = int64_t{16} << 20;

  // How large the journal may be before a commit of this connection takes it
  // into the file, which takes longer than the commit itself. Whoever must not
  // wait for that says more than others that have the file open; if there are
  // none, it is taken in all the same.
  int64_t journal_bytes = int64_t{8} << 20;

  // What the connection keeps for as long as it is open: a lock, say, on where
  // the file stands. May be null.
  std::shared_ptr<const void> hold;
};

// Opens `path` with full synchronisation, in WAL mode unless it is foreign: a
// commit that returned OK survives a power cut. FAILED_PRECONDITION if the file
// is not a database; DATA_LOSS if it is shorter than it says. A change through
// a read-only connection is PERMISSION_DENIED.
absl::StatusOr<std::unique_ptr<Connection>> OpenSqlite(
    const std::string& path, const SqliteOptions& options);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STORE_SQLITE_CONNECTION_H_
