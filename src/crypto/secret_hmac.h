// HMAC-SHA256 under a secret that is kept in guarded memory: what requests to
// other machines are signed with.
//
// Thread-safe: no state.
//
// Security: as hkdf.h. Whoever has the secret can make a tag as well as check
// it: it proves to its two holders who sent a message, and to nobody else.
#ifndef SUBROSA_SRC_CRYPTO_SECRET_HMAC_H_
#define SUBROSA_SRC_CRYPTO_SECRET_HMAC_H_

#include <string>

#include "absl/strings/string_view.h"
#include "src/crypto/secret_buffer.h"

namespace subrosa {

// The tag of `message` under `secret`: 32 bytes (RFC 2104).
std::string SecretHmacSha256(const SecretBuffer& secret,
                             absl::string_view message);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SECRET_HMAC_H_
