// Choices in the store: recording them with their leaves, reading what stands
// of them, and what all that adds to a put.
#include <time.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/steward/consent_gate.h"
#include "src/steward/home.h"
#include "src/steward/steward.h"
#include "src/vault/put_item.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/wellness.pb.h"
#include "tests/bench/figures.h"
#include "tests/bench/plain_choices.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr size_t kLedgerConsumers = 50'000;

v1::LedgerEntry EntryOf(size_t consumer, int which) {
  v1::LedgerEntry entry;
  entry.set_consumer(absl::StrCat("consumer-", consumer));
  v1::Choice& choice = *entry.mutable_choice();
  choice.set_consumer(entry.consumer());
  choice.set_kind(v1::CHOICE_KIND_OPT_OUT);
  static const char* const kPurposes[] = {"marketing-email", "research",
                                          "advertising"};
  choice.add_purpose(kPurposes[which / 4 % 3]);
  choice.add_action(static_cast<v1::Action>(1 + which % 4));
  choice.set_method("toggle");
  choice.set_jurisdiction("US-WA");
  choice.mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
  choice.mutable_given_at()->set_seconds(absl::ToUnixSeconds(absl::Now()) - 60);
  return entry;
}

constexpr size_t kChoicesAtOnce = 4000;

// How fast choices were recorded.
struct Recorded {
  double a_second = 0;
  double processor_us = 0;  // Of a choice, in all threads of the process.
};

double ProcessorSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * time.tv_nsec;
}

// Records `each` choices of each consumer, in batches, whose kind `round`
// numbers.
Recorded Record(ConsentGate& gate, int round, int each) {
  double seconds = 0;
  double processor_seconds = 0;
  size_t choices = 0;
  std::vector<v1::LedgerEntry> entries;
  for (size_t consumer = 0; consumer < kLedgerConsumers; ++consumer) {
    for (int i = 0; i < each; ++i) {
      entries.push_back(EntryOf(consumer, 4 * round + i));
    }
    if (entries.size() < kChoicesAtOnce && consumer + 1 < kLedgerConsumers)
      continue;
    std::vector<const v1::LedgerEntry*> pointers;
    for (const v1::LedgerEntry& entry : entries) pointers.push_back(&entry);
    const double before = ProcessorSeconds();
    seconds += SecondsOfOne([&] {
      const auto results = gate.Record(pointers);
      Require(results.status());
      for (const EntryResult& result : *results) Require(result.status);
    });
    processor_seconds += ProcessorSeconds() - before;
    choices += entries.size();
    entries.clear();
  }
  const auto count = static_cast<double>(choices);
  return {count / seconds, 1e6 * processor_seconds / count};
}

// Four choices of each at once, beside plain inserts of the rows that come of
// them.
void AddRecordFigures(const ScratchFolder& folder, Steward& steward,
                      std::vector<Figure>* figures) {
  const PlainChoices plain(RecordStoreOf(folder / "home"), folder / "plain.db");
  const Recorded recorded = Record(steward.gate(), 1, 4);
  const double inserted = plain.InsertSame(kChoicesAtOnce);
  Figure& figure = figures->emplace_back();
  figure.name = "choices recorded with their leaves, 4 of a consumer at once";
  figure.unit = "choices/s";
  figure.value = recorded.a_second;
  figure.goal = Goal::kAtLeast;
  figure.bound = 50000;
  Figure& beside = figures->emplace_back();
  beside.name = "the same";
  beside.unit = "choices/s";
  beside.value = recorded.a_second;
  beside.baseline = "plain SQLite inserts of the same rows";
  beside.baseline_value = inserted;
  beside.ratio = recorded.a_second / inserted;
  Figure& processor = figures->emplace_back();
  processor.name = "processor time of a choice, the log's thread included";
  processor.unit = "us";
  processor.value = recorded.processor_us;
}

