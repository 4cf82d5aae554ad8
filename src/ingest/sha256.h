// SHA-256, at the cost of the bytes alone: the context is made once.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_SHA256_H_
#define SUBROSA_SRC_INGEST_SHA256_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace subrosa {

class Sha256 {
 public:
  static constexpr size_t kDigestBytes = 32;

  Sha256();
  ~Sha256();

  // Puts the digest of `bytes` into `digest`: kDigestBytes, in place of what it
  // held.
  void Digest(absl::string_view bytes, std::string* digest);

 private:
  struct Context;  // Keeps libcrypto out of this header.
  std::unique_ptr<Context> context_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_SHA256_H_
