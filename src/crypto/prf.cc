#include "src/crypto/prf.h"

#include <sodium.h>

#include "src/crypto/keyed_hash.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

std::array<uint8_t, kPrfBytes> Derive(
    const SecretKey& key, absl::string_view salt, PrfLabel label,
    absl::Span<const absl::string_view> parts) {
  KeyedHash hash(key, label.view(), salt, kPrfBytes);
  for (const absl::string_view part : parts) hash.AddPart(part);
  std::array<uint8_t, kPrfBytes> output;
  hash.Finish(output.data());
  return output;
}

}  // namespace

std::array<uint8_t, kPrfBytes> Prf(const SecretKey& key, PrfLabel label,
                                   absl::Span<const absl::string_view> parts) {
  return Derive(key, kPrfSalt, label, parts);
}

absl::StatusOr<SecretKey> DeriveKey(const SecretKey& key, PrfLabel label,
                                    absl::Span<const absl::string_view> parts) {
  std::array<uint8_t, kPrfBytes> bytes = Derive(key, kDeriveSalt, label, parts);
  absl::StatusOr<SecretKey> derived =
      SecretKey::FromBytes(bytes, UnsafeSecretAccess::Get());
  sodium_memzero(bytes.data(), bytes.size());
  return derived;
}

}  // namespace subrosa
