#include "src/crypto/plain_blake2b.h"

#include <sodium.h>

#include "src/crypto/crypto_init.h"

namespace subrosa {

std::string PlainBlake2b(size_t size, absl::string_view key,
                         std::initializer_list<absl::string_view> parts) {
  InitializeCrypto().IgnoreError();
  const auto bytes = [](absl::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  crypto_generichash_blake2b_state state;
  crypto_generichash_blake2b_init(&state, key.empty() ? nullptr : bytes(key),
                                  key.size(), size);
  for (const absl::string_view part : parts) {
    crypto_generichash_blake2b_update(&state, bytes(part), part.size());
  }
  std::string digest(size, '\0');
  crypto_generichash_blake2b_final(
      &state, reinterpret_cast<unsigned char*>(digest.data()), size);
  return digest;
}

}  // namespace subrosa
