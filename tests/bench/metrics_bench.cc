// Measures a year's metrics over the requests in a store, beside reading the
// same rows and opening nothing.
//
// --requests N: how many [100,000]; the goal is for 10,000,000.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/law/law_book.h"
#include "src/notice/metrics_report.h"
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

constexpr int kRounds = 3;

// Answered, and closed as they are once nothing can follow any more.
v1::Request Answered(v1::RequestKind kind, absl::Time received_at) {
  const absl::Time answered_at = received_at + absl::Hours(24 * 7);
  return With(With(SampleRequest(kind, "US-CA", received_at),
                   StepAt(received_at, v1::REQUEST_EVENT_KIND_AUTHENTICATED)),
              StepAt(answered_at, v1::REQUEST_EVENT_KIND_COMPLETED));
}

void Fill(Vault& vault, const Clock& clock, int64_t count) {
  constexpr int64_t kAtOnce = 5000;
  const absl::Time received_at = clock.Now() - absl::Hours(24 * 30);
  const std::vector<v1::Request> samples = {
      Answered(v1::REQUEST_KIND_KNOW, received_at),
      Answered(v1::REQUEST_KIND_ACCESS, received_at)};
  const absl::CivilDay keep_until =
      absl::ToCivilDay(received_at, absl::UTCTimeZone()) + 760;
  RequestLedger ledger(vault, clock);
  Require(vault.records().database().SetCacheBytes(int64_t{1} << 30));
  Require(vault.records().database().SetDurable(false));
  std::vector<v1::Request> requests;
  for (int64_t i = 0; i < count; ++i) {
    requests.push_back(samples[static_cast<size_t>(i % 2)]);
    requests.back().set_consumer(absl::StrCat("consumer-", i));
    if (static_cast<int64_t>(requests.size()) < kAtOnce && i + 1 < count) {
      continue;
    }
    std::vector<NewRequest> added;
    added.reserve(requests.size());
    for (const v1::Request& request : requests) {
      added.push_back({&request, {kNoDueDay, keep_until}});
    }
    Require(ledger.AddAll(added).status());
    requests.clear();
  }
  Require(vault.records().database().SetDurable(true));
}

void ReadRaw(RecordStore& records, int64_t count) {
  const auto rows = records.database().Prepare(
      "SELECT request_ref, revision, is_open, due_day, year, consumer_tag,"
      " sealed FROM request WHERE entity = $1");
  Require(rows.status());
  (*rows)->BindInt(1, records.entity_number());
  int64_t seen = 0;
  while (*(*rows)->Step()) seen += (*rows)->ColumnBytes(6).empty() ? 0 : 1;
  if (seen != count) std::abort();
}

int Run(int64_t count, bool json) {
  SampleVault sample;
  const SystemClock clock;
  Fill(sample.vault(), clock, count);
  const std::unique_ptr<Vault> raw = sample.OpenAnother();
  auto desk = RequestDesk::Open(sample.OpenAnother(), SampleLawBook(),
                                SampleRequestPolicy(), clock);
  Require(desk.status());
  const LawEntry& rule = *SampleLawBook().Find("ca-ccpa/metrics");
  const absl::Time now = clock.Now();
  const absl::CivilYear year =
      absl::ToCivilYear(now - absl::Hours(24 * 30), absl::UTCTimeZone());
  const Comparison compared = Compare(
      kRounds,
      [&] {
        MetricsCounter counter(rule, year);
        Require((*desk)->VisitToCount([&](const RequestView& view) {
          counter.Add(view, now);
          return absl::OkStatus();
        }));
        const auto report = counter.Finish(SampleLawBook(), "rosewater", {});
        Require(report.status());
        int64_t counted = 0;
        for (const MetricsRow& row : report->rows) {
          counted += row.residents.completed;
        }
        if (counted != count) std::abort();
      },
      [&] { ReadRaw(raw->records(), count); });
  Figure figure;
  figure.name = absl::StrCat("metrics of a year, of ", count, " requests");
  figure.unit = "us a request";
  figure.value = 1e6 * compared.seconds / static_cast<double>(count);
  figure.baseline = "the rows read, not opened";
  figure.baseline_value =
      1e6 * compared.baseline_seconds / static_cast<double>(count);
  figure.ratio = compared.time_ratio;
  figure.goal = Goal::kAtMost;
  figure.bound = 2;
  return PrintFigures("notice", {figure}, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  bool json = false;
  int64_t count = 100'000;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else if (std::strcmp(argv[i], "--requests") == 0 && i + 1 < argc) {
      count = std::atoll(argv[++i]);
    } else {
      std::fprintf(stderr, "usage: metrics_bench [--requests N] [--json]\n");
      return 2;
    }
  }
  return subrosa::Run(count, json);
}
