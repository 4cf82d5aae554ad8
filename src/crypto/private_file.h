// A small secret file that several processes change: read with its identity,
// locked, replaced whole, its old bytes overwritten. For this room only.
#ifndef SUBROSA_SRC_CRYPTO_PRIVATE_FILE_H_
#define SUBROSA_SRC_CRYPTO_PRIVATE_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/base/file.h"

namespace subrosa {

// Tells one state of a file from another without reading it.
struct FileIdentity {
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t size = 0;
  int64_t changed_ns = 0;

  bool operator==(const FileIdentity& other) const {
    return device == other.device && inode == other.inode &&
           size == other.size && changed_ns == other.changed_ns;
  }
};

// The identity of what is at `path` now. NOT_FOUND and so on as OpenForReading.
absl::StatusOr<FileIdentity> IdentityOf(const std::string& path);

struct PrivateFile {
  std::string content;
  FileIdentity identity;
};

// Reads `path`, as one writer left it. FAILED_PRECONDITION if group or others
// may touch it or it is no regular file (a link counts as none);
// INVALID_ARGUMENT if it is longer than `limit_bytes`; UNAVAILABLE if it was
// replaced over and over; else as OpenForReading.
absl::StatusOr<PrivateFile> ReadPrivateFile(const std::string& path,
                                            size_t limit_bytes);

// Creates `path` with `content`, mode 0600, durably. ALREADY_EXISTS if there is
// something there, which is left alone. On error nothing stands there that did
// not before.
absl::Status CreatePrivateFile(const std::string& path,
                               absl::string_view content);

// Holds an exclusive advisory lock on the file at a path.
class PrivateFileLock {
 public:
  // Waits up to `wait` for other holders, then UNAVAILABLE. The file is the one
  // at `path` once the lock is held, however often it was replaced meanwhile.
  static absl::StatusOr<PrivateFileLock> Acquire(const std::string& path,
                                                 absl::Duration wait);

  // Replaces the file by `content`, mode 0600, durably, and overwrites what the
  // old file and what interrupted replacements left. The lock is used up: it is
  // on the old file.
  //
  // On error the old file stands; but where only the folder's sync failed, the
  // new one does (ReplaceFile). The old one, which has no name then, is not
  // overwritten: a power cut may bring it back, and it would be all there is.
  absl::Status Replace(absl::string_view content) &&;

 private:
  PrivateFileLock(std::string path, UniqueFd fd)
      : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  UniqueFd fd_;  // Closing it unlocks.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_PRIVATE_FILE_H_
