#include "tests/bench/allocation_count.h"

#include <cerrno>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SUBROSA_SANITIZER_ALLOCATES 1
#endif
#endif

namespace subrosa {
namespace {

#ifdef SUBROSA_SANITIZER_ALLOCATES
constexpr bool kCounts = false;
#else
constexpr bool kCounts = true;
#endif

thread_local size_t allocations = 0;

}  // namespace

bool CanCountAllocations() { return kCounts; }

size_t AllocationCount() { return allocations; }

}  // namespace subrosa

#ifndef SUBROSA_SANITIZER_ALLOCATES

// glibc's own names for its allocator; operator new comes to malloc too.
extern "C" {
void* __libc_malloc(size_t size);                      // NOLINT
void* __libc_calloc(size_t count, size_t size);        // NOLINT
void* __libc_realloc(void* memory, size_t size);       // NOLINT
void* __libc_memalign(size_t alignment, size_t size);  // NOLINT
}

extern "C" {

void* malloc(size_t size) {
  ++subrosa::allocations;
  return __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  ++subrosa::allocations;
  return __libc_calloc(count, size);
}

void* realloc(void* memory, size_t size) {
  ++subrosa::allocations;
  return __libc_realloc(memory, size);
}

void* memalign(size_t alignment, size_t size) {
  ++subrosa::allocations;
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
  ++subrosa::allocations;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** memory, size_t alignment, size_t size) {
  ++subrosa::allocations;
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}

}  // extern "C"

#endif  // SUBROSA_SANITIZER_ALLOCATES
