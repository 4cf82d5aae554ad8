#include "src/audit/file_below.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

bool IsName(absl::string_view part) {
  return !part.empty() && part != "." && part != ".." &&
         part.find('\0') == absl::string_view::npos;
}

// Opens the part `name` of `folder`, a folder itself unless it is the last.
absl::StatusOr<UniqueFd> OpenPart(int folder, const std::string& name,
                                  bool is_last) {
  // Without O_NONBLOCK a pipe would keep us waiting for its writer.
  const int flags =
      O_RDONLY | O_CLOEXEC | O_NOFOLLOW | (is_last ? O_NONBLOCK : O_DIRECTORY);
  UniqueFd fd(openat(folder, name.c_str(), flags));
  if (fd.get() >= 0) return fd;
  const int error = errno;
  // O_DIRECTORY turns a link into ENOTDIR, too.
  struct stat status;
  if (fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISLNK(status.st_mode)) {
    return absl::InvalidArgumentError("want no link, got one");
  }
  return ErrnoStatus(error, "open");
}

absl::StatusOr<std::string> ReadRegularFile(int fd, size_t limit_bytes) {
  struct stat status;
  if (fstat(fd, &status) != 0) return ErrnoStatus(errno, "stat");
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError("want a regular file, got another");
  }
  std::string content;
  // One byte more tells a file that is too long.
  const auto size = static_cast<size_t>(status.st_size);
  content.resize(std::min(size, limit_bytes) + 1);
  size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t got = read(fd, &content[filled], content.size() - filled);
    if (got < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus(errno, "read");
    }
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  if (filled > limit_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("want at most ", limit_bytes, " bytes, got more"));
  }
  if (filled > size) {
    return absl::UnavailableError("want a file that stays as it is");
  }
  content.resize(filled);
  return content;
}

absl::StatusOr<std::string> ReadBelow(const std::string& folder,
                                      absl::string_view path,
                                      size_t limit_bytes) {
  const std::vector<std::string> parts = absl::StrSplit(path, '/');
  if (!absl::c_all_of(parts, IsName)) {
    return absl::InvalidArgumentError("want names between slashes");
  }
  UniqueFd fd(open(folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (fd.get() < 0) return ErrnoStatus(errno, "open");
  for (size_t i = 0; i < parts.size(); ++i) {
    SUBROSA_ASSIGN_OR_RETURN(
        fd, OpenPart(fd.get(), parts[i], i + 1 == parts.size()));
  }
  return ReadRegularFile(fd.get(), limit_bytes);
}

}  // namespace

absl::StatusOr<std::string> ReadFileBelow(const std::string& folder,
                                          absl::string_view path,
                                          size_t limit_bytes) {
  absl::StatusOr<std::string> content = ReadBelow(folder, path, limit_bytes);
  if (!content.ok()) {
    return Annotate(content.status(), absl::StrCat(folder, "/", path));
  }
  return content;
}

}  // namespace subrosa
