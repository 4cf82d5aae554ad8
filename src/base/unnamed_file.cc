#include "src/base/unnamed_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace subrosa {

absl::StatusOr<UniqueFd> OpenUnnamedFile(const std::string& folder) {
  UniqueFd fd(open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL,
                   S_IRUSR | S_IWUSR));
  if (fd.get() >= 0) return fd;
  if (errno != EOPNOTSUPP && errno != EISDIR) {
    return ErrnoStatus(errno, folder);
  }
  std::string path = absl::StrCat(folder, "/.scratch-XXXXXX");
  fd = UniqueFd(mkostemp(path.data(), O_CLOEXEC));
  if (fd.get() < 0 || unlink(path.c_str()) != 0) {
    return ErrnoStatus(errno, folder);
  }
  return fd;
}

}  // namespace subrosa
