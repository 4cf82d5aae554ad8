#include "tests/bench/bench_main.h"

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace subrosa {

int BenchMain(int argc, char** argv, absl::string_view name, int runs,
              const std::function<void(int runs, bool json)>& run) {
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (argument == "--json") {
      json = true;
    } else if (!absl::ConsumePrefix(&argument, "--runs=") ||
               !absl::SimpleAtoi(argument, &runs) || runs < 1) {
      std::fprintf(stderr, "usage: %s [--json] [--runs=N]\n",
                   std::string(name).c_str());
      return 2;
    }
  }
  run(runs, json);
  return 0;
}

double ResidentMegabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    absl::string_view rest = line;
    int64_t kilobytes = 0;
    if (absl::ConsumePrefix(&rest, "VmRSS:") &&
        absl::SimpleAtoi(absl::StripSuffix(rest, " kB"), &kilobytes)) {
      return static_cast<double>(kilobytes) / 1e3;
    }
  }
  return 0;
}

}  // namespace subrosa
