#include "src/ingest/buffered_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/json_padding.h"

namespace subrosa {
namespace {

constexpr size_t kFirstCapacity = size_t{128} << 10;

absl::StatusOr<UniqueFd> OpenStandardInput() {
  UniqueFd fd(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
  if (fd.get() < 0) return ErrnoStatus(errno, "standard input");
  struct stat status;
  if (fstat(fd.get(), &status) != 0) {
    return ErrnoStatus(errno, "standard input");
  }
  if (S_ISDIR(status.st_mode)) {
    return absl::InvalidArgumentError(
        "standard input: want a file, got a directory");
  }
  return fd;
}

}  // namespace

BufferedInput::BufferedInput(UniqueFd fd, const std::string& name)
    : fd_(std::move(fd)),
      name_(name),
      buffer_(std::make_unique<char[]>(kFirstCapacity + kJsonPaddingBytes)),
      capacity_(kFirstCapacity) {
  struct stat status;
  if (fstat(fd_.get(), &status) == 0 && S_ISREG(status.st_mode)) {
    start_ = lseek(fd_.get(), 0, SEEK_CUR);
  }
}

absl::StatusOr<BufferedInput> BufferedInput::Open(const std::string& path) {
  if (path == "-") {
    SUBROSA_ASSIGN_OR_RETURN(UniqueFd fd, OpenStandardInput());
    return BufferedInput(std::move(fd), "standard input");
  }
  SUBROSA_ASSIGN_OR_RETURN(UniqueFd fd, OpenForReading(path));
  return BufferedInput(std::move(fd), path);
}

absl::StatusOr<bool> BufferedInput::Fill() {
  if (at_end_) return false;
  if (begin_ == end_) begin_ = end_ = 0;
  if (begin_ > 0 && capacity_ - end_ < capacity_ / 2) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == capacity_) {
    const size_t capacity = 2 * capacity_;
    auto grown = std::make_unique<char[]>(capacity + kJsonPaddingBytes);
    std::memcpy(grown.get(), buffer_.get(), end_);
    buffer_ = std::move(grown);
    capacity_ = capacity;
  }
  for (;;) {
    const ssize_t got = read(fd_.get(), buffer_.get() + end_, capacity_ - end_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus(errno, name_);
    at_end_ = got == 0;
    end_ += static_cast<size_t>(got);
    return got > 0;
  }
}

absl::StatusOr<absl::string_view> BufferedInput::Peek(size_t size) {
  while (end_ - begin_ < size) {
    SUBROSA_ASSIGN_OR_RETURN(const bool more, Fill());
    if (!more) break;
  }
  return absl::string_view(buffer_.get() + begin_, end_ - begin_);
}

void BufferedInput::Consume(size_t size) {
  size = std::min(size, end_ - begin_);
  begin_ += size;
  offset_ += size;
}

bool BufferedInput::CanReadAgain() const { return start_ >= 0; }

absl::Status BufferedInput::ReadAgain(uint64_t offset, size_t size,
                                      std::string* bytes) const {
  bytes->resize(size + kJsonPaddingBytes);
  for (size_t had = 0; had < size;) {
    const ssize_t got = pread(fd_.get(), &(*bytes)[had], size - had,
                              start_ + static_cast<int64_t>(offset + had));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return ErrnoStatus(errno, name_);
    if (got == 0) {
      return absl::DataLossError(absl::StrCat(
          name_, ": want a file that stays as it is, got a shorter one"));
    }
    had += static_cast<size_t>(got);
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> BufferedInput::Skip(uint64_t size) {
  uint64_t skipped = 0;
  while (skipped < size) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view next, Peek(1));
    if (next.empty()) break;
    const uint64_t step = std::min<uint64_t>(next.size(), size - skipped);
    Consume(static_cast<size_t>(step));
    skipped += step;
  }
  return skipped;
}

}  // namespace subrosa
