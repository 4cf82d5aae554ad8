#include "src/crypto/keyed_hash.h"

#include <cstdlib>
#include <cstring>

#include "src/crypto/big_endian.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {

KeyedHash::KeyedHash(const SecretKey& key, absl::string_view use,
                     absl::string_view label, size_t size)
    : size_(size) {
  uint8_t use_bytes[crypto_generichash_blake2b_SALTBYTES] = {};
  uint8_t label_bytes[crypto_generichash_blake2b_PERSONALBYTES] = {};
  if (use.size() > sizeof(use_bytes) || label.size() > sizeof(label_bytes)) {
    std::abort();
  }
  std::memcpy(use_bytes, use.data(), use.size());
  if (!label.empty()) std::memcpy(label_bytes, label.data(), label.size());
  if (crypto_generichash_blake2b_init_salt_personal(
          &state_, key.Bytes(UnsafeSecretAccess::Get()), kSecretKeyBytes, size,
          use_bytes, label_bytes) != 0) {
    std::abort();
  }
}

void KeyedHash::AddFixed(absl::string_view bytes) {
  crypto_generichash_blake2b_update(
      &state_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

void KeyedHash::AddPart(absl::string_view bytes) {
  AddFixed(BigEndianBytes<uint64_t>(bytes.size()).view());
  AddFixed(bytes);
}

void KeyedHash::Finish(uint8_t* out) {
  crypto_generichash_blake2b_final(&state_, out, size_);
}

}  // namespace subrosa
