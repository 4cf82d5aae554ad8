#include "tests/bench/figures.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace subrosa {
namespace {

constexpr double kWindowSeconds = 0.002;

double ThreadSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         1e-9 * static_cast<double>(now.tv_nsec);
}

double Elapsed(int calls, const std::function<void()>& call) {
  const double start = ThreadSeconds();
  for (int i = 0; i < calls; ++i) call();
  return ThreadSeconds() - start;
}

// How many calls fill a window; warms up on the way.
int CallsPerWindow(const std::function<void()>& call) {
  int calls = 1;
  while (Elapsed(calls, call) < kWindowSeconds && calls < (1 << 24)) calls *= 2;
  return calls;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

const char* GoalName(Goal goal) {
  return goal == Goal::kAtLeast ? "at_least" : "at_most";
}

void PrintJson(const std::string& room, const Figure& figure) {
  std::printf("{\"room\":\"%s\",\"name\":\"%s\",\"unit\":\"%s\",\"value\":%.6g",
              room.c_str(), figure.name.c_str(), figure.unit.c_str(),
              figure.value);
  if (!figure.baseline.empty()) {
    std::printf(",\"baseline\":{\"name\":\"%s\",\"value\":%.6g},\"ratio\":%.4g",
                figure.baseline.c_str(), figure.baseline_value, figure.ratio);
  }
  if (figure.goal != Goal::kNone) {
    std::printf(",\"%s\":%.4g,\"holds\":%s", GoalName(figure.goal),
                figure.bound, figure.Holds() ? "true" : "false");
  }
  std::printf("}\n");
}

void PrintRow(const Figure& figure) {
  std::printf("%-44s %10.4g %-12s", figure.name.c_str(), figure.value,
              figure.unit.c_str());
  if (!figure.baseline.empty()) {
    std::printf(" %6.2f of %-28s (%.4g)", figure.ratio, figure.baseline.c_str(),
                figure.baseline_value);
  }
  if (figure.goal != Goal::kNone) {
    std::printf("  want %s %.4g: %s",
                figure.goal == Goal::kAtLeast ? "at least" : "at most",
                figure.bound, figure.Holds() ? "holds" : "DOES NOT HOLD");
  }
  std::printf("\n");
}

}  // namespace

bool Figure::Holds() const {
  const double judged = baseline.empty() ? value : ratio;
  switch (goal) {
    case Goal::kNone:
      return true;
    case Goal::kAtLeast:
      return judged >= bound;
    case Goal::kAtMost:
      return judged <= bound;
  }
  return false;
}

Comparison Compare(int rounds, const std::function<void()>& first,
                   const std::function<void()>& second) {
  const int first_calls = CallsPerWindow(first);
  const int second_calls = CallsPerWindow(second);
  std::vector<double> times;
  std::vector<double> baseline_times;
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    times.push_back(Elapsed(first_calls, first) / first_calls);
    baseline_times.push_back(Elapsed(second_calls, second) / second_calls);
    ratios.push_back(times.back() / baseline_times.back());
  }
  Comparison comparison;
  comparison.seconds = Median(times);
  comparison.baseline_seconds = Median(baseline_times);
  comparison.time_ratio = Median(ratios);
  return comparison;
}

double SecondsOf(int rounds, const std::function<void()>& call) {
  const int calls = CallsPerWindow(call);
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    times.push_back(Elapsed(calls, call) / calls);
  }
  return Median(times);
}

bool PrintFigures(const std::string& room, const std::vector<Figure>& figures,
                  bool json) {
  bool all_hold = true;
  for (const Figure& figure : figures) {
    if (json) {
      PrintJson(room, figure);
    } else {
      PrintRow(figure);
    }
    all_hold = all_hold && figure.Holds();
  }
  return all_hold;
}

}  // namespace subrosa
