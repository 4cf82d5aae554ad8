// The plan of an erasure, of somebody of whom very much is held and whom very
// many were given. $SUBROSA_BENCH_RECORDS, a million unless told, says how
// much.
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
#include "src/base/clock.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_plan.h"
#include "src/erasure/erasure_run.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/consent_gate.h"
#include "src/steward/home.h"
#include "src/steward/sharing.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/vault/put_item.h"
#include "src/vault/vault.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr char kConsumer[] = "consumer-of-much";
constexpr int kRecipients = 200;
constexpr int kDisclosuresOfEach = 3;
constexpr uint64_t kAtOnce = 2000;
constexpr int kRounds = 11;

uint64_t RecordCount() {
  const char* const text = std::getenv("SUBROSA_BENCH_RECORDS");
  return text == nullptr ? 1'000'000 : static_cast<uint64_t>(std::atoll(text));
}

void PutRecords(Vault& vault, uint64_t count) {
  v1::MoodCheckIn mood;
  mood.set_score(3);
  for (uint64_t i = 0; i < count; i += kAtOnce) {
    std::vector<v1::HealthRecord> records(std::min(kAtOnce, count - i));
    std::vector<PutItem> items(records.size());
    for (size_t j = 0; j < records.size(); ++j) {
      records[j].set_consumer(kConsumer);
      records[j].set_source("bench");
      records[j].set_id(absl::StrCat("entry-", i + j));
      records[j].set_purpose("self-reflection");
      records[j].mutable_collected_at()->set_seconds(1700000000);
      records[j].mutable_payload()->PackFrom(mood);
      items[j].record = &records[j];
      items[j].kinds.categories = 1;
    }
    Require(vault.PutBatch(items).status());
  }
}

void GiveToRecipients(Steward& steward) {
  std::vector<v1::Recipient> recipients(kRecipients);
  std::vector<v1::Disclosure> entries;
  for (int i = 0; i < kRecipients; ++i) {
    v1::Recipient& recipient = recipients[i];
    recipient.set_id(absl::StrCat("recipient-", i));
    recipient.set_name(absl::StrCat("Recipient ", i));
    recipient.set_role(v1::RECIPIENT_ROLE_PROCESSOR);
    recipient.mutable_contact()->set_email("privacy@recipient.example");
    recipient.add_purpose("hosting");
    for (int j = 0; j < kDisclosuresOfEach; ++j) {
      v1::Disclosure& entry = entries.emplace_back();
      entry.set_consumer(kConsumer);
      entry.set_recipient(recipient.id());
      entry.set_purpose("hosting");
      entry.add_category(v1::HEALTH_CATEGORY_CONDITIONS);
      entry.mutable_at()->set_seconds(absl::ToUnixSeconds(absl::Now()) - 60 -
                                      j);
    }
  }
  Require(steward.Recipients()
              .Put(recipients, CivilDayOf(DayOf(absl::Now())))
              .status());
  Require(steward.gate().Refresh());
  const auto sharing = steward.OpenSharing();
  Require(sharing.status());
  const auto declared = (*sharing)->Declare(entries, DeclareMode::kRecord);
  Require(declared.status());
  for (const DeclaredResult& each : *declared) Require(each.entry.status);
}

// Seconds of one call, the median of some.
template <typename Call>
double SecondsOfEach(Call call) {
  std::vector<double> seconds;
  for (int i = 0; i < kRounds; ++i) seconds.push_back(SecondsOfOne(call));
  return Median(std::move(seconds));
}

int Main(bool json) {
  const uint64_t count = RecordCount();
  const ScratchFolder folder;
  const std::unique_ptr<Steward> steward = MakeHome(folder, folder / "home");
  PutRecords(**steward->OpenUngatedVault(), count);
  GiveToRecipients(*steward);
  const absl::StatusOr<std::unique_ptr<ErasureRun>> run =
      ErasureRun::Open(*steward);
  Require(run.status());
  ErasureOrder order;
  order.consumer = kConsumer;
  order.times = {absl::Now(), absl::Now()};

  int parties = 0;
  const double planned = SecondsOfEach([&] {
    const absl::StatusOr<ErasurePlan> plan = (*run)->planner().Plan(order);
    Require(plan.status());
    parties = plan->draft.erasure.party_size();
  });
  if (parties != kRecipients) {
    Require(absl::InternalError(absl::StrCat("parties: ", parties)));
  }
  const auto records = OpenRecordDatabase(folder / "home");
  Require(records.status());
  const auto raw = (*records)->Prepare(
      "SELECT count(*) FROM record WHERE entity = 1 AND data_ref ="
      " (SELECT data_ref FROM record LIMIT 1)");
  Require(raw.status());
  const double counted = SecondsOfEach([&] {
    Require((*raw)->Step().status());
    (*raw)->Reset();
  });

  std::vector<Figure> figures(2);
  figures[0].name =
      absl::StrCat("planning the erasure of a consumer with ", count,
                   " records and ", kRecipients, " recipients");
  figures[0].unit = "ms";
  figures[0].value = planned * 1e3;
  figures[0].goal = Goal::kAtMost;
  figures[0].bound = 50;
  figures[1].name = "the same beside counting all of their rows";
  figures[1].unit = "ms";
  figures[1].value = planned * 1e3;
  figures[1].baseline = "their rows counted in the index, by SQL alone";
  figures[1].baseline_value = counted * 1e3;
  figures[1].ratio = planned / counted;
  return PrintFigures("erasure", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: erasure_plan_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
