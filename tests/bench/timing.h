// How long things take by the clock on the wall, and the middle of many times.
#ifndef SUBROSA_TESTS_BENCH_TIMING_H_
#define SUBROSA_TESTS_BENCH_TIMING_H_

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

namespace subrosa {

inline double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

inline double SecondsOfOne(const std::function<void()>& call) {
  const auto start = std::chrono::steady_clock::now();
  call();
  return SecondsSince(start);
}

// Of at least one value.
inline double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_TIMING_H_
