#include "src/crypto/key_file.h"

#include <sodium.h>

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {

absl::StatusOr<SecretKey> ReadKeyFile(const std::string& path) {
  const SecretAccess access = UnsafeSecretAccess::Get();
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer text, ReadSecretFile(path));
  SUBROSA_ASSIGN_OR_RETURN(SecretBuffer bytes,
                           SecretBuffer::Allocate(kSecretKeyBytes));
  const absl::Span<const uint8_t> digits = text.Bytes(access);
  const absl::Span<uint8_t> out = bytes.MutableBytes(access);
  size_t size = 0;
  const bool is_hex =
      sodium_hex2bin(out.data(), out.size(),
                     reinterpret_cast<const char*>(digits.data()),
                     digits.size(), nullptr, &size, nullptr) == 0;
  if (!is_hex || size != kSecretKeyBytes ||
      digits.size() != 2 * kSecretKeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": want 64 hexadecimal digits, got something else"));
  }
  return SecretKey::FromBytes(out, access);
}

}  // namespace subrosa
