#include "src/crypto/age_chunk.h"

#include <openssl/evp.h>

#include "src/crypto/big_endian.h"
#include "src/crypto/unsafe_secret_access.h"

namespace subrosa {
namespace {

constexpr size_t kNonceBytes = 12;
constexpr SecretAccess kAccess = UnsafeSecretAccess::Get();

uint8_t* Bytes(char* bytes) { return reinterpret_cast<uint8_t*>(bytes); }

}  // namespace

absl::StatusOr<AgeChunkCipher> AgeChunkCipher::Create(
    const SecretBuffer& payload_key, Direction direction) {
  AgeChunkCipher cipher(EVP_CIPHER_CTX_new());
  if (cipher.context_ == nullptr ||
      EVP_CipherInit_ex(cipher.context_, EVP_chacha20_poly1305(), nullptr,
                        payload_key.Bytes(kAccess).data(), nullptr,
                        direction == Direction::kSeal) != 1) {
    return absl::InternalError("age.payload: libcrypto has no ChaCha20");
  }
  return cipher;
}

AgeChunkCipher::~AgeChunkCipher() {
  if (context_ == nullptr) return;
  constexpr uint8_t kZeros[kSecretKeyBytes] = {};
  EVP_CipherInit_ex(context_, nullptr, nullptr, kZeros, kZeros, -1);
  EVP_CIPHER_CTX_free(context_);
}

// Applies the key stream to `bytes`; twice gives back what was there.
bool AgeChunkCipher::Transform(uint64_t index, bool is_final, char* bytes,
                               size_t size) {
  // An 11-byte counter, most significant byte first, and the last chunk's mark.
  uint8_t nonce[kNonceBytes] = {};
  StoreBigEndian(index, nonce + 3);
  nonce[kNonceBytes - 1] = is_final ? 1 : 0;
  int done = 0;
  return EVP_CipherInit_ex(context_, nullptr, nullptr, nullptr, nonce, -1) ==
             1 &&
         EVP_CipherUpdate(context_, Bytes(bytes), &done, Bytes(bytes),
                          static_cast<int>(size)) == 1 &&
         static_cast<size_t>(done) == size;
}

absl::Status AgeChunkCipher::Seal(uint64_t index, bool is_final, char* bytes,
                                  size_t size) {
  int done = 0;
  if (!Transform(index, is_final, bytes, size) ||
      EVP_CipherFinal_ex(context_, Bytes(bytes) + size, &done) != 1 ||
      EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_GET_TAG, kAgeTagBytes,
                          bytes + size) != 1) {
    return absl::InternalError("age.payload: libcrypto did not seal");
  }
  return absl::OkStatus();
}

bool AgeChunkCipher::Open(uint64_t index, bool is_final, char* bytes,
                          size_t sealed_size) {
  const size_t size = sealed_size - kAgeTagBytes;
  int done = 0;
  const bool opened =
      Transform(index, is_final, bytes, size) &&
      EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_SET_TAG, kAgeTagBytes,
                          bytes + size) == 1 &&
      EVP_CipherFinal_ex(context_, Bytes(bytes) + size, &done) == 1;
  // Nothing unverified may stay in the caller's hands.
  if (!opened) Transform(index, is_final, bytes, size);
  return opened;
}

}  // namespace subrosa
