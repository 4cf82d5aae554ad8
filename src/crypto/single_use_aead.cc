#include "src/crypto/single_use_aead.h"

#include <openssl/evp.h>
#include <sodium.h>

#include "src/crypto/libcrypto_cipher.h"

namespace subrosa {
namespace {

// From this many bytes on libcrypto is faster in spite of its dearer start
// (tests/bench/crypto_bench prints both sides).
constexpr size_t kLibcryptoFromBytes = 2048;

constexpr uint8_t kZeroNonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES] = {};

LibcryptoCipher& ChaCha20Poly1305() {
  thread_local LibcryptoCipher cipher("ChaCha20-Poly1305");
  return cipher;
}

LibcryptoCipher& Aes256Gcm() {
  thread_local LibcryptoCipher cipher("AES-256-GCM");
  return cipher;
}

// libcrypto may be configured without ChaCha20; libsodium never is.
bool UsesLibsodium(Cipher cipher, size_t size) {
  return cipher == Cipher::kChaCha20Poly1305 &&
         (size < kLibcryptoFromBytes || !ChaCha20Poly1305().available());
}

LibcryptoCipher& Libcrypto(Cipher cipher) {
  return cipher == Cipher::kAes256Gcm ? Aes256Gcm() : ChaCha20Poly1305();
}

}  // namespace

absl::Status SealOnce(Cipher cipher, const uint8_t* key,
                      absl::Span<const uint8_t> associated_data,
                      absl::Span<const uint8_t> plaintext,
                      absl::Span<uint8_t> sealed) {
  if (UsesLibsodium(cipher, plaintext.size())) {
    crypto_aead_chacha20poly1305_ietf_encrypt(
        sealed.data(), nullptr, plaintext.data(), plaintext.size(),
        associated_data.data(), associated_data.size(), nullptr, kZeroNonce,
        key);
    return absl::OkStatus();
  }
  if (!Libcrypto(cipher).Seal(key, associated_data, plaintext, sealed)) {
    sodium_memzero(sealed.data(), sealed.size());
    return absl::InternalError("libcrypto: does not offer the suite's cipher");
  }
  return absl::OkStatus();
}

bool OpenOnce(Cipher cipher, const uint8_t* key,
              absl::Span<const uint8_t> associated_data,
              absl::Span<const uint8_t> sealed, absl::Span<uint8_t> plaintext) {
  bool opened;
  if (UsesLibsodium(cipher, plaintext.size())) {
    opened = crypto_aead_chacha20poly1305_ietf_decrypt(
                 plaintext.data(), nullptr, nullptr, sealed.data(),
                 sealed.size(), associated_data.data(), associated_data.size(),
                 kZeroNonce, key) == 0;
  } else {
    opened = Libcrypto(cipher).Open(key, associated_data, sealed, plaintext);
  }
  if (!opened && !plaintext.empty()) {
    sodium_memzero(plaintext.data(), plaintext.size());
  }
  return opened;
}

}  // namespace subrosa
