#include "src/crypto/table_hash.h"

#include <sodium.h>

#include <cstring>
#include <string>

#include "src/crypto/random_bytes.h"

namespace subrosa {

TableHash::TableHash() {
  static_assert(sizeof(key_) == crypto_shorthash_siphashx24_KEYBYTES);
  static_assert(sizeof(Output) == crypto_shorthash_siphashx24_BYTES);
  const std::string random = RandomBytes(key_.size());
  std::memcpy(key_.data(), random.data(), key_.size());
}

TableHash::Output TableHash::operator()(absl::string_view bytes) const {
  Output output;
  uint8_t hash[sizeof(Output)];
  crypto_shorthash_siphashx24(hash,
                              reinterpret_cast<const uint8_t*>(bytes.data()),
                              bytes.size(), key_.data());
  std::memcpy(&output, hash, sizeof(output));
  return output;
}

}  // namespace subrosa
