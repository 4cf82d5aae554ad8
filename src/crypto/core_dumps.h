// Keeping secrets out of core dumps and other processes' debuggers.
#ifndef SUBROSA_SRC_CRYPTO_CORE_DUMPS_H_
#define SUBROSA_SRC_CRYPTO_CORE_DUMPS_H_

#include "absl/status/status.h"

namespace subrosa {

// Sets PR_SET_DUMPABLE and RLIMIT_CORE to 0 for this process: no core file, and
// no ptrace or /proc/PID/mem by other processes of the same user. A command
// calls it first thing in main; a library never does, because the process is
// not its own. Undone by exec.
//
// Secret keys need it less than everything else: their pages are never dumped
// anyway, but a plaintext on its way through the heap would be.
//
// Returns UNAVAILABLE if the system refuses.
absl::Status DisableCoreDumps();

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_CORE_DUMPS_H_
