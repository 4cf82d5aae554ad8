// The whole path: a file of marked records of 1 KiB, read, classified, sealed
// and committed durably, beside plain SQLite inserts of the very rows that came
// of it: same bytes, schema, order, transactions and sync.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "tests/bench/figures.h"
#include "tests/bench/plain_rows.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr int kRounds = 3;
constexpr uint64_t kConsumers = 500;
constexpr uint32_t kRecordsPerConsumer = 100;
constexpr size_t kRowsPerTransaction = 2000;  // As Feed does.

Figure Measure(const std::string& name, bool random_order, Goal goal) {
  sample::Options options;
  options.format = sample::Format::kProtobuf;
  options.consumers = kConsumers;
  options.records_per_consumer = kRecordsPerConsumer;
  options.record_bytes = 1024;
  options.random_order = random_order;

  std::vector<double> ours;
  std::vector<double> plain;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    const ScratchFolder folder;
    const std::string file = folder / "records.pb";
    WriteSampleFile(options, file);
    const std::unique_ptr<Steward> steward = MakeHome(folder, folder / "home");
    const auto start = std::chrono::steady_clock::now();
    const FeedSummary summary = FeedFile(file, *steward);
    const double seconds = SecondsSince(start);
    const PlainRows rows = PlainRows::Read(folder / "home/records.db");
    const double plain_seconds =
        rows.InsertInto(folder / "plain.db", kRowsPerTransaction);
    if (rows.size() != summary.added) {
      Require(absl::InternalError("rows were lost"));
    }
    ours.push_back(static_cast<double>(summary.added) / seconds);
    plain.push_back(static_cast<double>(summary.added) / plain_seconds);
    ratios.push_back(plain_seconds / seconds);
  }
  Figure figure;
  figure.name = name;
  figure.unit = "records/s";
  figure.value = Median(ours);
  figure.baseline = "plain SQLite inserts of the same rows";
  figure.baseline_value = Median(plain);
  figure.ratio = Median(ratios);
  figure.goal = goal;
  figure.bound = 0.25;
  return figure;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: steward_bench [--json]\n");
    return 2;
  }
  using subrosa::Goal;
  return subrosa::PrintFigures(
             "steward",
             {subrosa::Measure("file to sealed rows, grouped by consumer",
                               false, Goal::kAtLeast),
              subrosa::Measure("file to sealed rows, random order", true,
                               Goal::kNone)},
             json)
             ? 0
             : 3;
}
