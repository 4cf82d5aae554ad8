// A ZipMembers walks the files of a zip archive, which may come through a pipe,
// in constant memory. Nothing is ever written to disk.
//
// It stands on libarchive. Bounds: kMaxMembers members; what is unpacked is at
// most kMaxRatio times what was read, once that is above kFreeBytes (a "zip
// bomb" ends there).
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_ZIP_MEMBERS_H_
#define SUBROSA_SRC_INGEST_ZIP_MEMBERS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/document_bytes.h"

namespace subrosa {

class ZipMembers {
 public:
  static constexpr int kMaxMembers = 1'000'000;
  static constexpr uint64_t kMaxRatio = 200;
  static constexpr uint64_t kFreeBytes = uint64_t{64} << 20;

  explicit ZipMembers(BufferedInput input);
  ~ZipMembers();
  ZipMembers(const ZipMembers&) = delete;
  ZipMembers& operator=(const ZipMembers&) = delete;

  enum class Kind {
    kFile,
    kOther,    // A folder: nothing to read.
    kOutside,  // A link, or a name that leads out of the archive.
    kEnd,
  };

  // Goes on to the next member. INVALID_ARGUMENT for a damaged archive, one
  // that is encrypted, and one of too many members; errors of the input.
  absl::StatusOr<Kind> Next();

  // The member's path in the archive. It may tell of the person; never print
  // it.
  const std::string& name() const;

  // The member's bytes; valid until Next. Its errors are those of
  // DocumentBytes, and INVALID_ARGUMENT where more is unpacked than the bounds
  // allow.
  DocumentBytes* source();

  uint64_t bytes_read() const;

 private:
  class Rep;  // Keeps libarchive out of this header.
  std::unique_ptr<Rep> rep_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_ZIP_MEMBERS_H_
