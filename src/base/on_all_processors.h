// Work that is shared among all processors.
#ifndef SUBROSA_SRC_BASE_ON_ALL_PROCESSORS_H_
#define SUBROSA_SRC_BASE_ON_ALL_PROCESSORS_H_

#include <sched.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace subrosa {

// The processors that this thread may run on: fewer than the machine has in a
// container, or under taskset. At least 1.
inline size_t ProcessorCount() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  // A machine of more processors than a cpu_set_t has bits has its own answer.
  if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0) {
    return std::max(1U, std::thread::hardware_concurrency());
  }
  return std::max<size_t>(1, static_cast<size_t>(CPU_COUNT(&allowed)));
}

// Calls `share(which, of)` once for each `which` below `of`, at least 1, each
// in a thread of its own, and waits for all. The usual share is every item
// whose number is `which` modulo `of`.
inline void OnProcessors(
    size_t of, const std::function<void(size_t which, size_t of)>& share) {
  std::vector<std::thread> threads;
  threads.reserve(of - 1);
  for (size_t which = 1; which < of; ++which) {
    threads.emplace_back(share, which, of);
  }
  share(0, of);
  for (std::thread& thread : threads) thread.join();
}

// On as many as there are.
inline void OnAllProcessors(
    const std::function<void(size_t which, size_t of)>& share) {
  OnProcessors(ProcessorCount(), share);
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_ON_ALL_PROCESSORS_H_
