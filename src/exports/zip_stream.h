// A zip's own bytes around its members (PKWARE's APPNOTE 6.3.9): headers, the
// list at its end, ZIP64 where something is past 4 GiB or 65,534 members.
// Members' lengths are said before them, so that a reader needs no list to go
// through it front to back.
//
// Thread-compatible. Memory: the list, some 100 bytes and a name for each.
#ifndef SUBROSA_SRC_EXPORTS_ZIP_STREAM_H_
#define SUBROSA_SRC_EXPORTS_ZIP_STREAM_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/crypto/age_io.h"

namespace subrosa {

// A member, before it is written.
struct ZipEntry {
  absl::string_view name;  // A relative path of printable ASCII.
  uint32_t crc32 = 0;      // Of its content.
  uint64_t bytes = 0;
  uint64_t packed_bytes = 0;
  bool is_deflated = true;  // Else it stands as it is.
};

class ZipStream {
 public:
  // `out` must outlive it. Members are dated `made_at` and readable by their
  // owner alone.
  ZipStream(absl::Time made_at, ByteSink* out) : made_at_(made_at), out_(out) {}

  // Writes what stands before the content of `entry`. The caller then writes
  // exactly `packed_bytes` into the sink.
  absl::Status Begin(const ZipEntry& entry);

  // Writes the list. To be called once, last.
  absl::Status Finish();

 private:
  // What stands in a member's header and again in the list.
  std::string Facts(const ZipEntry& entry, bool is_long,
                    size_t extra_bytes) const;

  const absl::Time made_at_;
  ByteSink* const out_;
  uint64_t at_ = 0;  // In `out_`.
  uint64_t entries_ = 0;
  std::string list_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_ZIP_STREAM_H_
