// A DocumentBytes hands out the bytes of a file, or of a member of an archive,
// from its first to its last.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_DOCUMENT_BYTES_H_
#define SUBROSA_SRC_INGEST_DOCUMENT_BYTES_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/ingest/buffered_input.h"

namespace subrosa {

class DocumentBytes {
 public:
  virtual ~DocumentBytes() = default;

  // The next bytes, as many as are at hand: at most 256 KiB. Empty at the end,
  // and only there. Valid until the next call.
  //
  // UNAVAILABLE if the system fails; INVALID_ARGUMENT for a damaged archive.
  virtual absl::StatusOr<absl::string_view> Next() = 0;
};

// A file, or what follows in it. Not owned; must outlive this.
class InputSource final : public DocumentBytes {
 public:
  explicit InputSource(BufferedInput* input) : input_(input) {}

  absl::StatusOr<absl::string_view> Next() override {
    input_->Consume(given_);
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view next, input_->Peek(1));
    given_ = next.size();
    return next;
  }

 private:
  BufferedInput* const input_;
  size_t given_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_DOCUMENT_BYTES_H_
