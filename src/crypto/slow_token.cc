#include "src/crypto/slow_token.h"

#include <sodium.h>

#include <algorithm>

#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<std::array<uint8_t, kPrfBytes>> SlowToken(
    const SecretKey& key, absl::string_view context, absl::string_view value) {
  const auto salt_bytes = Prf(key, "slow salt", {context});
  std::array<uint8_t, kArgon2idSaltBytes> salt;
  std::copy_n(salt_bytes.begin(), salt.size(), salt.begin());
  std::array<uint8_t, kPrfBytes> hash;
  SUBROSA_RETURN_IF_ERROR(Argon2id(
      absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(value.data()),
                          value.size()),
      salt, kSlowTokenCost, absl::MakeSpan(hash)));
  const auto token = Prf(
      key, "slow token",
      {context, absl::string_view(reinterpret_cast<const char*>(hash.data()),
                                  hash.size())});
  // Salt and hash would let one guess without the key.
  sodium_memzero(salt.data(), salt.size());
  sodium_memzero(hash.data(), hash.size());
  return token;
}

}  // namespace subrosa
