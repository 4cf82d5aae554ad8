// Output gathers what is made and passes it on in large pieces, so that a file
// of any length takes constant memory.
//
// Thread-compatible.
#ifndef SUBROSA_TOOLS_SAMPLE_OUTPUT_H_
#define SUBROSA_TOOLS_SAMPLE_OUTPUT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/file.h"

namespace subrosa::sample {

class Output {
 public:
  // Opens `path`, which is emptied, or standard output for "-". Errors as
  // ErrnoStatus; the message names the path.
  static absl::StatusOr<Output> Open(const std::string& path);

  // Append here; then ask for a flush.
  std::string* buffer() { return &buffer_; }

  // Bytes appended so far.
  uint64_t bytes() const { return written_ + buffer_.size(); }

  // Writes the buffer out if it holds 256 KiB or more. UNAVAILABLE if the
  // system refuses (a full disk, say); the file then holds a part.
  absl::Status FlushIfFull() {
    return buffer_.size() < kFullBytes ? absl::OkStatus() : Flush();
  }

  // Writes what is left. Errors as FlushIfFull.
  absl::Status Flush();

 private:
  static constexpr size_t kFullBytes = 256 * 1024;

  Output(std::string path, UniqueFd fd)
      : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  UniqueFd fd_;
  std::string buffer_;
  uint64_t written_ = 0;
};

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_OUTPUT_H_
