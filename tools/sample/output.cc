#include "tools/sample/output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"

namespace subrosa::sample {

absl::StatusOr<Output> Output::Open(const std::string& path) {
  if (path == "-") return Output("standard output", UniqueFd(dup(1)));
  UniqueFd fd(
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (fd.get() < 0) return ErrnoStatus(errno, path);
  return Output(path, std::move(fd));
}

absl::Status Output::Flush() {
  SUBROSA_RETURN_IF_ERROR(Annotate(WriteAll(fd_.get(), buffer_), path_));
  written_ += buffer_.size();
  buffer_.clear();
  return absl::OkStatus();
}

}  // namespace subrosa::sample
