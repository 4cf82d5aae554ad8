// What a put and a get cost when the vault holds ten million records, beside
// what they cost when it held a hundred thousand: both on a machine whose page
// cache is full.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/bench/figures.h"
#include "tests/bench/full_page_cache.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/sample_vault.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr uint64_t kRecordsEach = 100;
constexpr uint64_t kConsumersAtOnce = 20;  // 2,000 records a batch.
constexpr uint64_t kSmall = 100'000;
// Records over which the cost of a put is taken, up to a size.
constexpr uint64_t kWindow = 50'000;
constexpr int kGets = 4000;

// $SUBROSA_BENCH_RECORDS, ten million unless told.
uint64_t RecordCount() {
  const char* const text = std::getenv("SUBROSA_BENCH_RECORDS");
  return text == nullptr ? 10'000'000 : static_cast<uint64_t>(std::atoll(text));
}

class Growth {
 public:
  // Puts until `records` are held, by consumer. Returns the seconds a record of
  // the last kWindow.
  double GrowTo(uint64_t records) {
    std::vector<double> seconds;
    SampleRecords batch;
    while (held_ < records) {
      batch.Clear();
      for (uint64_t i = 0; i < kConsumersAtOnce * kRecordsEach; ++i) {
        batch.Add((held_ + i) / kRecordsEach, (held_ + i) % kRecordsEach);
      }
      const std::vector<PutItem> items = batch.Items();
      const double took = SecondsOfOne(
          [&] { Require(sample_.vault().PutBatch(items).status()); });
      held_ += items.size();
      if (held_ + kWindow > records) {
        seconds.push_back(took / static_cast<double>(items.size()));
      }
    }
    double sum = 0;
    for (const double each : seconds) sum += each;
    return sum / static_cast<double>(seconds.size());
  }

  // The median seconds of getting a record of a consumer whose key was opened.
  double Get() {
    std::vector<double> seconds;
    for (uint64_t i = 0; i < kGets; ++i) {
      // Spread over all.
      const uint64_t consumer = i * 7919 % (held_ / kRecordsEach);
      const std::string id = SampleRecords::IdOf(i % kRecordsEach);
      const std::string name = SampleRecords::ConsumerOf(consumer);
      Require(sample_.vault().Get(name, "bench", id).status());
      const std::string next = SampleRecords::IdOf((i + 1) % kRecordsEach);
      seconds.push_back(SecondsOfOne(
          [&] { Require(sample_.vault().Get(name, "bench", next).status()); }));
    }
    return Median(std::move(seconds));
  }

 private:
  SampleVault sample_;
  uint64_t held_ = 0;
};

Figure MakeFigure(const std::string& what, uint64_t records, double seconds,
                  double small_seconds) {
  Figure figure;
  figure.name = absl::StrCat(what, " when ", records, " records are held");
  figure.unit = "us";
  figure.value = 1e6 * seconds;
  figure.baseline = absl::StrCat("the same when ", kSmall, " are held");
  figure.baseline_value = 1e6 * small_seconds;
  figure.ratio = seconds / small_seconds;
  figure.goal = Goal::kAtMost;
  figure.bound = 1.3;
  return figure;
}

int Main(bool json) {
  const uint64_t records = RecordCount();
  const ScratchFolder folder;
  const FullPageCache full_page_cache(folder / "");
  Growth growth;
  const double small_put = growth.GrowTo(kSmall);
  const double small_get = growth.Get();
  const double put = growth.GrowTo(records);
  const double get = growth.Get();
  const std::vector<Figure> figures = {
      MakeFigure("a put, grouped by consumer,", records, put, small_put),
      MakeFigure("a get", records, get, small_get)};
  return PrintFigures("vault", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: vault_growth_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
