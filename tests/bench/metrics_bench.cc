// Measures a year's metrics over the requests in a store, beside a bare SELECT
// over as many rows that rest in clear, of the columns that the report is made
// from; and beside one over what is counted of them, which is all it reads.
//
// --requests N: how many [100,000]; the goal is for 10,000,000.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
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
#include "src/request/request_machine.h"
#include "src/request/request_traits.h"
#include "src/request/sample_request.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
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

absl::Time LastYearBegins(const Clock& clock) {
  return absl::FromCivil(
      absl::ToCivilYear(clock.Now(), absl::UTCTimeZone()) - 1,
      absl::UTCTimeZone());
}

// The `number`th of many: of any kind, from any of fifty places (of which no
// pack speaks but one), answered within 45 days, in whole, in part or not.
// Those of one year.
v1::Request Answered(int64_t number, absl::Time year_begins) {
  constexpr v1::RequestKind kKinds[] = {
      v1::REQUEST_KIND_KNOW,        v1::REQUEST_KIND_ACCESS,
      v1::REQUEST_KIND_CORRECT,     v1::REQUEST_KIND_OPT_OUT,
      v1::REQUEST_KIND_LIMIT,       v1::REQUEST_KIND_ACCESS_ADMT,
      v1::REQUEST_KIND_OPT_OUT_ADMT};
  constexpr v1::DenialReason kReasons[] = {
      v1::DENIAL_REASON_NOT_AUTHENTICATED, v1::DENIAL_REASON_NOT_A_CONSUMER,
      v1::DENIAL_REASON_EXEMPT, v1::DENIAL_REASON_FRAUDULENT};
  constexpr int64_t kPlaces = 50;
  // As from a generator: the digits of one number in a mixed base.
  uint64_t rest = static_cast<uint64_t>(number) * 0x9e3779b97f4a7c15;
  const auto any = [&rest](uint64_t of) {
    rest ^= rest >> 29;
    rest *= 0xbf58476d1ce4e5b9;
    return (rest >> 33) % of;
  };
  const uint64_t place = any(2) == 0 ? 0 : any(kPlaces);
  const std::string residence =
      place == 0 ? "US-CA"
                 : absl::StrCat("US-", std::string(1, 'A' + place / 7),
                                std::string(1, "BFHJQUX"[place % 7]));
  const absl::Time received_at = year_begins + absl::Hours(24 * any(300));
  const absl::Time answered_at = received_at + absl::Hours(24 * any(45));
  const v1::RequestKind kind = kKinds[any(std::size(kKinds))];
  v1::Request request = SampleRequest(kind, residence, received_at);
  if (any(5) == 0) {
    return With(request, DenialAt(answered_at, kReasons[any(4)]));
  }
  request = With(std::move(request),
                 StepAt(received_at, v1::REQUEST_EVENT_KIND_AUTHENTICATED));
  if (IsDoneByParts(kind)) {
    for (const v1::RequestEventKind step :
         {v1::REQUEST_EVENT_KIND_PART_SENT, v1::REQUEST_EVENT_KIND_PART_DONE}) {
      request =
          With(std::move(request), PartStepAt(received_at, step, "store"));
    }
  }
  return With(std::move(request),
              StepAt(answered_at, v1::REQUEST_EVENT_KIND_COMPLETED));
}

