// A BufferedInput reads a file, a pipe or standard input through one buffer,
// which grows only as far as it is asked to.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_BUFFERED_INPUT_H_
#define SUBROSA_SRC_INGEST_BUFFERED_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/file.h"

namespace subrosa {

class BufferedInput {
 public:
  // Opens `path`, or standard input for "-". Errors as OpenForReading.
  static absl::StatusOr<BufferedInput> Open(const std::string& path);

  // Returns what comes next, at least `size` bytes of it unless the file ends
  // before. kJsonPaddingBytes are readable behind it. Valid until the next call
  // of anything but offset().
  //
  // UNAVAILABLE, or what ErrnoStatus makes of it, if the system fails.
  absl::StatusOr<absl::string_view> Peek(size_t size);

  // Passes over the next `size` bytes, which Peek has shown.
  void Consume(size_t size);

  // Passes over the next `size` bytes, or all if there are fewer, in constant
  // memory; returns how many there were. Errors as Peek.
  absl::StatusOr<uint64_t> Skip(uint64_t size);

  // True if what has been passed over can be read again: it is a file, no pipe.
  bool CanReadAgain() const;

  // Puts the `size` bytes that stood `offset` bytes behind the start of reading
  // into `bytes`, with kJsonPaddingBytes readable behind them.
  //
  // DATA_LOSS if the file has become shorter; else as Peek.
  absl::Status ReadAgain(uint64_t offset, size_t size,
                         std::string* bytes) const;

  // How many bytes have been passed over.
  uint64_t offset() const { return offset_; }

 private:
  BufferedInput(UniqueFd fd, const std::string& name);

  // Reads once more into the buffer; false at the end of the file.
  absl::StatusOr<bool> Fill();

  UniqueFd fd_;
  std::string name_;
  std::unique_ptr<char[]> buffer_;
  size_t capacity_ = 0;
  size_t begin_ = 0;  // buffer_[begin_, end_) has been read and not consumed.
  size_t end_ = 0;
  bool at_end_ = false;
  uint64_t offset_ = 0;
  int64_t start_ = -1;  // Of reading, in the file; -1 for what is none.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_BUFFERED_INPUT_H_
