// The erasure of a consumer with a million records: when their key is gone, and
// what others notice while the rows are swept.
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/vault/housekeeper.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/sample_vault.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr uint64_t kRecordsAtOnce = 2000;
constexpr uint64_t kErased = 0;  // The consumer who has them all.
constexpr uint64_t kOthers = 1000;
constexpr int kCalls = 2000;

// $SUBROSA_BENCH_RECORDS, a million unless told.
uint64_t RecordCount() {
  const char* const text = std::getenv("SUBROSA_BENCH_RECORDS");
  return text == nullptr ? 1'000'000 : static_cast<uint64_t>(std::atoll(text));
}

// What another process's calls took.
struct Latencies {
  std::vector<double> puts;
  std::vector<double> gets;
};

// One put and one get in turns, of consumers who stay.
class Others {
 public:
  explicit Others(SampleVault& sample) : vault_(sample.OpenAnother()) {
    for (uint64_t i = 1; i <= kOthers; ++i) Put(i, 0);
  }

  Latencies Measure() {
    Latencies latencies;
    for (int i = 0; i < kCalls; ++i) {
      const uint64_t consumer = 1 + (static_cast<uint64_t>(i) * 7919) % kOthers;
      const uint64_t number = ++number_;
      latencies.puts.push_back(Put(consumer, number));
      latencies.gets.push_back(SecondsOfOne([&] {
        Require(vault_
                    ->Get(SampleRecords::ConsumerOf(consumer), "bench",
                          SampleRecords::IdOf(0))
                    .status());
      }));
    }
    return latencies;
  }

 private:
  double Put(uint64_t consumer, uint64_t number) {
    SampleRecords record;
    record.Add(consumer, number);
    const std::vector<PutItem> items = record.Items();
    return SecondsOfOne([&] { Require(vault_->PutBatch(items).status()); });
  }

  std::unique_ptr<Vault> vault_;
  uint64_t number_ = 0;
};

double Mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

Figure Compared(const std::string& name, double seconds, double before,
                Goal goal) {
  Figure figure;
  figure.name = name;
  figure.unit = "us";
  figure.value = 1e6 * seconds;
  figure.baseline = "before";
  figure.baseline_value = 1e6 * before;
  figure.ratio = seconds / before;
  figure.goal = goal;
  figure.bound = 2;
  return figure;
}

int Main(bool json) {
  const uint64_t records = RecordCount();
  SampleVault sample;
  for (uint64_t number = 0; number < records; number += kRecordsAtOnce) {
    SampleRecords batch;
    for (uint64_t i = 0; i < kRecordsAtOnce; ++i) {
      batch.Add(kErased, number + i);
    }
    Require(sample.vault().PutBatch(batch.Items()).status());
  }
  Others others(sample);
  others.Measure();  // Warm.
  const Latencies before = others.Measure();

  Housekeeper housekeeper(sample.OpenAnother());
  const double destroyed = SecondsOfOne([&] {
    Require(sample.vault()
                .DestroyKeys(SampleRecords::ConsumerOf(kErased))
                .status());
  });
  housekeeper.Wake();
  const Latencies during = others.Measure();
  double swept = 0;
  int64_t rows = 0;
  swept = SecondsOfOne([&] {
    const auto finished = housekeeper.Finish(nullptr);
    Require(finished.status());
    rows = *finished;
  });
  if (rows != static_cast<int64_t>(records)) {
    Require(absl::InternalError(absl::StrCat("rows swept: ", rows)));
  }

  std::vector<Figure> figures(1);
  figures[0].name = absl::StrCat("destroying the key of a consumer with ",
                                 records, " records, durably");
  figures[0].unit = "ms";
  figures[0].value = 1e3 * destroyed;
  figures[0].goal = Goal::kAtMost;
  figures[0].bound = 10;
  figures.push_back(Compared("another's durable put meanwhile, the median",
                             Median(during.puts), Median(before.puts),
                             Goal::kAtMost));
  figures.push_back(Compared("another's get meanwhile, the median",
                             Median(during.gets), Median(before.gets),
                             Goal::kAtMost));
  figures.push_back(Compared("another's durable put meanwhile, the mean",
                             Mean(during.puts), Mean(before.puts),
                             Goal::kAtMost));
  figures.push_back(Compared("another's get meanwhile, the mean",
                             Mean(during.gets), Mean(before.gets),
                             Goal::kAtMost));
  Figure rest;
  rest.name = "sweeping what was left of the rows, in a hurry";
  rest.unit = "s";
  rest.value = swept;
  figures.push_back(rest);
  return PrintFigures("vault", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: vault_erasure_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
