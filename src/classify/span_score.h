// The arithmetic of an evaluation: counts of labels and finds, and what they
// come to. Safe to call from any thread.
#ifndef SUBROSA_SRC_CLASSIFY_SPAN_SCORE_H_
#define SUBROSA_SRC_CLASSIFY_SPAN_SCORE_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

namespace subrosa {

// What was counted; src/classify/span_match.h says when a label is covered and
// a find right.
struct SpanTally {
  int64_t labelled = 0;  // Spans that people marked,
  int64_t covered = 0;   // and of those what is covered.
  int64_t found = 0;     // Spans that we found,
  int64_t right = 0;     // and of those what is right.
  int64_t paired = 0;    // Pairs of one and one that overlap.
  int64_t exact = 0;     // Pairs of one and one that are equal.
  // The same by words.
  int64_t labelled_words = 0;
  int64_t covered_words = 0;
  int64_t found_words = 0;
  int64_t right_words = 0;
  int64_t labelled_bytes = 0;
  int64_t covered_bytes = 0;  // Of those, what any find covers.

  SpanTally& operator+=(const SpanTally& other);
};

// Each from 0 to 1. What nothing was asked of counts as 1: recall where nothing
// was labelled, precision where nothing was found, F where both.
struct SpanScore {
  double precision = 0;  // right / found
  double recall = 0;     // covered / labelled
  double f1 = 0;
  double f2 = 0;  // Recall counts four times as much: a miss leaks.
};

SpanScore ScoreOf(int64_t labelled, int64_t covered, int64_t found,
                  int64_t right);

// The score by what is covered and right; by words; by overlapping pairs, and
// by equal ones.
SpanScore CoverScore(const SpanTally& tally);
SpanScore WordScore(const SpanTally& tally);
SpanScore PairScore(const SpanTally& tally);
SpanScore ExactScore(const SpanTally& tally);

// The mean of each cover score over `tallies`, every one counting alike.
SpanScore MacroScore(absl::Span<const SpanTally> tallies);

// The middle 95 percent of a figure over resampled documents.
struct ScoreInterval {
  double low = 0;
  double high = 0;
};

// The 2.5th and the 97.5th percentile of `values`, by nearest rank; zero and
// zero for none.
ScoreInterval MiddleOf(std::vector<double> values);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_SPAN_SCORE_H_
