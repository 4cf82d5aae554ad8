// A machine that has run for a while has no unused memory left: its page cache
// holds whatever was read or written last, and a new page takes an old one's
// place. On one that was just started, or just freed much, a page that is used
// for the first time costs more, on a virtual machine many times more: the host
// has to find it. So what was measured first would look cheaper, or dearer,
// than what comes after, whatever the program does.
#ifndef SUBROSA_TESTS_BENCH_FULL_PAGE_CACHE_H_
#define SUBROSA_TESTS_BENCH_FULL_PAGE_CACHE_H_

#include <string>

#include "src/base/file.h"

namespace subrosa {

// Keeps the page cache full as long as it lives.
class FullPageCache {
 public:
  // Writes a file without a name in `folder` until less than 512 MiB of memory
  // is unused. Where the disk has not twice as much room, and
  // where the system does not say how much is unused, writes nothing and says
  // so on stderr.
  explicit FullPageCache(const std::string& folder);

 private:
  UniqueFd file_;  // Its pages stay in the cache until it is closed.
};

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_FULL_PAGE_CACHE_H_
