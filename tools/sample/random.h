// Random is a stream of numbers that depends on nothing but its key: the same
// key gives the same numbers on every machine and in every order of asking for
// streams. It is for sample records, never for secrets.
//
// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
// generators", 2014), integers only: the distributions of <random> differ
// between standard libraries.
//
// Draw into named variables: C++ may evaluate the arguments of one call in any
// order, so two draws in one call would differ between compilers.
//
// Thread-compatible.
#ifndef SUBROSA_TOOLS_SAMPLE_RANDOM_H_
#define SUBROSA_TOOLS_SAMPLE_RANDOM_H_

#include <cstddef>
#include <cstdint>

namespace subrosa::sample {

// Mixes all bits of `x`; a bijection.
inline uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

class Random {
 public:
  // The stream number (`a`, `b`) of `seed`.
  Random(uint64_t seed, uint64_t a, uint64_t b)
      : state_(Mix(Mix(Mix(seed + 0x9e3779b97f4a7c15u) + a) + b)) {}

  uint64_t Next() {
    state_ += 0x9e3779b97f4a7c15u;
    return Mix(state_);
  }

  // 0 to `bound` - 1; `bound` is above 0. Uneven by at most `bound` in 2^32.
  uint32_t Below(uint32_t bound) {
    return static_cast<uint32_t>(((Next() >> 32) * bound) >> 32);
  }

  // `low` to `high`, both included.
  int Between(int low, int high) {
    return low + static_cast<int>(Below(static_cast<uint32_t>(high - low) + 1));
  }

  // Roughly a bell around the middle of `low` to `high`, both included.
  int Around(int low, int high) {
    const int first = Between(low, high);
    const int second = Between(low, high);
    const int third = Between(low, high);
    return (first + second + third) / 3;
  }

  // True in `percent` of 100 draws.
  bool Chance(uint32_t percent) { return Below(100) < percent; }

  template <typename T, size_t N>
  const T& Pick(const T (&choices)[N]) {
    return choices[Below(static_cast<uint32_t>(N))];
  }

 private:
  uint64_t state_;
};

}  // namespace subrosa::sample

#endif  // SUBROSA_TOOLS_SAMPLE_RANDOM_H_
