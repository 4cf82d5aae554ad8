// Who may touch a file that holds a secret.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_CRYPTO_SECRET_FILE_ACCESS_H_
#define SUBROSA_SRC_CRYPTO_SECRET_FILE_ACCESS_H_

#include <string>

#include "absl/status/status.h"

namespace subrosa {

// FAILED_PRECONDITION if what is open at `fd`, called `path` in the message, is
// a regular file that everybody may read or write (group access is allowed:
// service managers hand secrets out that way); UNAVAILABLE if the system cannot
// say.
absl::Status CheckSecretAccess(int fd, const std::string& path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SECRET_FILE_ACCESS_H_