void Fill(Vault& vault, const Clock& clock, int64_t count) {
  constexpr int64_t kAtOnce = 5000;
  const absl::Time year_begins = LastYearBegins(clock);
  const absl::CivilDay keep_until =
      absl::ToCivilDay(year_begins, absl::UTCTimeZone()) + 1100;
  RequestLedger ledger(vault, clock);
  Require(vault.records().database().SetCacheBytes(int64_t{1} << 30));
  Require(vault.records().database().SetDurable(false));
  std::vector<v1::Request> requests;
  for (int64_t i = 0; i < count; ++i) {
    requests.push_back(Answered(i, year_begins));
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

constexpr char kColumns[] =
    "received_year, year, kind, residence, is_open, answer, ground, days,"
    " extended, appeals, granted";

// A row a request in clear, as nothing in a store is.
std::unique_ptr<Connection> WriteInClear(RequestLedger& ledger,
                                         const std::string& path) {
  SqliteOptions options;
  options.create = true;
  auto opened = OpenSqlite(path, options);
  Require(opened.status());
  std::unique_ptr<Connection> database = *std::move(opened);
  Require(
      database->Execute(absl::StrCat("CREATE TABLE request(", kColumns, ")")));
  const auto write = database->Prepare(
      "INSERT INTO request VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
      " $11)");
  Require(write.status());
  auto transaction = Transaction::Begin(*database);
  Require(transaction.status());
  Require(
      ledger.VisitCounts([&](const RequestTraits& traits, int64_t requests) {
        (*write)->BindInt(1, traits.received_year);
        (*write)->BindInt(2, traits.received_year);
        (*write)->BindInt(3, traits.kind);
        (*write)->BindText(4, traits.residence);
        (*write)->BindInt(5, traits.is_open ? 1 : 0);
        (*write)->BindInt(6, static_cast<int64_t>(traits.answer));
        (*write)->BindText(7, traits.ground);
        (*write)->BindInt(8, traits.days);
        (*write)->BindInt(9, traits.is_extended ? 1 : 0);
        (*write)->BindInt(10, traits.appeals);
        (*write)->BindInt(11, traits.is_granted ? 1 : 0);
        for (int64_t i = 0; i < requests; ++i) Require((*write)->Run());
        return absl::OkStatus();
      }));
  Require(transaction->Commit());
  return database;
}

// Reads every column of every row, and makes nothing of it. Returns how many
// rows there were.
int64_t ReadBare(Connection& database, const std::string& from) {
  const auto rows =
      database.Prepare(absl::StrCat("SELECT ", kColumns, " FROM ", from));
  Require(rows.status());
  int64_t count = 0;
  int64_t sum = 0;
  while (*(*rows)->Step()) {
    ++count;
    for (const int column : {0, 1, 2, 4, 5, 7, 8, 9, 10}) {
      sum += (*rows)->ColumnInt(column);
    }
    sum += static_cast<int64_t>((*rows)->ColumnBytes(3).size());
    sum += static_cast<int64_t>((*rows)->ColumnBytes(6).size());
  }
  return sum == 0 ? 0 : count;
}

int Run(int64_t count, bool json) {
  SampleVault sample;
  const ScratchFolder folder;
  const SystemClock clock;
  const double filled =
      SecondsOfOne([&] { Fill(sample.vault(), clock, count); });
  std::fprintf(stderr, "metrics_bench: %lld requests taken in, in %.0f s\n",
               static_cast<long long>(count), filled);
  RequestLedger ledger(sample.vault(), clock);
  const std::unique_ptr<Connection> in_clear =
      WriteInClear(ledger, folder / "clear.db");
  auto desk = RequestDesk::Open(sample.OpenAnother(), SampleLawBook(),
                                SampleRequestPolicy(), clock, nullptr);
  Require(desk.status());
  const LawEntry& rule = *SampleLawBook().Find("ca-ccpa/metrics");
  const absl::CivilYear year =
      absl::ToCivilYear(LastYearBegins(clock), absl::UTCTimeZone());
  const auto report = [&] {
    MetricsCounter counter(rule, year);
    Require((*desk)->VisitCounts(
        [&](const RequestTraits& traits, int64_t requests) {
          counter.Add(traits, requests);
          return absl::OkStatus();
        }));
    const auto made = counter.Finish(SampleLawBook(), "rosewater", {});
    Require(made.status());
    int64_t counted = 0;
    for (const MetricsRow& row : made->rows) counted += row.all.received;
    if (counted != count) std::abort();
  };
  int64_t rows_counted = 0;
  const Comparison beside_all = Compare(kRounds, report, [&] {
    if (ReadBare(*in_clear, "request") != count) std::abort();
  });
  Connection& records = sample.vault().records().database();
  const Comparison beside_counts = Compare(kRounds, report, [&] {
    rows_counted = ReadBare(records, "request_count");
  });
  std::vector<Figure> figures(2);
  figures[0].name = absl::StrCat("metrics of a year, of ", count, " requests");
  figures[0].baseline =
      "a bare SELECT of the same columns, of as many rows in clear";
  figures[0].baseline_value = 1e3 * beside_all.baseline_seconds;
  figures[0].value = 1e3 * beside_all.seconds;
  figures[0].ratio = beside_all.time_ratio;
  figures[1].name =
      absl::StrCat("the same, from ", rows_counted, " rows of counts");
  figures[1].baseline = "a bare SELECT of the same columns of these rows";
  figures[1].baseline_value = 1e3 * beside_counts.baseline_seconds;
  figures[1].value = 1e3 * beside_counts.seconds;
  figures[1].ratio = beside_counts.time_ratio;
  for (Figure& figure : figures) {
    figure.unit = "ms";
    figure.goal = Goal::kAtMost;
    figure.bound = 2;
  }
  return PrintFigures("notice", figures, json) ? 0 : 3;
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
