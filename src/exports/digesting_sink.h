// Digests and counts what goes through it, on its way to another sink.
#ifndef SUBROSA_SRC_EXPORTS_DIGESTING_SINK_H_
#define SUBROSA_SRC_EXPORTS_DIGESTING_SINK_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/crypto/age_io.h"
#include "src/crypto/sha256.h"

namespace subrosa {

class DigestingSink final : public ByteSink {
 public:
  // `out` must outlive it.
  explicit DigestingSink(ByteSink* out) : out_(out) { digest_.Begin(); }

  absl::Status Append(absl::string_view bytes) override {
    digest_.Add(bytes);
    bytes_ += bytes.size();
    return out_->Append(bytes);
  }

  uint64_t bytes() const { return bytes_; }

  // SHA-256, 32 bytes; to be called once, last.
  std::string Finish() {
    const auto digest = digest_.Finish();
    return std::string(reinterpret_cast<const char*>(digest.data()),
                       digest.size());
  }

 private:
  ByteSink* out_;
  Sha256 digest_;
  uint64_t bytes_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_DIGESTING_SINK_H_
