#include "src/ingest/sha256.h"

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

Sha256::~Sha256() = default;

void Sha256::Digest(absl::string_view bytes, std::string* digest) {
  digest->resize(kDigestBytes);
  auto* const out = reinterpret_cast<unsigned char*>(&(*digest)[0]);
  // These fail only without memory, or where libcrypto is built without
  // SHA-256; a wrong digest would be worse than none.
  if (EVP_DigestInit_ex2(context_->state, context_->algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(context_->state, bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context_->state, out, nullptr) != 1) {
    std::abort();
  }
}

}  // namespace subrosa
