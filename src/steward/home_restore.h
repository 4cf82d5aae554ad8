// Putting back copies of a home's stores from backups.
#ifndef SUBROSA_SRC_STEWARD_HOME_RESTORE_H_
#define SUBROSA_SRC_STEWARD_HOME_RESTORE_H_

#include <string>

#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/crypto/secret_buffer.h"
#include "src/vault/restore.h"

namespace subrosa {

struct RestoreOptions {
  // Copies to put in the stores' place; empty: what stands there stays. The
  // stores that stood there are gone then.
  std::string keys_file;
  std::string records_file;
  // Replaces nothing, and says what would be, with these copies or those that
  // stand in the home.
  bool dry_run = false;

  bool has_files() const { return !keys_file.empty() || !records_file.empty(); }
};

// Has the stores that still open tell the log what it does not know yet, looks
// at the copies, puts them in place and makes the home agree with its log again
// (ReconcileWithLog): afterwards it opens, and whoever was erased stays erased.
//
// A store is replaced only once all copies are known to be whole, of the right
// kind, of this home, opened by its keyring, and to agree with its log as far
// as ReconcileWithLog needs: each is copied beside the store, and that is tried
// out as a dry run. What was looked at is what is put in place.
//
// It has the home alone (home_lease.h): it begins only when nobody has a store
// of it open, and nobody opens one before it ends. A kill or an error before
// the first file is replaced leaves the stores as they were. One after it
// leaves a home that does not open until this is called again, which finishes
// what was begun; copies that it is given then take the place of those that the
// other was given. Such a call tells what it did itself.
//
// Rows that lead to nobody stay where the key store is an older copy: `store
// check --sweep` deletes them, once it is known that no newer copy of the key
// store will be found.
//
// A dry run tells the log nothing: where a kill left the log's files behind the
// stores it can be refused, and the run itself not.
//
// Disk: the copies once more, beside the stores. Time: ReconcileWithLog's
// twice.
//
// NOT_FOUND for a missing file or home; FAILED_PRECONDITION if somebody has the
// home open, and for a copy that does not fit; DATA_LOSS for one that is
// damaged; else as Keyring::Open and ReconcileWithLog.
absl::StatusOr<RestoreReport> RestoreHome(const std::string& folder,
                                          const SecretBuffer& passphrase,
                                          const Clock& clock,
                                          const RestoreOptions& options);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_HOME_RESTORE_H_
