#include "src/crypto/keyed_hash.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {

KeyedHash::KeyedHash(const SecretKey& key, absl::string_view personal,
                     absl::string_view salt, size_t size)
    : size_(size) {
  uint8_t personal_bytes[crypto_generichash_blake2b_PERSONALBYTES] = {};
  uint8_t salt_bytes[crypto_generichash_blake2b_SALTBYTES] = {};
  if (personal.size() > sizeof(personal_bytes) ||
      salt.size() > sizeof(salt_bytes)) {
    std::abort();
  }
  std::memcpy(personal_bytes, personal.data(), personal.size());
  if (!salt.empty()) std::memcpy(salt_bytes, salt.data(), salt.size());
  if (crypto_generichash_blake2b_init_salt_personal(
          &state_, key.Bytes(UnsafeSecretAccess::Get()), kSecretKeyBytes, size,
          salt_bytes, personal_bytes) != 0) {
    std::abort();
  }
}

void KeyedHash::AddFixed(absl::string_view bytes) {
  if (bytes.size() > sizeof(pending_) - pending_size_) {
    Flush();
    if (bytes.size() > sizeof(pending_)) {
      crypto_generichash_blake2b_update(
          &state_, reinterpret_cast<const uint8_t*>(bytes.data()),
          bytes.size());
      return;
    }
  }
  if (bytes.empty()) return;
  std::memcpy(pending_ + pending_size_, bytes.data(), bytes.size());
  pending_size_ += bytes.size();
  touched_ = std::max(touched_, pending_size_);
}

void KeyedHash::Finish(uint8_t* out) {
  Flush();
  crypto_generichash_blake2b_final(&state_, out, size_);
}

void KeyedHash::Flush() {
  crypto_generichash_blake2b_update(&state_, pending_, pending_size_);
  pending_size_ = 0;
}

}  // namespace subrosa
