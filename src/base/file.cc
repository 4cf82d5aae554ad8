#include "src/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void UniqueFd::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

absl::Status ErrnoStatus(int error_number, absl::string_view context) {
  const std::string message =
      absl::StrCat(context, ": ", std::strerror(error_number));
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(message);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(message);
    case EISDIR:
    case ENAMETOOLONG:
    case ELOOP:
      return absl::InvalidArgumentError(message);
    case EEXIST:
      return absl::AlreadyExistsError(message);
    default:
      return absl::UnavailableError(message);
  }
}

absl::StatusOr<UniqueFd> OpenForReading(const std::string& path) {
  UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return ErrnoStatus(errno, path);
  struct stat status;
  if (fstat(fd.get(), &status) != 0) return ErrnoStatus(errno, path);
  if (S_ISDIR(status.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": want a file, got a directory"));
  }
  return fd;
}

absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     size_t limit_bytes) {
  SUBROSA_ASSIGN_OR_RETURN(const UniqueFd fd, OpenForReading(path));
  // A regular file says how large it is; a pipe says 0 and is read in pieces.
  struct stat status;
  if (fstat(fd.get(), &status) != 0) return ErrnoStatus(errno, path);
  constexpr size_t kPiece = 16384;
  std::string content;
  size_t size = 0;
  content.resize(std::min(limit_bytes, static_cast<size_t>(status.st_size)) +
                 1);
  for (;;) {
    const ssize_t got =
        read(fd.get(), content.data() + size, content.size() - size);
    if (got < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus(errno, path);
    }
    if (got == 0) break;
    size += static_cast<size_t>(got);
    if (size > limit_bytes) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ": want at most ", limit_bytes, " bytes, got more"));
    }
    if (size == content.size()) {
      content.resize(std::min(limit_bytes + 1, size + kPiece));
    }
  }
  content.resize(size);
  return content;
}

absl::Status SyncFolder(const std::string& folder) {
  const UniqueFd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return ErrnoStatus(errno, folder);
  if (fsync(fd.get()) != 0) return ErrnoStatus(errno, folder);
  return absl::OkStatus();
}

absl::Status ReplaceFile(const std::string& path, absl::string_view content,
                         mode_t mode) {
  std::string temporary = absl::StrCat(path, ".new-XXXXXX");
  UniqueFd fd(mkostemp(temporary.data(), O_CLOEXEC));
  if (fd.get() < 0) return ErrnoStatus(errno, path);
  absl::Status written = WriteAll(fd.get(), content);
  if (written.ok() && fchmod(fd.get(), mode) != 0) {
    written = ErrnoStatus(errno, "chmod");
  }
  if (written.ok() && fsync(fd.get()) != 0) {
    written = ErrnoStatus(errno, "sync");
  }
  if (written.ok() && rename(temporary.c_str(), path.c_str()) != 0) {
    written = ErrnoStatus(errno, "rename");
  }
  if (!written.ok()) {
    unlink(temporary.c_str());
    return Annotate(written, path);
  }
  return SyncFolder(FolderOf(path));
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

absl::Status WriteAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus(errno, "write");
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace subrosa
