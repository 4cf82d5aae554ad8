// Small files, whole: read with a bound, or replaced so that after a crash
// either the old file or the new one stands.
#ifndef SUBROSA_SRC_BASE_FILE_H_
#define SUBROSA_SRC_BASE_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

// Owns a file descriptor and closes it. -1 owns nothing.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd() { Close(); }

  int get() const { return fd_; }
  void Close();

 private:
  int fd_ = -1;
};

// Opens `path` for reading. NOT_FOUND, PERMISSION_DENIED, or INVALID_ARGUMENT
// for a directory; UNAVAILABLE for other failures of the system. The message
// names the path.
absl::StatusOr<UniqueFd> OpenForReading(const std::string& path);

// Returns the content of `path`. INVALID_ARGUMENT if it is longer than
// `limit_bytes`; else errors as OpenForReading.
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     size_t limit_bytes);

// Replaces `path` by `content`, durably: written beside it, synced, renamed,
// and the folder synced. The file gets exactly `mode`. On error the old file
// stands. UNAVAILABLE if the system refuses (a full disk, say).
absl::Status ReplaceFile(const std::string& path, absl::string_view content,
                         mode_t mode);

// Makes the entries of `folder` durable. UNAVAILABLE on failure.
absl::Status SyncFolder(const std::string& folder);

// Writes all of `bytes` to `fd`. Errors as ErrnoStatus.
absl::Status WriteAll(int fd, absl::string_view bytes);

// The folder that `path` stands in: "." for a bare name.
std::string FolderOf(const std::string& path);

// An error from the system's `error_number`, with "`context`: " in front.
absl::Status ErrnoStatus(int error_number, absl::string_view context);

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_FILE_H_
