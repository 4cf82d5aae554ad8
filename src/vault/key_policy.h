// The one setting of a key store: how long its backups are kept. It decides
// when an epoch that was rotated out of may be destroyed.
//
// Thread-compatible. Errors are those of Connection, besides what is said
// below.
#ifndef SUBROSA_SRC_VAULT_KEY_POLICY_H_
#define SUBROSA_SRC_VAULT_KEY_POLICY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/store/connection.h"

namespace subrosa {

inline constexpr int64_t kDefaultKeyBackupDays = 30;
inline constexpr int64_t kMinKeyBackupDays = 1;
inline constexpr int64_t kMaxKeyBackupDays = 3650;

// INVALID_ARGUMENT beyond these bounds.
absl::Status CheckKeyBackupDays(int64_t days);

// Of the entity that stands under `entity_number` in the key store `database`.
absl::StatusOr<int32_t> ReadKeyBackupDays(Connection& database,
                                          int64_t entity_number);

// Holds for rotations that finish from now on: a day that an epoch was given
// stands, since it may have been promised. Errors of CheckKeyBackupDays too.
absl::Status SetKeyBackupDays(Connection& database, int64_t entity_number,
                              int64_t days);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_KEY_POLICY_H_
