#include "src/vault/value_counter.h"

namespace subrosa {
namespace {

constexpr size_t kMostFrequentValues = 1024;

}  // namespace

void ValueCounter::CountFrequent(uint64_t token) {
  if (const auto found = frequent_.find(token); found != frequent_.end()) {
    ++found->second;
    return;
  }
  if (frequent_.size() < kMostFrequentValues) {
    frequent_.emplace(token, 1);
    return;
  }
  ++missed_;
  for (auto at = frequent_.begin(); at != frequent_.end();) {
    const auto present = at++;
    if (--present->second == 0) frequent_.erase(present);
  }
}

void ValueCounter::AddConsumer(absl::Span<const uint64_t> tokens) {
  if (tokens.empty()) return;
  ++consumers_;
  for (const uint64_t token : tokens) {
    CountFrequent(token);
    if (!IsSampled(token)) continue;
    ++sampled_[token];
    while (sampled_.size() > most_values_) {
      ++level_;
      for (auto at = sampled_.begin(); at != sampled_.end();) {
        const auto present = at++;
        if (!IsSampled(present->first)) sampled_.erase(present);
      }
    }
  }
}

IndexHistogram ValueCounter::Histogram() const {
  IndexHistogram histogram;
  histogram.consumers = consumers_;
  // Certainly frequent ones are counted for themselves alone.
  const auto is_frequent = [this](uint64_t token) {
    if (level_ == 0) return false;
    const auto found = frequent_.find(token);
    return found != frequent_.end() && found->second > missed_;
  };
  for (const auto& [token, count] : sampled_) {
    histogram.values_by_count[count] +=
        is_frequent(token) ? 1 : int64_t{1} << level_;
  }
  for (const auto& [token, count] : frequent_) {
    if (is_frequent(token) && !IsSampled(token)) {
      ++histogram.values_by_count[count + missed_];
    }
  }
  return histogram;
}

}  // namespace subrosa
