// libarchive writing into a ByteSink: what its formats and filters have in
// common here.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_EXPORTS_LIBARCHIVE_STREAM_H_
#define SUBROSA_SRC_EXPORTS_LIBARCHIVE_STREAM_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/crypto/age_io.h"

struct archive;

namespace subrosa {

class LibarchiveStream {
 public:
  // `name` stands in front of errors and outlives it, as `out` does.
  LibarchiveStream(absl::string_view name, ByteSink* out);
  ~LibarchiveStream();
  LibarchiveStream(const LibarchiveStream&) = delete;
  LibarchiveStream& operator=(const LibarchiveStream&) = delete;

  // To be given its format and filters before Open.
  struct archive* get() {
    return archive_;
  }

  // Begins to write into the sink.
  absl::Status Open();

  // Writes content of the entry that was begun last; stops at the length that
  // its header said, and says in `taken` how much that was.
  absl::Status Write(absl::string_view bytes, size_t* taken);

  // Writes the end.
  absl::Status Close();

  // OK if `result` is libarchive's; else the sink's own error, where it is
  // that, or that `what` failed. libarchive's words name no content.
  absl::Status Check(int result, absl::string_view what) const;

 private:
  const absl::string_view name_;
  ByteSink* const out_;
  struct archive* const archive_;
  absl::Status status_;  // Of the sink.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_LIBARCHIVE_STREAM_H_
