// Permutation shuffles the numbers 0 to size-1 without holding them: At(i) is
// the i-th number of the shuffled order, computed alone. So a file of any
// length is written in random order in constant memory.
//
// A Feistel network over the next power of two, walked until the number falls
// inside the range: fewer than two rounds of the network on average. Not for
// secrets.
//
// Thread-safe once built.
#ifndef SUBROSA_TOOLS_SAMPLE_PERMUTATION_H_
#define SUBROSA_TOOLS_SAMPLE_PERMUTATION_H_

#include <cstdint>

#include "tools/sample/random.h"

namespace subrosa::sample {

class Permutation {
 public:
  // `size` is 1 to 2^62, both included.
  Permutation(uint64_t size, uint64_t seed) : size_(size), seed_(Mix(seed)) {
    int bits = 2;
    while (bits < 62 && (uint64_t{1} << bits) < size) ++bits;
    left_bits_ = bits / 2;
    right_bits_ = bits - left_bits_;
  }

  // `index` is below the size; so is the result.
  uint64_t At(uint64_t index) const {
    do {
      index = Network(index);
    } while (index >= size_);
    return index;
  }

 private:
  static constexpr int kRounds = 6;  // Even: the halves end where they began.

  uint64_t Network(uint64_t value) const {
    uint64_t left = value >> right_bits_;
    uint64_t right = value & Mask(right_bits_);
    for (uint64_t round = 0; round < kRounds; round += 2) {
      left ^= Mix(right + seed_ + round) & Mask(left_bits_);
      right ^= Mix(left + seed_ + round + 1) & Mask(right_bits_);
    }
    return (left << right_bits_) | right;
  }

  static uint64_t Mask(int bits) { return (uint64_t{1} << bits) - 1; }

  uint64_t size_;
  uint64_t seed_;
  int left_bits_;
  int right_bits_;
};

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_PERMUTATION_H_
