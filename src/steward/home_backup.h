// Copies of a home's two stores, made while others go on using them.
//
// The record store is copied first and the key store last. A record is put
// under a key that was made before it. So whoever has rows in the copy of the
// records has a key in the copy of the keys that was made after it, unless they
// were erased in between, and then the rows lead to nobody and are swept. The
// other way round, consumers who came in between would have rows and no key:
// records that stand in a backup and are lost all the same. The same holds for
// copies that are made one by one: a record store may be put back beside any
// key store that is as new or newer, and never beside an older one.
//
// The two go to different places. A copy of the key store is kept for days,
// since an erasure does not hold in it until its epoch is destroyed; one of the
// record store may be kept for long, since it opens nothing.
//
// The other parts of a home are copied after these two, in this order: the
// keyring, which has to have the key store's epoch; then the log, which has to
// know whatever the others know. docs/operations/backups.md says how.
//
// No passphrase is needed.
#ifndef SUBROSA_SRC_STEWARD_HOME_BACKUP_H_
#define SUBROSA_SRC_STEWARD_HOME_BACKUP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/vault/store_facts.h"

namespace subrosa {

struct BackupOptions {
  // Where the copies go; empty: that store is not copied.
  std::string records_file;
  std::string keys_file;
  // May be null. Told how many bytes of how many are copied; after a restart
  // (sqlite_backup.h) it is fewer.
  std::function<void(StoreKind kind, int64_t done, int64_t total)> on_progress;
};

struct StoreCopy {
  std::string file;
  int64_t bytes = 0;
  StoreFacts facts;  // As the copy says them.
};

// Copies the stores of the home `folder` into new files, durably, and returns
// the copies in the order in which they were made.
//
// INVALID_ARGUMENT if no file is named, or one twice, or there is no folder for
// one; ALREADY_EXISTS if one is there; NOT_FOUND if there is no home;
// FAILED_PRECONDITION if the home's parts disagree, so that a copy of it would
// be no backup; else as BackUpSqlite. If the second copy fails, the first
// stands, and is whole. A kill leaves whole copies or none.
absl::StatusOr<std::vector<StoreCopy>> BackUpHome(const std::string& folder,
                                                  const BackupOptions& options);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_HOME_BACKUP_H_
