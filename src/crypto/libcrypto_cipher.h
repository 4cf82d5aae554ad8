// One of libcrypto's authenticated ciphers for keys that are used once, with a
// nonce of zeros, in a context that is used again and holds no secret between
// two uses. For this room only.
#ifndef SUBROSA_SRC_CRYPTO_LIBCRYPTO_CIPHER_H_
#define SUBROSA_SRC_CRYPTO_LIBCRYPTO_CIPHER_H_

#include <openssl/evp.h>

#include <cstdint>

#include "absl/types/span.h"

namespace subrosa {

// Not thread-safe: one per thread.
class LibcryptoCipher {
 public:
  // `name` as libcrypto knows it: "AES-256-GCM". The key has 32 bytes, the
  // nonce 12, the tag 16.
  explicit LibcryptoCipher(const char* name);
  LibcryptoCipher(const LibcryptoCipher&) = delete;
  LibcryptoCipher& operator=(const LibcryptoCipher&) = delete;
  ~LibcryptoCipher();

  // Whether libcrypto has the cipher; without it Seal and Open return false.
  bool available() const { return context_ != nullptr; }

  // `sealed` has 16 bytes more than `plaintext`, both at most 1 GiB.
  bool Seal(const uint8_t* key, absl::Span<const uint8_t> associated_data,
            absl::Span<const uint8_t> plaintext, absl::Span<uint8_t> sealed);

  // False if `sealed` is not authentic; then `plaintext` must not be used.
  bool Open(const uint8_t* key, absl::Span<const uint8_t> associated_data,
            absl::Span<const uint8_t> sealed, absl::Span<uint8_t> plaintext);

 private:
  bool Start(const uint8_t* key, absl::Span<const uint8_t> associated_data,
             bool seal);
  void Forget();

  EVP_CIPHER* const cipher_;
  const bool is_gcm_;
  EVP_CIPHER_CTX* context_ = nullptr;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_LIBCRYPTO_CIPHER_H_
