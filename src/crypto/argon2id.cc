#include "src/crypto/argon2id.h"

#include <sodium.h>

#include "absl/strings/str_cat.h"

namespace subrosa {

static_assert(kArgon2idSaltBytes == crypto_pwhash_SALTBYTES);

absl::Status Argon2id(absl::Span<const uint8_t> secret,
                      const std::array<uint8_t, kArgon2idSaltBytes>& salt,
                      const Argon2idCost& cost, absl::Span<uint8_t> out) {
  if (crypto_pwhash(out.data(), out.size(),
                    reinterpret_cast<const char*>(secret.data()), secret.size(),
                    salt.data(), cost.passes, size_t{cost.memory_kib} << 10,
                    crypto_pwhash_ALG_ARGON2ID13) == 0) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("Argon2id: want ", cost.memory_kib, " KiB of memory and ",
                   cost.passes, " passes, got less"));
}

}  // namespace subrosa
