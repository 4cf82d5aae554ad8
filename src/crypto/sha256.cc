#include "src/crypto/sha256.h"

#include <openssl/evp.h>

#include <cstdlib>

namespace subrosa {

struct Sha256::Context {
  // Looked up once: libcrypto 3 looks an algorithm up by name on each use
  // otherwise, which costs as much as a digest of a short line.
  EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* state = EVP_MD_CTX_new();

  ~Context() {
    EVP_MD_CTX_free(state);
    EVP_MD_free(algorithm);
  }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}

Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

std::array<uint8_t, Sha256::kDigestBytes> Sha256::Digest(
    std::initializer_list<absl::string_view> parts) {
  Begin();
  for (const absl::string_view part : parts) Add(part);
  return Finish();
}

// These fail only without memory, or where libcrypto is built without SHA-256;
// a wrong digest would be worse than none.
void Sha256::Begin() {
  if (EVP_DigestInit_ex2(context_->state, context_->algorithm, nullptr) != 1) {
    std::abort();
  }
}

void Sha256::Add(absl::string_view bytes) {
  if (EVP_DigestUpdate(context_->state, bytes.data(), bytes.size()) != 1) {
    std::abort();
  }
}

std::array<uint8_t, Sha256::kDigestBytes> Sha256::Finish() {
  std::array<uint8_t, kDigestBytes> digest;
  if (EVP_DigestFinal_ex(context_->state, digest.data(), nullptr) != 1) {
    std::abort();
  }
  return digest;
}

}  // namespace subrosa
