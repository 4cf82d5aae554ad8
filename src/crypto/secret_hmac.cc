#include "src/crypto/secret_hmac.h"

#include "src/crypto/hkdf.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {

std::string SecretHmacSha256(const SecretBuffer& secret,
                             absl::string_view message) {
  const auto tag = HmacSha256(secret.Bytes(UnsafeSecretAccess::Get()), message);
  return std::string(tag.begin(), tag.end());
}

}  // namespace subrosa
