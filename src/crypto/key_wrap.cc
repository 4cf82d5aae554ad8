#include "src/crypto/key_wrap.h"

#include <sodium.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"
#include "src/crypto/committing_box.h"
#include "src/crypto/keyed_hash.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {

namespace {

static_assert(kBoxOverheadBytes + kSecretKeyBytes == kWrappedKeyBytes);

// Fills the kSecretKeyBytes of `key`, which the caller overwrites.
absl::Status OpenWrapped(const SecretKey& wrapping_key,
                         absl::string_view wrapped, absl::string_view context,
                         absl::Span<uint8_t> key) {
  if (wrapped.size() == kWrappedKeyBytes &&
      OpenBox(
          wrapping_key, kWrapUse, context,
          absl::MakeConstSpan(reinterpret_cast<const uint8_t*>(wrapped.data()),
                              wrapped.size()),
          key) == BoxResult::kOpened) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("wrapped key: does not open");
}

}  // namespace

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
  SUBROSA_RETURN_IF_ERROR(
      OpenWrapped(wrapping_key, wrapped, context, absl::MakeSpan(bytes)));
  absl::StatusOr<SecretKey> key =
      SecretKey::FromBytes(bytes, UnsafeSecretAccess::Get());
  sodium_memzero(bytes, sizeof(bytes));
  return key;
}

absl::Status RewrapKey(const WrappingPlace& from, absl::string_view wrapped,
                       const WrappingPlace& to, absl::Span<char> rewrapped) {
  if (rewrapped.size() != kWrappedKeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("wrapped key: want a buffer of ", kWrappedKeyBytes,
                     " bytes, got ", rewrapped.size()));
  }
  uint8_t bytes[kSecretKeyBytes];
  SUBROSA_RETURN_IF_ERROR(
      OpenWrapped(from.key, wrapped, from.context, absl::MakeSpan(bytes)));
  const absl::Status sealed =
      SealBox(to.key, kWrapUse, to.context, bytes,
              absl::MakeSpan(reinterpret_cast<uint8_t*>(rewrapped.data()),
                             rewrapped.size()));
  sodium_memzero(bytes, sizeof(bytes));
  return sealed;
}

}  // namespace subrosa
