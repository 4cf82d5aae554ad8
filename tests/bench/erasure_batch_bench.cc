// A batch of erasures from their orders to their certificates, with the keys
// durably destroyed, and what it takes of memory.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/erasure/erasure_run.h"
#include "src/steward/steward.h"
#include "src/vault/vault.h"
#include "tests/bench/bench_main.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/sample_vault.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr uint64_t kAtOnce = 1000;
constexpr uint64_t kOrderedAtOnce = 10'000;

// $SUBROSA_BENCH_CONSUMERS, a hundred thousand unless told.
uint64_t ConsumerCount() {
  const char* const text = std::getenv("SUBROSA_BENCH_CONSUMERS");
  return text == nullptr ? 100'000 : static_cast<uint64_t>(std::atoll(text));
}

void PutConsumers(Vault& vault, uint64_t count) {
  for (uint64_t i = 0; i < count; i += kAtOnce) {
    SampleRecords batch;
    for (uint64_t j = i; j < std::min(i + kAtOnce, count); ++j) batch.Add(j, 0);
    Require(vault.PutBatch(batch.Items()).status());
  }
}

void OrderAll(ErasureRun& run, uint64_t count) {
  for (uint64_t i = 0; i < count; i += kOrderedAtOnce) {
    std::vector<ErasureOrder> orders;
    for (uint64_t j = i; j < std::min(i + kOrderedAtOnce, count); ++j) {
      ErasureOrder& order = orders.emplace_back();
      order.consumer = SampleRecords::ConsumerOf(j);
      order.times = {absl::Now(), absl::Now()};
    }
    const auto statuses = run.Order(orders);
    Require(statuses.status());
    for (const absl::Status& status : *statuses) Require(status);
  }
}

Figure Seconds(const std::string& name, double seconds) {
  Figure figure;
  figure.name = name;
  figure.unit = "s";
  figure.value = seconds;
  return figure;
}

int Main(bool json) {
  const uint64_t count = ConsumerCount();
  const ScratchFolder folder;
  const std::unique_ptr<Steward> steward = MakeHome(folder, folder / "home");
  PutConsumers(**steward->OpenUngatedVault(), count);
  const absl::StatusOr<std::unique_ptr<ErasureRun>> run =
      ErasureRun::Open(*steward);
  Require(run.status());

  const double before = ResidentMegabytes();
  const double ordered = SecondsOfOne([&] { OrderAll(**run, count); });
  const double destroyed =
      SecondsOfOne([&] { Require((*run)->Continue().status()); });
  uint64_t files = 0;
  uint64_t bytes = 0;
  const double written = SecondsOfOne([&] {
    Require((*run)->VisitIssued(
        [&](const v1::StoredErasure&, const std::string& file) {
          ++files;
          bytes += file.size();
          return absl::OkStatus();
        }));
  });
  const double after = ResidentMegabytes();
  if (files != count) {
    Require(absl::InternalError(absl::StrCat("certificates: ", files)));
  }

  std::vector<Figure> figures(1);
  figures[0].name = absl::StrCat("erasing ", count,
                                 " consumers in one batch, keys durably "
                                 "destroyed, certificates issued");
  figures[0].unit = "s";
  figures[0].value = ordered + destroyed + written;
  figures[0].goal = Goal::kAtMost;
  figures[0].bound = 15;
  figures.push_back(Seconds("of that, ordering them", ordered));
  figures.push_back(Seconds("of that, destroying keys and issuing", destroyed));
  figures.push_back(Seconds("of that, proving each in its file", written));
  Figure memory;
  memory.name = "growth of memory over it";
  memory.unit = "MB";
  memory.value = after - before;
  memory.goal = Goal::kAtMost;
  memory.bound =
      128;  // Of caches, whatever the number: 86 at 50,000, 79 at 200,000.
  figures.push_back(memory);
  Figure size;
  size.name = "a certificate";
  size.unit = "bytes";
  size.value = static_cast<double>(bytes) / static_cast<double>(files);
  figures.push_back(size);
  return PrintFigures("erasure", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: erasure_batch_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