std::vector<Figure> LedgerFigures() {
  const ScratchFolder folder;
  const std::unique_ptr<Steward> steward = MakeHome(folder, folder / "home");
  std::vector<Figure> figures;
  Figure& made = figures.emplace_back();
  made.name = "the first choice of a consumer, whose key is made";
  made.unit = "choices/s";
  made.value = Record(steward->gate(), 0, 1).a_second;
  AddRecordFigures(folder, *steward, &figures);
  Figure& alone = figures.emplace_back();
  alone.name = "choices recorded with their leaves, 1 of a consumer";
  alone.unit = "choices/s";
  alone.value = Record(steward->gate(), 2, 1).a_second;
  // As a process has it that just began.
  const std::unique_ptr<Steward> cold = OpenHomeAgain(folder, folder / "home");
  const Use use = cold->gate().UseOf(v1::ACTION_USE, "marketing-email", "", 0);
  const auto decide = [&](const std::string& consumer) {
    return SecondsOfOne(
        [&] { Require(cold->gate().Decide(consumer, use).status()); });
  };
  std::vector<double> opened;
  std::vector<double> unopened;
  constexpr size_t kAtOnce = 1000;
  for (size_t first = 0; first < 10 * kAtOnce; first += kAtOnce) {
    // One more choice of each: then the key is in memory, and what stands has
    // to be read anew.
    std::vector<v1::LedgerEntry> entries;
    std::vector<const v1::LedgerEntry*> pointers;
    for (size_t i = 0; i < kAtOnce; ++i) {
      entries.push_back(EntryOf((first + i) * 7 % kLedgerConsumers, 1));
    }
    for (const v1::LedgerEntry& entry : entries) {
      unopened.push_back(decide(entry.consumer()));
      pointers.push_back(&entry);
    }
    Require(cold->gate().Record(pointers).status());
    for (const v1::LedgerEntry& entry : entries) {
      opened.push_back(decide(entry.consumer()));
    }
  }
  Figure& first = figures.emplace_back();
  first.name = "Decide, what stands cold in SQLite, the key in memory";
  first.unit = "us";
  first.value = 1e6 * Median(opened);
  first.goal = Goal::kAtMost;
  first.bound = 25;
  Figure& second = figures.emplace_back();
  second.name = "the same, the consumer's key not opened yet";
  second.unit = "us";
  second.value = 1e6 * Median(unopened);
  return figures;
}

// 1 KiB records of many consumers.
std::vector<v1::HealthRecord> Records(size_t first) {
  std::vector<v1::HealthRecord> records;
  std::mt19937 random(static_cast<unsigned>(first));
  for (size_t i = 0; i < 2000; ++i) {
    v1::JournalEntry entry;
    entry.set_text(std::string(800, 'n'));
    v1::HealthRecord& record = records.emplace_back();
    record.set_consumer(absl::StrCat("writer-", random() % 1000));
    record.set_id(absl::StrCat("entry-", first + i));
    record.set_source("bench");
    record.set_purpose("self-reflection");
    record.set_basis(v1::BASIS_NECESSARY);
    record.mutable_provenance()->set_collection(v1::COLLECTION_CONSUMER);
    record.mutable_collected_at()->set_seconds(1700000000);
    record.mutable_payload()->PackFrom(entry);
  }
  return records;
}

Figure PutFigure() {
  const ScratchFolder folder;
  const std::unique_ptr<Steward> steward = MakeHome(folder, folder / "ours");
  const std::unique_ptr<Steward> other = MakeHome(folder, folder / "plain");
  VaultOfHome plain_home(folder, folder / "plain");
  std::vector<double> ratios;
  std::vector<double> ours;
  std::vector<double> plain;
  for (size_t round = 0; round < 41; ++round) {
    const std::vector<v1::HealthRecord> records = Records(round * 2000);
    std::vector<const v1::HealthRecord*> pointers;
    std::vector<PutItem> items;
    for (const v1::HealthRecord& record : records) {
      pointers.push_back(&record);
      // As classification says of a journal's text.
      PutItem& item = items.emplace_back();
      item.record = &record;
      item.kinds.categories = uint32_t{1} << v1::HEALTH_CATEGORY_CONDITIONS;
    }
    const double with = SecondsOfOne([&] {
      const auto results = steward->Put(pointers);
      Require(results.status());
      for (const PutResult& result : *results) Require(result.status);
    });
    const double without = SecondsOfOne(
        [&] { Require(plain_home.vault().PutBatch(items).status()); });
    if (round == 0) continue;  // Makes the consumers.
    ours.push_back(with * 1e6 / 2000);
    plain.push_back(without * 1e6 / 2000);
    ratios.push_back(with / without);
  }
  Figure figure;
  figure.name = "steward Put of a 1 KiB record";
  figure.unit = "us";
  figure.value = Median(ours);
  figure.baseline = "vault Put of the same";
  figure.baseline_value = Median(plain);
  figure.ratio = Median(ratios);
  figure.goal = Goal::kAtMost;
  figure.bound = 1.15;
  return figure;
}

int Main(bool json) {
  std::vector<Figure> figures = LedgerFigures();
  figures.push_back(PutFigure());
  return PrintFigures("consent", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: consent_ledger_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
