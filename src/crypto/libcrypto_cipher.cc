#include "src/crypto/libcrypto_cipher.h"

#include <openssl/err.h>

namespace subrosa {
namespace {

constexpr int kTagBytes = 16;
constexpr uint8_t kZeros[32] = {};

}  // namespace

LibcryptoCipher::LibcryptoCipher(const char* name)
    : cipher_(EVP_CIPHER_fetch(nullptr, name, nullptr)),
      is_gcm_(cipher_ != nullptr &&
              EVP_CIPHER_get_mode(cipher_) == EVP_CIPH_GCM_MODE) {
  if (cipher_ != nullptr) context_ = EVP_CIPHER_CTX_new();
  if (context_ != nullptr &&
      EVP_CipherInit_ex2(context_, cipher_, kZeros, kZeros, 1, nullptr) != 1) {
    EVP_CIPHER_CTX_free(context_);
    context_ = nullptr;
  }
  // A cipher that is not there is reported by `available`, not by a queue.
  if (context_ == nullptr) ERR_clear_error();
}

LibcryptoCipher::~LibcryptoCipher() {
  EVP_CIPHER_CTX_free(context_);
  EVP_CIPHER_free(cipher_);
}

bool LibcryptoCipher::Start(const uint8_t* key,
                            absl::Span<const uint8_t> associated_data,
                            bool seal) {
  int written = 0;
  return context_ != nullptr &&
         EVP_CipherInit_ex2(context_, nullptr, key, kZeros, seal ? 1 : 0,
                            nullptr) == 1 &&
         EVP_CipherUpdate(context_, nullptr, &written, associated_data.data(),
                          static_cast<int>(associated_data.size())) == 1;
}

bool LibcryptoCipher::Seal(const uint8_t* key,
                           absl::Span<const uint8_t> associated_data,
                           absl::Span<const uint8_t> plaintext,
                           absl::Span<uint8_t> sealed) {
  const int size = static_cast<int>(plaintext.size());
  int written = 0;
  const bool sealed_all =
      Start(key, associated_data, true) &&
      (size == 0 || EVP_CipherUpdate(context_, sealed.data(), &written,
                                     plaintext.data(), size) == 1) &&
      EVP_CipherFinal_ex(context_, sealed.data() + written, &written) == 1 &&
      EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_GET_TAG, kTagBytes,
                          sealed.data() + size) == 1;
  Forget();
  return sealed_all;
}

bool LibcryptoCipher::Open(const uint8_t* key,
                           absl::Span<const uint8_t> associated_data,
                           absl::Span<const uint8_t> sealed,
                           absl::Span<uint8_t> plaintext) {
  const int size = static_cast<int>(plaintext.size());
  int written = 0;
  uint8_t nothing[1];  // Where a final step that writes nothing would write.
  const bool opened =
      Start(key, associated_data, false) &&
      (size == 0 || EVP_CipherUpdate(context_, plaintext.data(), &written,
                                     sealed.data(), size) == 1) &&
      EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_AEAD_SET_TAG, kTagBytes,
                          const_cast<uint8_t*>(sealed.data()) + size) == 1 &&
      EVP_CipherFinal_ex(context_, nothing, &written) == 1;
  Forget();
  return opened;
}

// A zero key overwrites the key and all that was computed from it; in GCM also
// the last block of keystream. ChaCha20-Poly1305 keeps that block until it
// makes another, for a byte of associated data, and it would give away the
// text's end.
void LibcryptoCipher::Forget() {
  if (context_ == nullptr) return;
  EVP_CipherInit_ex2(context_, nullptr, kZeros, nullptr, 1, nullptr);
  if (is_gcm_) return;
  const uint8_t byte[1] = {};
  int written = 0;
  EVP_CipherUpdate(context_, nullptr, &written, byte, 1);
}

}  // namespace subrosa
