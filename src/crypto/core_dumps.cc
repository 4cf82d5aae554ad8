#include "src/crypto/core_dumps.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>

#include "src/base/file.h"

namespace subrosa {

absl::Status DisableCoreDumps() {
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    return ErrnoStatus(errno, "core dumps: cannot clear PR_SET_DUMPABLE");
  }
  const rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) {
    return ErrnoStatus(errno, "core dumps: cannot set RLIMIT_CORE to 0");
  }
  return absl::OkStatus();
}

}  // namespace subrosa
