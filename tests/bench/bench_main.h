// The command line that benchmarks share.
#ifndef SUBROSA_TESTS_BENCH_BENCH_MAIN_H_
#define SUBROSA_TESTS_BENCH_BENCH_MAIN_H_

#include <functional>

#include "absl/strings/string_view.h"

namespace subrosa {

// Runs `run(runs, json)` as `name [--json] [--runs=N]` says, N at least 1 and
// by default `runs`. Returns what the program exits with: 0, or 2 after wrong
// usage.
int BenchMain(int argc, char** argv, absl::string_view name, int runs,
              const std::function<void(int runs, bool json)>& run);

// Megabytes that this process holds in memory now; 0 where that is not told.
double ResidentMegabytes();

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_BENCH_MAIN_H_
