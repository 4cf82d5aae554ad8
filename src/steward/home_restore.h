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
  // Changes nothing, and says what would be; needs copies that already stand in
  // the home.
  bool dry_run = false;
};

// Has the stores that still open tell the log what it does not know yet, puts
// the copies in place and makes the home agree with its log again
// (ReconcileWithLog): afterwards it opens, and whoever was erased stays erased.
// Nothing else may have the home open. A kill leaves a home that does not open
// until this is called again.
//
// Where the record store alone is an older copy, rows of those who were erased
// since are deleted (src/vault/orphans.h). Where the key store is, rows that
// lead to nobody stay: `store check --sweep` deletes them, once it is known
// that no newer copy of the key store will be found.
//
// NOT_FOUND for a missing file or home; INVALID_ARGUMENT for a dry run with
// copies; else as Keyring::Open and ReconcileWithLog.
absl::StatusOr<RestoreReport> RestoreHome(const std::string& folder,
                                          const SecretBuffer& passphrase,
                                          const Clock& clock,
                                          const RestoreOptions& options);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STEWARD_HOME_RESTORE_H_
