// Figures: what a benchmark measured, beside its baseline from the same run and
// the goal that bounds it, as a table for people or lines of JSON for
// tools/bench.
#ifndef SUBROSA_TESTS_BENCH_FIGURES_H_
#define SUBROSA_TESTS_BENCH_FIGURES_H_

#include <functional>
#include <string>
#include <vector>

namespace subrosa {

enum class Goal { kNone, kAtLeast, kAtMost };

// One measured value. A goal bounds the ratio to the baseline, or the value
// itself where there is no baseline (`baseline` empty).
struct Figure {
  std::string name;
  std::string unit;
  double value = 0;
  std::string baseline;
  double baseline_value = 0;
  double ratio = 0;
  Goal goal = Goal::kNone;
  double bound = 0;

  bool Holds() const;
};

// Two things measured in turns.
struct Comparison {
  double seconds = 0;           // Of one call of the first: the median.
  double baseline_seconds = 0;  // Of one call of the second.
  double time_ratio = 0;        // Median over the rounds of first by second.
};

// Calls `first` and `second` in turns, `rounds` times about 2 ms each, so that
// whatever else the machine does meets both. Time is the calling thread's
// processor time: for work that neither waits nor uses other threads.
Comparison Compare(int rounds, const std::function<void()>& first,
                   const std::function<void()>& second);

// Processor seconds of one call, the median of `rounds` times about 2 ms.
double SecondsOf(int rounds, const std::function<void()>& call);

// Prints the figures of `room` to stdout. Returns whether all goals hold.
bool PrintFigures(const std::string& room, const std::vector<Figure>& figures,
                  bool json);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_FIGURES_H_
