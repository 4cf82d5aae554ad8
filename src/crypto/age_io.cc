#include "src/crypto/age_io.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "src/base/file.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<size_t> ReadFully(ByteSource* source, absl::Span<char> out) {
  size_t filled = 0;
  while (filled < out.size()) {
    SUBROSA_ASSIGN_OR_RETURN(const size_t got,
                             source->Read(out.subspan(filled)));
    if (got == 0) break;
    filled += got;
  }
  return filled;
}

absl::StatusOr<size_t> StringSource::Read(absl::Span<char> out) {
  const size_t size = std::min(out.size(), rest_.size());
  if (size > 0) std::memcpy(out.data(), rest_.data(), size);
  rest_.remove_prefix(size);
  return size;
}

absl::StatusOr<size_t> PrefixedSource::Read(absl::Span<char> out) {
  if (taken_ == front_.size()) return in_->Read(out);
  const size_t size = std::min(out.size(), front_.size() - taken_);
  std::memcpy(out.data(), front_.data() + taken_, size);
  taken_ += size;
  return size;
}

absl::Status StringSink::Append(absl::string_view bytes) {
  out_->append(bytes.data(), bytes.size());
  return absl::OkStatus();
}

absl::StatusOr<size_t> FdSource::Read(absl::Span<char> out) {
  for (;;) {
    const ssize_t got = read(fd_, out.data(), out.size());
    if (got >= 0) return static_cast<size_t>(got);
    if (errno != EINTR) return ErrnoStatus(errno, name_);
  }
}

absl::Status FdSink::Append(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd_, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus(errno, name_);
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace subrosa
