// Compresses what goes through it (RFC 8878), on its way to another sink, by
// libarchive. Constant memory: some megabytes, in which what was compressed
// last may rest in clear until it is destroyed.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_EXPORTS_ZSTD_SINK_H_
#define SUBROSA_SRC_EXPORTS_ZSTD_SINK_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/crypto/age_io.h"

namespace subrosa {

class ZstdSink final : public ByteSink {
 public:
  // `out` must outlive it. FAILED_PRECONDITION if libarchive was built without
  // zstd.
  static absl::StatusOr<std::unique_ptr<ZstdSink>> Create(ByteSink* out);
  ~ZstdSink() override;

  absl::Status Append(absl::string_view bytes) override;

  // Writes the end. To be called once, last: what lacks it does not decompress.
  absl::Status Finish();

 private:
  class Rep;  // Keeps libarchive out of this header.
  explicit ZstdSink(std::unique_ptr<Rep> rep);

  std::unique_ptr<Rep> rep_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_ZSTD_SINK_H_
