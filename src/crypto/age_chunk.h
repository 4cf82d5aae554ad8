// One chunk of an age payload, sealed and opened in place by libcrypto's
// ChaCha20-Poly1305, which takes half libsodium's time at 64 KiB. A chunk's
// nonce is its number and whether it is the last, so chunks can be worked on in
// any order, and none can be moved, dropped or added unnoticed.
//
// Thread-compatible: a cipher per thread.
//
// Security: IND-CPA and integrity of the whole sequence, as long as a payload
// key serves one file and each (index, is_final) is sealed once.
#ifndef SUBROSA_SRC_CRYPTO_AGE_CHUNK_H_
#define SUBROSA_SRC_CRYPTO_AGE_CHUNK_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/crypto/secret_buffer.h"

struct evp_cipher_ctx_st;

namespace subrosa {

// Plaintext of every chunk but the last, which may be shorter.
inline constexpr size_t kAgeChunkBytes = 64 * 1024;
inline constexpr size_t kAgeTagBytes = 16;
inline constexpr size_t kAgeSealedChunkBytes = kAgeChunkBytes + kAgeTagBytes;

class AgeChunkCipher {
 public:
  enum class Direction { kSeal, kOpen };

  // `payload_key` has 32 bytes. INTERNAL if libcrypto lacks the algorithm.
  static absl::StatusOr<AgeChunkCipher> Create(const SecretBuffer& payload_key,
                                               Direction direction);

  AgeChunkCipher(AgeChunkCipher&& other) noexcept
      : context_(std::exchange(other.context_, nullptr)) {}
  AgeChunkCipher& operator=(AgeChunkCipher&&) = delete;
  // libcrypto keeps copies of the key: it is overwritten with zeros.
  ~AgeChunkCipher();

  // Seals the `size` bytes (at most kAgeChunkBytes) at `bytes`, and writes the
  // tag behind them. INTERNAL if libcrypto fails; `bytes` is then undefined.
  absl::Status Seal(uint64_t index, bool is_final, char* bytes, size_t size);

  // Opens the `sealed_size` bytes (kAgeTagBytes to kAgeSealedChunkBytes) at
  // `bytes`. Returns false if this is not what Seal wrote with the same index
  // and finality; `bytes` is then as it was.
  bool Open(uint64_t index, bool is_final, char* bytes, size_t sealed_size);

 private:
  explicit AgeChunkCipher(evp_cipher_ctx_st* context) : context_(context) {}
  bool Transform(uint64_t index, bool is_final, char* bytes, size_t size);

  evp_cipher_ctx_st* context_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_AGE_CHUNK_H_
