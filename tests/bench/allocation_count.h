// Counts heap allocations of the whole process, libraries included, by standing
// in front of the C library's allocator. Link it into a benchmark or a test of
// its own.
#ifndef SUBROSA_TESTS_BENCH_ALLOCATION_COUNT_H_
#define SUBROSA_TESTS_BENCH_ALLOCATION_COUNT_H_

#include <cstddef>

namespace subrosa {

// False under a sanitizer, which stands there itself.
bool CanCountAllocations();

// How often memory was allocated or moved by this thread so far.
size_t AllocationCount();

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_ALLOCATION_COUNT_H_
