#include "tools/sample/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa::sample {

absl::StatusOr<Output> Output::Open(const std::string& path) {
  if (path == "-") return Output("standard output", UniqueFd(dup(1)));
  UniqueFd fd(
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (fd.get() < 0) return ErrnoStatus(errno, path);
  return Output(path, std::move(fd));
}

absl::Status Output::Flush() {
  absl::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = write(fd_.get(), rest.data(), rest.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus(errno, path_);
    }
    rest.remove_prefix(static_cast<size_t>(written));
  }
  written_ += buffer_.size();
  buffer_.clear();
  return absl::OkStatus();
}

}  // namespace subrosa::sample
