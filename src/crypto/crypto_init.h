// Getting libsodium ready. Whoever makes a SecretKey or a SecretBuffer has done
// this without knowing; only code that calls libsodium without either needs it.
#ifndef SUBROSA_SRC_CRYPTO_CRYPTO_INIT_H_
#define SUBROSA_SRC_CRYPTO_CRYPTO_INIT_H_

#include "absl/status/status.h"

namespace subrosa {

// Chooses libsodium's implementations for this processor and checks that the
// system gives random bytes. Cheap after the first call; any thread.
//
// Returns INTERNAL if libsodium cannot start.
absl::Status InitializeCrypto();

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_CRYPTO_INIT_H_
