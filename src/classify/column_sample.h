// A ColumnSample keeps some of a column's values, each as likely as any other,
// in constant memory (reservoir sampling, Vitter's algorithm R). The same
// values with the same seed give the same sample.
//
// Thread-compatible.
//
// Security: it holds values of records. Nothing of it may be printed.
#ifndef SUBROSA_SRC_CLASSIFY_COLUMN_SAMPLE_H_
#define SUBROSA_SRC_CLASSIFY_COLUMN_SAMPLE_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace subrosa {

class ColumnSample {
 public:
  // A value is kept up to this length, cut between characters.
  static constexpr size_t kMaxValueBytes = 4096;

  ColumnSample(size_t capacity, uint64_t seed)
      : capacity_(capacity), random_(seed) {}

  // Counts `value`, and keeps it or not.
  void Add(absl::string_view value) {
    ++seen_;
    if (values_.size() < capacity_) {
      values_.emplace_back(Cut(value));
      return;
    }
    // The modulus favours small numbers by less than one in 2^40.
    const uint64_t place = random_() % seen_;
    if (place < values_.size()) values_[place] = std::string(Cut(value));
  }

  uint64_t seen() const { return seen_; }
  const std::vector<std::string>& values() const { return values_; }

  // The part of `value` that is kept.
  static absl::string_view Cut(absl::string_view value) {
    if (value.size() <= kMaxValueBytes) return value;
    size_t size = kMaxValueBytes;
    while (size > 0 && (value[size] & 0xC0) == 0x80) --size;
    return value.substr(0, size);
  }

 private:
  const size_t capacity_;
  std::mt19937_64 random_;
  uint64_t seen_ = 0;
  std::vector<std::string> values_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_COLUMN_SAMPLE_H_
