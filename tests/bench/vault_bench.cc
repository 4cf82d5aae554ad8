// The vault at its daily work: records of 1 KiB put in batches, beside plain
// SQLite inserts of the very rows that came of it (same bytes, schema, order,
// transactions and sync), and records got one at a time.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/figures.h"
#include "tests/bench/plain_rows.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/sample_vault.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr int kRounds = 5;
constexpr uint64_t kConsumers = 1000;
constexpr uint64_t kRecordsEach = 100;
constexpr size_t kRecordsAtOnce = 2000;
constexpr int kGets = 2000;

// Which record of whom.
struct Place {
  uint64_t consumer;
  uint64_t number;
};

std::vector<Place> Grouped(uint64_t first_number) {
  std::vector<Place> places;
  for (uint64_t consumer = 0; consumer < kConsumers; ++consumer) {
    for (uint64_t i = 0; i < kRecordsEach; ++i) {
      places.push_back({consumer, first_number + i});
    }
  }
  return places;
}

// Puts all, and returns the seconds that PutBatch took.
double PutAll(Vault& vault, const std::vector<Place>& places) {
  double seconds = 0;
  SampleRecords records;
  for (size_t first = 0; first < places.size(); first += kRecordsAtOnce) {
    records.Clear();
    const size_t end = std::min(places.size(), first + kRecordsAtOnce);
    for (size_t i = first; i < end; ++i) {
      records.Add(places[i].consumer, places[i].number);
    }
    const std::vector<PutItem> items = records.Items();
    seconds += SecondsOfOne([&] { Require(vault.PutBatch(items).status()); });
  }
  return seconds;
}

struct PutTimes {
  std::vector<double> ours;
  std::vector<double> plain;
  std::vector<double> ratios;

  void Add(double our_seconds, double plain_seconds) {
    ours.push_back(our_seconds);
    plain.push_back(plain_seconds);
    ratios.push_back(plain_seconds / our_seconds);
  }
  Figure ToFigure(const std::string& name) const {
    constexpr double kRecords = kConsumers * kRecordsEach;
    Figure figure;
    figure.name = name;
    figure.unit = "records/s";
    figure.value = kRecords / Median(ours);
    figure.baseline = "plain SQLite inserts of the same rows";
    figure.baseline_value = kRecords / Median(plain);
    figure.ratio = Median(ratios);
    figure.goal = Goal::kAtLeast;
    figure.bound = 0.7;
    return figure;
  }
};

std::vector<Figure> PutFigures() {
  PutTimes grouped;
  PutTimes scattered;
  for (int round = 0; round < kRounds; ++round) {
    SampleVault sample;
    const ScratchFolder folder;
    const double grouped_seconds = PutAll(sample.vault(), Grouped(0));
    grouped.Add(grouped_seconds,
                PlainRows::Read(sample.PathOf("records"))
                    .InsertInto(folder / "plain", kRecordsAtOnce));

    std::vector<Place> places = Grouped(kRecordsEach);
    std::shuffle(places.begin(), places.end(),
                 std::mt19937(static_cast<unsigned>(round)));
    const int64_t last = sample.LastRow();
    const double scattered_seconds = PutAll(sample.vault(), places);
    scattered.Add(scattered_seconds,
                  PlainRows::Read(sample.PathOf("records"), last)
                      .InsertInto(folder / "plain", kRecordsAtOnce));
  }
  return {
      grouped.ToFigure("PutBatch of 1 KiB records, grouped by new consumers"),
      scattered.ToFigure(
          "PutBatch of 1 KiB records, of existing consumers in random order")};
}

std::vector<Figure> GetFigures() {
  SampleVault sample;
  PutAll(sample.vault(), Grouped(0));
  const auto get = [](Vault& vault, uint64_t consumer, uint64_t number) {
    return SecondsOfOne([&] {
      Require(vault
                  .Get(SampleRecords::ConsumerOf(consumer), "bench",
                       SampleRecords::IdOf(number))
                  .status());
    });
  };
  std::vector<double> cold;
  std::vector<double> warm;
  while (cold.size() < kGets) {
    // Opens every consumer's key once; and again.
    const std::unique_ptr<Vault> vault = sample.OpenAnother();
    for (uint64_t consumer = 0; consumer < kConsumers; ++consumer) {
      cold.push_back(get(*vault, consumer, consumer % kRecordsEach));
    }
    for (uint64_t consumer = 0; consumer < kConsumers; ++consumer) {
      warm.push_back(get(*vault, consumer, (consumer + 1) % kRecordsEach));
    }
  }
  std::vector<Figure> figures(2);
  figures[0].name = "Get of a 1 KiB record, its consumer's key in memory";
  figures[0].value = 1e6 * Median(warm);
  figures[0].bound = 15;
  figures[1].name = "Get of a 1 KiB record, its consumer's key not opened yet";
  figures[1].value = 1e6 * Median(cold);
  figures[1].bound = 60;
  for (Figure& figure : figures) {
    figure.unit = "us";
    figure.goal = Goal::kAtMost;
  }
  return figures;
}

int Main(bool json) {
  std::vector<Figure> figures = PutFigures();
  for (Figure& figure : GetFigures()) figures.push_back(std::move(figure));
  return PrintFigures("vault", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: vault_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
