#include "src/crypto/key_wrap.h"

#include <sodium.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"
#include "src/crypto/committing_box.h"
#include "src/crypto/keyed_hash.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {

static_assert(kBoxOverheadBytes + kSecretKeyBytes == kWrappedKeyBytes);

absl::StatusOr<std::string> WrapKey(const SecretKey& wrapping_key,
                                    const SecretKey& key,
                                    absl::string_view context) {
  std::string wrapped(kWrappedKeyBytes, '\0');
  SUBROSA_RETURN_IF_ERROR(
      SealBox(wrapping_key, kWrapUse, context,
              absl::MakeConstSpan(key.Bytes(UnsafeSecretAccess::Get()),
                                  kSecretKeyBytes),
              absl::MakeSpan(reinterpret_cast<uint8_t*>(wrapped.data()),
                             wrapped.size())));
  return wrapped;
}

absl::StatusOr<SecretKey> UnwrapKey(const SecretKey& wrapping_key,
                                    absl::string_view wrapped,
                                    absl::string_view context) {
  uint8_t bytes[kSecretKeyBytes];
  if (wrapped.size() != kWrappedKeyBytes ||
      OpenBox(
          wrapping_key, kWrapUse, context,
          absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(wrapped.data()),
                              wrapped.size()),
          bytes) != BoxResult::kOpened) {
    return absl::InvalidArgumentError("wrapped key: does not open");
  }
  absl::StatusOr<SecretKey> key =
      SecretKey::FromBytes(bytes, UnsafeSecretAccess::Get());
  sodium_memzero(bytes, sizeof(bytes));
  return key;
}

}  // namespace subrosa
