// Requests in the store: a million open ones, and what is due first of them.
//
// --requests N: how many; the goals are for 1,000,000.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/request/request_desk.h"
#include "src/request/request_ledger.h"
#include "src/request/sample_request.h"
#include "src/store/connection.h"
#include "src/vault/record_store.h"
#include "src/vault/vault.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/request.pb.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/sample_vault.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr int64_t kListed = 50;
constexpr int kRounds = 21;

// As they come in over 44 days, each in its place by its clocks.
double Fill(Vault& vault, const Clock& clock, int64_t count) {
  constexpr int64_t kAtOnce = 5000;
  constexpr int64_t kDays = 44;
  const absl::Time now = clock.Now();
  RequestLedger ledger(vault, clock);
  // A million at once is how a benchmark fills a table, and nobody else: they
  // lie by random references, all over it.
  Require(vault.records().database().SetCacheBytes(int64_t{1} << 30));
  Require(vault.records().database().SetDurable(false));
  std::vector<v1::Request> samples;
  std::vector<absl::CivilDay> due;
  for (int64_t day = 0; day < kDays; ++day) {
    const absl::Time received_at = now - absl::Hours(24 * (kDays - day));
    samples.push_back(
        SampleRequest(v1::REQUEST_KIND_DELETE, "US-WA", received_at));
    due.push_back(absl::ToCivilDay(received_at, absl::UTCTimeZone()) + 45);
  }
  return SecondsOfOne([&] {
    std::vector<v1::Request> requests;
    for (int64_t i = 0; i < count; ++i) {
      requests.push_back(samples[i % kDays]);
      requests.back().set_consumer(absl::StrCat("consumer-", i));
      if (requests.size() < kAtOnce && i + 1 < count) continue;
      std::vector<NewRequest> added;
      for (size_t k = 0; k < requests.size(); ++k) {
        const size_t day = (i + 1 - requests.size() + k) % kDays;
        added.push_back({&requests[k], {due[day], due[day] + 700}});
      }
      Require(ledger.AddAll(added).status());
      requests.clear();
    }
    Require(vault.records().database().SetDurable(true));
  });
}

// What the database alone takes for the same rows.
void ReadRaw(RecordStore& records) {
  const auto rows = records.database().Prepare(
      "SELECT request_ref, sealed FROM request"
      " WHERE entity = $1 AND is_open = 1 ORDER BY due_day LIMIT $2");
  Require(rows.status());
  (*rows)->BindInt(1, records.entity_number());
  (*rows)->BindInt(2, kListed);
  int64_t seen = 0;
  while (*(*rows)->Step()) seen += (*rows)->ColumnBytes(1).empty() ? 0 : 1;
  if (seen != kListed) std::abort();
}

template <typename Desk>
void List(Desk& desk) {
  int64_t seen = 0;
  Require(desk.VisitDue(kListed, [&](const auto&) {
    ++seen;
    return absl::OkStatus();
  }));
  if (seen != kListed) std::abort();
}

std::vector<Figure> RequestFigures(int64_t count) {
  SampleVault sample;
  const SystemClock clock;
  std::vector<Figure> figures;
  Figure& filled = figures.emplace_back();
  filled.name =
      absl::StrCat("requests added with their leaves, not synced, ", count);
  filled.unit = "requests/s";
  filled.value =
      static_cast<double>(count) / Fill(sample.vault(), clock, count);

  const std::unique_ptr<Vault> other = sample.OpenAnother();
  RequestLedger ledger(*other, clock);
  const double cold = SecondsOfOne([&] { List(ledger); });
  const Comparison ledger_time = Compare(
      kRounds, [&] { List(ledger); }, [&] { ReadRaw(other->records()); });
  Figure& listed = figures.emplace_back();
  listed.name = absl::StrCat("list the next 50 due of ", count);
  listed.unit = "ms";
  listed.value = 1e3 * ledger_time.seconds;
  listed.goal = Goal::kAtMost;
  listed.bound = 10;
  Figure& raw = figures.emplace_back();
  raw.name = "the same";
  raw.unit = "ms";
  raw.value = 1e3 * ledger_time.seconds;
  raw.baseline = "the rows read, not opened";
  raw.baseline_value = 1e3 * ledger_time.baseline_seconds;
  raw.ratio = ledger_time.time_ratio;
  Figure& first = figures.emplace_back();
  first.name = "the same, the first time in a process";
  first.unit = "ms";
  first.value = 1e3 * cold;
  first.goal = Goal::kAtMost;
  first.bound = 10;

  auto desk = RequestDesk::Open(sample.OpenAnother(), SampleLawBook(),
                                SampleRequestPolicy(), clock, nullptr);
  Require(desk.status());
  Figure& with_clocks = figures.emplace_back();
  with_clocks.name = "the same, with every clock of each";
  with_clocks.unit = "ms";
  with_clocks.value = 1e3 * SecondsOf(kRounds, [&] { List(**desk); });
  with_clocks.goal = Goal::kAtMost;
  with_clocks.bound = 10;
  return figures;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  bool json = false;
  int64_t count = 1'000'000;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else if (std::strcmp(argv[i], "--requests") == 0 && i + 1 < argc) {
      count = std::atoll(argv[++i]);
    } else {
      std::fprintf(stderr, "usage: request_bench [--requests N] [--json]\n");
      return 2;
    }
  }
  return subrosa::PrintFigures("request", subrosa::RequestFigures(count), json)
             ? 0
             : 3;
}
