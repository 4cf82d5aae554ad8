#include "src/classify/span_score.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace subrosa {
namespace {

double Share(double part, double whole) {
  return whole == 0 ? 1 : part / whole;
}

}  // namespace

SpanTally& SpanTally::operator+=(const SpanTally& other) {
  labelled += other.labelled;
  found += other.found;
  matched += other.matched;
  exact += other.exact;
  labelled_bytes += other.labelled_bytes;
  covered_bytes += other.covered_bytes;
  return *this;
}

SpanScore ScoreOf(int64_t labelled, int64_t found, int64_t matched) {
  const auto right = static_cast<double>(matched);
  const auto asked = static_cast<double>(labelled);
  const auto given = static_cast<double>(found);
  SpanScore score;
  score.precision = Share(right, given);
  score.recall = Share(right, asked);
  // From the counts, since the usual form divides by zero where nothing is
  // right: F_b = (1 + b^2) matched / (b^2 labelled + found).
  score.f1 = Share(2 * right, asked + given);
  score.f2 = Share(5 * right, 4 * asked + given);
  return score;
}

SpanScore OverlapScore(const SpanTally& tally) {
  return ScoreOf(tally.labelled, tally.found, tally.matched);
}

SpanScore ExactScore(const SpanTally& tally) {
  return ScoreOf(tally.labelled, tally.found, tally.exact);
}

SpanScore MacroScore(absl::Span<const SpanTally> tallies) {
  SpanScore mean;
  if (tallies.empty()) return {1, 1, 1, 1};
  for (const SpanTally& tally : tallies) {
    const SpanScore score = OverlapScore(tally);
    mean.precision += score.precision;
    mean.recall += score.recall;
    mean.f1 += score.f1;
    mean.f2 += score.f2;
  }
  const auto count = static_cast<double>(tallies.size());
  mean.precision /= count;
  mean.recall /= count;
  mean.f1 /= count;
  mean.f2 /= count;
  return mean;
}

ScoreInterval MiddleOf(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto at = [&values](double share) {
    const auto rank = static_cast<size_t>(
        std::ceil(share * static_cast<double>(values.size())));
    return values[std::max<size_t>(rank, 1) - 1];
  };
  return {at(0.025), at(0.975)};
}

}  // namespace subrosa
