// A ValueCounter makes an IndexHistogram out of tokens of values, in memory
// that does not grow beyond a bound, and without keeping any value.
//
// Up to kMostCountedValues it counts exactly. Beyond that it goes on with a
// sample of the values, chosen by their tokens, each standing for a power of
// two; what is frequent is counted beside the sample (Misra and Gries), so that
// no value of more than a thousandth of the entries is missed, and is then at
// most a thousandth too large.
//
// Memory: at most 40 MB. Thread-compatible.
#ifndef SUBROSA_SRC_VAULT_VALUE_COUNTER_H_
#define SUBROSA_SRC_VAULT_VALUE_COUNTER_H_

#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "src/vault/index_planner.h"

namespace subrosa {

inline constexpr size_t kMostCountedValues = size_t{1} << 20;

class ValueCounter {
 public:
  // `most_values`, at least 1, bounds those that are counted one by one.
  explicit ValueCounter(size_t most_values = kMostCountedValues)
      : most_values_(most_values) {}

  // Counts one consumer with their values, each by its token, once: a hash
  // under a random key, so that no sender of records can choose it.
  void AddConsumer(absl::Span<const uint64_t> tokens);

  IndexHistogram Histogram() const;

 private:
  void CountFrequent(uint64_t token);
  bool IsSampled(uint64_t token) const {
    return level_ == 0 || token >> (64 - level_) == 0;
  }

  const size_t most_values_;
  int64_t consumers_ = 0;
  int level_ = 0;  // One value in 2^level_ is sampled.
  absl::flat_hash_map<uint64_t, int64_t> sampled_;
  // No value is more frequent than it says here, plus missed_.
  absl::flat_hash_map<uint64_t, int64_t> frequent_;
  int64_t missed_ = 0;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_VALUE_COUNTER_H_
