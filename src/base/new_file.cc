#include "src/base/new_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;

absl::Status Taken(const std::string& path) {
  return absl::AlreadyExistsError(
      absl::StrCat(path, ": want a name that is free, got one that is taken"));
}

// Why no file could be begun. That the folder of a file to be made is not there
// is no NOT_FOUND, nor that it is closed PERMISSION_DENIED: to callers these
// are answers about what was asked for.
absl::Status NotBegun(int error_number, const std::string& path) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return absl::InvalidArgumentError(absl::StrCat(
          path,
          ": want a folder that is there, got none: make it, or name another"));
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::InvalidArgumentError(absl::StrCat(
          path, ": want a folder that files may be made in, got another"));
    default:
      return ErrnoStatus(error_number, path);
  }
}

}  // namespace

absl::StatusOr<NewFile> NewFile::Create(const std::string& path) {
  struct stat status;
  if (lstat(path.c_str(), &status) == 0) return Taken(path);
  const std::string folder = FolderOf(path);
  UniqueFd fd(
      open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (fd.get() >= 0) return NewFile(path, std::move(fd), "");
  if (errno != EOPNOTSUPP && errno != EISDIR) return NotBegun(errno, path);
  std::string temporary = absl::StrCat(path, ".part-XXXXXX");
  fd = UniqueFd(mkostemp(temporary.data(), O_CLOEXEC));
  if (fd.get() < 0) return NotBegun(errno, path);
  return NewFile(path, std::move(fd), std::move(temporary));
}

NewFile::~NewFile() {
  explicit_bzero(buffer_.data(), buffer_.size());
  if (fd_.get() >= 0 && !temporary_.empty()) unlink(temporary_.c_str());
}

absl::Status NewFile::Append(absl::string_view bytes) {
  if (buffer_.size() + bytes.size() > kBufferBytes) {
    SUBROSA_RETURN_IF_ERROR(WriteBuffer());
  }
  if (bytes.size() >= kBufferBytes) {
    return Annotate(WriteAll(fd_.get(), bytes), path_);
  }
  // Reserved whole, so that growing leaves no copies behind.
  if (buffer_.capacity() < kBufferBytes) buffer_.reserve(kBufferBytes);
  buffer_.append(bytes.data(), bytes.size());
  return absl::OkStatus();
}

absl::Status NewFile::WriteBuffer() {
  SUBROSA_RETURN_IF_ERROR(Annotate(WriteAll(fd_.get(), buffer_), path_));
  explicit_bzero(buffer_.data(), buffer_.size());
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status NewFile::Publish() {
  SUBROSA_RETURN_IF_ERROR(WriteBuffer());
  if (fsync(fd_.get()) != 0) return ErrnoStatus(errno, path_);
  // Both ways refuse a name that is taken; rename would replace it.
  const std::string from = temporary_.empty()
                               ? absl::StrCat("/proc/self/fd/", fd_.get())
                               : temporary_;
  if (linkat(AT_FDCWD, from.c_str(), AT_FDCWD, path_.c_str(),
             AT_SYMLINK_FOLLOW) != 0) {
    return errno == EEXIST ? Taken(path_) : ErrnoStatus(errno, path_);
  }
  if (!temporary_.empty()) unlink(temporary_.c_str());
  fd_.Close();
  const absl::Status synced = SyncFolder(FolderOf(path_));
  if (!synced.ok()) unlink(path_.c_str());
  return synced;
}

}  // namespace subrosa
