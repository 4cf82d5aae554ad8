#include "src/crypto/age_recipient.h"

#include <sodium.h>

#include <cstdint>

#include "src/base/status_macros.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

static_assert(kAgeWrappedFileKeyBytes ==
              kAgeFileKeyBytes + crypto_aead_chacha20poly1305_ietf_ABYTES);

// A wrap key is used once, so its only nonce is zero.
constexpr uint8_t kNonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES] = {};
constexpr SecretAccess kAccess = UnsafeSecretAccess::Get();

}  // namespace

std::string WrapAgeFileKey(const SecretBuffer& file_key,
                           const SecretBuffer& wrap_key) {
  std::string body(kAgeWrappedFileKeyBytes, '\0');
  crypto_aead_chacha20poly1305_ietf_encrypt(
      reinterpret_cast<uint8_t*>(&body[0]), nullptr,
      file_key.Bytes(kAccess).data(), kAgeFileKeyBytes, nullptr, 0, nullptr,
      kNonce, wrap_key.Bytes(kAccess).data());
  return body;
}

absl::StatusOr<absl::optional<SecretBuffer>> UnwrapAgeFileKey(
    absl::string_view body, const SecretBuffer& wrap_key) {
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer file_key,
                           SecretBuffer::Allocate(kAgeFileKeyBytes));
  if (body.size() != kAgeWrappedFileKeyBytes ||
      crypto_aead_chacha20poly1305_ietf_decrypt(
          file_key.MutableBytes(kAccess).data(), nullptr, nullptr,
          reinterpret_cast<const uint8_t*>(body.data()), body.size(), nullptr,
          0, kNonce, wrap_key.Bytes(kAccess).data()) != 0) {
    return absl::optional<SecretBuffer>();
  }
  return absl::optional<SecretBuffer>(std::move(file_key));
}

}  // namespace subrosa
