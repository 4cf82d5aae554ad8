#include "src/crypto/secret_file_access.h"

#include <sys/stat.h>

#include <cerrno>

#include "absl/strings/str_format.h"
#include "src/base/file.h"

namespace subrosa {

absl::Status CheckSecretAccess(int fd, const std::string& path) {
  struct stat status;
  if (fstat(fd, &status) != 0) return ErrnoStatus(errno, path);
  if (!S_ISREG(status.st_mode) || (status.st_mode & 0006) == 0) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrFormat(
      "%s: want a file that others cannot touch, got mode %04o: run chmod "
      "o-rwx on it",
      path, static_cast<unsigned>(status.st_mode & 07777)));
}

}  // namespace subrosa
