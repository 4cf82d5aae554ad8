// The 16 bytes that name a pair of stores: the key store makes them up, the
// record store takes them on.
#ifndef SUBROSA_SRC_VAULT_INSTALLATION_H_
#define SUBROSA_SRC_VAULT_INSTALLATION_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/store/connection.h"

namespace subrosa {

// Makes the record store `database` that of `installation`, unless it is
// already, when it is only read. FAILED_PRECONDITION if it is another one's.
absl::Status AdoptInstallation(Connection& database,
                               absl::string_view installation);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_INSTALLATION_H_
