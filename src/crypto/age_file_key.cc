#include "src/crypto/age_file_key.h"

#include <sodium.h>

#include <array>
#include <cstdint>
#include <utility>

#include "src/base/status_macros.h"
#include "src/crypto/age_recipient.h"
#include "src/crypto/hkdf.h"
#include "src/crypto/secret_key.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

constexpr SecretAccess kAccess = UnsafeSecretAccess::Get();

absl::StatusOr<SecretBuffer> Derive(const SecretBuffer& file_key,
                                    absl::string_view salt,
                                    absl::string_view info) {
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer key,
                           SecretBuffer::Allocate(kSecretKeyBytes));
  SUBROSA_RETURN_IF_ERROR(HkdfSha256(file_key.Bytes(kAccess), salt, info,
                                     key.MutableBytes(kAccess)));
  return key;
}

}  // namespace

absl::StatusOr<SecretBuffer> NewAgeFileKey() {
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer key,
                           SecretBuffer::Allocate(kAgeFileKeyBytes));
  randombytes_buf(key.MutableBytes(kAccess).data(), key.size());
  return key;
}

absl::StatusOr<AgeHeader> AuthenticateAgeHeader(
    const SecretBuffer& file_key, std::vector<AgeStanza> stanzas) {
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer key,
                           Derive(file_key, "", "header"));
  const std::array<uint8_t, kHmacSha256Bytes> mac =
      HmacSha256(key.Bytes(kAccess), AgeHeaderMacInput(stanzas));
  return AgeHeader{std::move(stanzas), std::string(mac.begin(), mac.end())};
}

absl::Status CheckAgeHeaderMac(const SecretBuffer& file_key,
                               const AgeHeader& header) {
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer key,
                           Derive(file_key, "", "header"));
  if (!IsHmacSha256(key.Bytes(kAccess), AgeHeaderMacInput(header.stanzas),
                    header.mac)) {
    return absl::InvalidArgumentError(
        "age.header.mac: want the MAC of this header, got another: the header "
        "was changed");
  }
  return absl::OkStatus();
}

absl::StatusOr<SecretBuffer> DeriveAgePayloadKey(const SecretBuffer& file_key,
                                                 absl::string_view nonce) {
  return Derive(file_key, nonce, "payload");
}

}  // namespace subrosa
