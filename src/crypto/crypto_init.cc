#include "src/crypto/crypto_init.h"

#include <sodium.h>

namespace subrosa {

absl::Status InitializeCrypto() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) return absl::InternalError("libsodium: cannot start");
  return absl::OkStatus();
}

}  // namespace subrosa
