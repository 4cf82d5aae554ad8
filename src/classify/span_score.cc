#include "src/classify/span_score.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace subrosa {
namespace {

double Share(double part, double whole) {
  return whole == 0 ? 1 : part / whole;
}

double FScore(double precision, double recall, double weight) {
  const double divisor = weight * precision + recall;
  return divisor == 0 ? 0 : (1 + weight) * precision * recall / divisor;
}

}  // namespace

SpanTally& SpanTally::operator+=(const SpanTally& other) {
  labelled += other.labelled;
  covered += other.covered;
  found += other.found;
  right += other.right;
  paired += other.paired;
  exact += other.exact;
  labelled_words += other.labelled_words;
  covered_words += other.covered_words;
  found_words += other.found_words;
  right_words += other.right_words;
  labelled_bytes += other.labelled_bytes;
  covered_bytes += other.covered_bytes;
  return *this;
}

SpanScore ScoreOf(int64_t labelled, int64_t covered, int64_t found,
                  int64_t right) {
  SpanScore score;
  score.precision =
      Share(static_cast<double>(right), static_cast<double>(found));
  score.recall =
      Share(static_cast<double>(covered), static_cast<double>(labelled));
  score.f1 = FScore(score.precision, score.recall, 1);
  score.f2 = FScore(score.precision, score.recall, 4);
  return score;
}

SpanScore CoverScore(const SpanTally& tally) {
  return ScoreOf(tally.labelled, tally.covered, tally.found, tally.right);
}

SpanScore WordScore(const SpanTally& tally) {
  return ScoreOf(tally.labelled_words, tally.covered_words, tally.found_words,
                 tally.right_words);
}

SpanScore PairScore(const SpanTally& tally) {
  return ScoreOf(tally.labelled, tally.paired, tally.found, tally.paired);
}

SpanScore ExactScore(const SpanTally& tally) {
  return ScoreOf(tally.labelled, tally.exact, tally.found, tally.exact);
}

SpanScore MacroScore(absl::Span<const SpanTally> tallies) {
  SpanScore mean;
  if (tallies.empty()) return {1, 1, 1, 1};
  for (const SpanTally& tally : tallies) {
    const SpanScore score = CoverScore(tally);
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
