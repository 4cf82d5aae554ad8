// Peak memory of taking 1 GB of NDJSON into a home. The passphrase's key
// derivation is over by then; what it took is not counted, all else is: the
// program itself, its libraries, both databases' caches.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"

namespace subrosa {
namespace {

constexpr double kMegabyte = 1e6;

// Peak resident memory since the last reset, from the kernel.
double PeakBytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    absl::string_view rest = line;
    double kibibytes = 0;
    if (absl::ConsumePrefix(&rest, "VmHWM:") &&
        absl::SimpleAtod(
            absl::StripSuffix(absl::StripAsciiWhitespace(rest), " kB"),
            &kibibytes)) {
      return kibibytes * 1024;
    }
  }
  Require(absl::UnavailableError("/proc/self/status says no peak"));
  return 0;
}

void ResetPeak() {
  std::ofstream clear("/proc/self/clear_refs");
  clear << "5";
  clear.flush();
  if (!clear) Require(absl::UnavailableError("the peak cannot be reset"));
}

Figure Measure() {
  const ScratchFolder folder;
  const std::string file = folder / "records.ndjson";
  sample::Options options;
  options.consumers = 1000000;
  options.output_bytes = 1000000000;
  WriteSampleFile(options, file);
  const std::unique_ptr<Steward> steward = MakeHome(folder, folder / "home");
  ResetPeak();
  FeedFile(file, *steward);
  Figure figure;
  figure.name = "peak memory of ingest of 1 GB of NDJSON";
  figure.unit = "MB";
  figure.value = PeakBytes() / kMegabyte;
  figure.goal = Goal::kAtMost;
  figure.bound = 64;
  return figure;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: steward_memory_bench [--json]\n");
    return 2;
  }
  return subrosa::PrintFigures("steward", {subrosa::Measure()}, json) ? 0 : 3;
}
