// SHA-256, at the cost of the bytes alone: the context is made once.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_CRYPTO_SHA256_H_
#define SUBROSA_SRC_CRYPTO_SHA256_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>

#include "absl/strings/string_view.h"

namespace subrosa {

class Sha256 {
 public:
  static constexpr size_t kDigestBytes = 32;

  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  // The digest of the parts, one after another.
  std::array<uint8_t, kDigestBytes> Digest(
      std::initializer_list<absl::string_view> parts);

  // The same of what comes bit by bit: begin, add, then finish. `Digest` in
  // between begins anew.
  void Begin();
  void Add(absl::string_view bytes);
  std::array<uint8_t, kDigestBytes> Finish();

 private:
  struct Context;  // Keeps libcrypto out of this header.
  std::unique_ptr<Context> context_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_SHA256_H_
