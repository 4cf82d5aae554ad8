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

  // How long to wait for another process's write.
  absl::Duration busy_timeout = absl::Seconds(30);

  // Bound on the page cache.
  int64_t cache_bytes = int64_t{8} << 20;
};

// Opens `path` in WAL mode with full synchronisation: a commit that returned OK
// survives a power cut. FAILED_PRECONDITION if the file is not a database.
absl::StatusOr<std::unique_ptr<Connection>> OpenSqlite(
    const std::string& path, const SqliteOptions& options);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STORE_SQLITE_CONNECTION_H_
