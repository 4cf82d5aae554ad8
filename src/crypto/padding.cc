#include "src/crypto/padding.h"

#include <cstring>

namespace subrosa {
namespace {

constexpr size_t kSmallestBucketBytes = 256;
constexpr uint8_t kMark = 0x80;

// The position of the highest bit of `value`, which is not 0.
int FloorLog2(size_t value) {
  return 63 - __builtin_clzll(static_cast<unsigned long long>(value));
}

}  // namespace

size_t BucketFor(size_t size) {
  if (size <= kSmallestBucketBytes) return kSmallestBucketBytes;
  const int exponent = FloorLog2(size);
  const int kept_bits = FloorLog2(static_cast<size_t>(exponent)) + 1;
  const size_t mask = (size_t{1} << (exponent - kept_bits)) - 1;
  return (size + mask) & ~mask;
}

void Pad(absl::Span<uint8_t> padded, size_t size) {
  padded[size] = kMark;
  std::memset(padded.data() + size + 1, 0, padded.size() - size - 1);
}

bool Unpad(absl::Span<const uint8_t> padded, size_t* size) {
  size_t end = padded.size();
  while (end > 0 && padded[end - 1] == 0) --end;
  if (end == 0 || padded[end - 1] != kMark || BucketFor(end) != padded.size()) {
    return false;
  }
  *size = end - 1;
  return true;
}

}  // namespace subrosa
