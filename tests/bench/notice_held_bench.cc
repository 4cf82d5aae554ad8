// Measures what keeping the counts of what is held costs a put, and what a
// notice costs that is made from them.
//
// A put is compared with one into a store whose table of counts refuses what is
// written to it (by a trigger), so that nothing is kept; what is left there,
// the adding up in memory, is measured by itself.
//
// The notice is that of a home of some thousand real records whose counts are
// then multiplied to 100,000,000: what it reads is those counts and no row, so
// that a home of as many records would have it read the same. That rows do not
// count is shown by a second home, with a hundred times as many.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/law/law_book.h"
#include "src/notice/gather_facts.h"
#include "src/notice/holdings.h"
#include "src/notice/inventory.h"
#include "src/notice/notice_document.h"
#include "src/notice/notice_words.h"
#include "src/notice/notice_writer.h"
#include "src/steward/consent_gate.h"
#include "src/steward/home.h"
#include "src/steward/steward.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"
#include "src/vault/record_counts.h"
#include "src/vault/vault.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/sample_vault.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr int kRounds = 7;
constexpr int kBatches = 60;
constexpr uint64_t kConsumers = 500;
constexpr size_t kRecordsAtOnce = 2000;
constexpr int kSinglePuts = 600;
constexpr uint32_t kCategories = 13;
constexpr int64_t kNoticeRecords = 100'000'000;
constexpr char kRule[] = "ca-ccpa/policy";
constexpr char kWords[] = "docs/examples/notices/california.words.textproto";

void Execute(const std::string& path, const std::string& sql) {
  auto database = OpenSqlite(path, SqliteOptions());
  Require(database.status());
  Require((*database)->Execute(sql));
}

// Records of as many shapes as there are categories.
std::vector<PutItem> ItemsOf(const SampleRecords& records) {
  std::vector<PutItem> items = records.Items();
  for (size_t i = 0; i < items.size(); ++i) {
    items[i].kinds.categories = uint32_t{1} << (1 + i % kCategories);
  }
  return items;
}

// Puts the same into both in turns.
class PutPair {
 public:
  PutPair() {
    Execute(without_.PathOf("records"),
            "CREATE TRIGGER keeps_nothing BEFORE INSERT ON record_count"
            " BEGIN SELECT RAISE(IGNORE); END");
  }

  Figure Measure(const std::string& name, size_t at_once, int batches) {
    std::vector<double> with;
    std::vector<double> without;
    std::vector<double> ratios;
    SampleRecords records;
    for (int batch = 0; batch < batches; ++batch) {
      records.Clear();
      for (size_t i = 0; i < at_once; ++i) {
        records.Add(next_ % kConsumers, next_);
        ++next_;
      }
      const std::vector<PutItem> items = ItemsOf(records);
      const bool with_first = batch % 2 == 0;
      double seconds[2];
      for (const bool is_with : {with_first, !with_first}) {
        Vault& vault = (is_with ? with_ : without_).vault();
        seconds[is_with ? 0 : 1] =
            SecondsOfOne([&] { Require(vault.PutBatch(items).status()); });
      }
      // The first opens keys and makes files.
      if (batch < 2) continue;
      with.push_back(seconds[0]);
      without.push_back(seconds[1]);
      ratios.push_back(seconds[0] / seconds[1]);
    }
    Figure figure;
    figure.name = name;
    figure.unit = "us a record";
    const double micros = 1e6 / static_cast<double>(at_once);
    figure.value = micros * Median(with);
    figure.baseline = "the same without counts";
    figure.baseline_value = micros * Median(without);
    figure.ratio = Median(ratios);
    figure.goal = Goal::kAtMost;
    figure.bound = 1.1;
    return figure;
  }

  // What both do: adding up in memory.
  Figure AddingUp() {
    auto counts = RecordCounts::Open(with_.vault().records().database(), 1);
    Require(counts.status());
    int64_t next = 0;
    Figure figure;
    figure.name = "adding a record up in memory, which both of these do";
    figure.unit = "ns";
    figure.value = 1e9 * SecondsOf(kRounds, [&] {
                     RecordShape shape = {1, 2, 3, 0, 0};
                     shape.categories = ++next % kCategories;
                     (*counts)->Add(shape, 1);
                   });
    return figure;
  }

  // What was put is what is counted.
  void Check() {
    const auto check = CheckRecordCounts(with_.vault().records().database());
    Require(check.status());
    if (check->shapes_off != 0 || check->counted == 0) std::abort();
    const auto none = without_.vault().records().ReadHeld();
    Require(none.status());
    if (!none->empty()) std::abort();
  }

 private:
  SampleVault with_;
  SampleVault without_;
  uint64_t next_ = 0;
};

// A home with samples of many kinds.
class HeldHome {
 public:
  explicit HeldHome(uint64_t consumers) {
    sample::Options options;
    options.consumers = consumers;
    WriteSampleFile(options, folder_ / "samples.ndjson");
    const std::unique_ptr<Steward> steward = MakeHome(folder_, home_);
    FeedFile(folder_ / "samples.ndjson", *steward);
  }

  void MultiplyTo(int64_t records) {
    const std::unique_ptr<Steward> steward = Open();
    const auto held = ReadHoldings(*steward);
    Require(held.status());
    Execute(RecordStoreOf(home_),
            absl::StrCat("UPDATE record_count SET records = records * ",
                         records / held->records + 1));
  }

  std::unique_ptr<Steward> Open() { return OpenHomeAgain(folder_, home_); }

  // All that the command does but starting: returns the page's length.
  size_t WritePage(Steward& steward) {
    const LawBook& law = steward.gate().law();
    const auto text = ReadFile(kWords, kMaxNoticeWordsBytes);
    Require(text.status());
    const auto words = ParseNoticeWords(kWords, *text, *law.Find(kRule));
    Require(words.status());
    const auto facts = GatherNoticeFacts(steward);
    Require(facts.status());
    if (facts->held.records < least_records_) std::abort();
    const auto document = WriteNotice(law, kRule, *facts, *words);
    Require(document.status());
    return NoticeHtml(*document).size();
  }

  double SecondsToOpenAndWrite() {
    std::vector<double> seconds;
    for (int round = 0; round < kRounds; ++round) {
      seconds.push_back(SecondsOfOne([&] {
        const std::unique_ptr<Steward> steward = Open();
        if (WritePage(*steward) == 0) std::abort();
      }));
    }
    return Median(seconds);
  }
  double SecondsToWrite() {
    const std::unique_ptr<Steward> steward = Open();
    return SecondsOf(kRounds, [&] { WritePage(*steward); });
  }
  double SecondsToScan() {
    const std::unique_ptr<Steward> steward = Open();
    return SecondsOf(kRounds,
                     [&] { Require(TakeInventory(*steward).status()); });
  }
  void ExpectAtLeast(int64_t records) { least_records_ = records; }

 private:
  ScratchFolder folder_;
  const std::string home_ = folder_ / "home";
  int64_t least_records_ = 0;
};

std::vector<Figure> NoticeFigures() {
  constexpr uint64_t kFew = 10;
  HeldHome few(kFew);
  HeldHome many(100 * kFew);
  const double scan = many.SecondsToScan();
  few.MultiplyTo(kNoticeRecords);
  few.ExpectAtLeast(kNoticeRecords);
  Figure whole;
  whole.name =
      "a notice of 100,000,000 records, counts multiplied to that: opening the "
      "home, and all else";
  whole.unit = "ms";
  whole.value = 1e3 * few.SecondsToOpenAndWrite();
  whole.goal = Goal::kAtMost;
  whole.bound = 200;
  Figure written;
  written.name = "the same, the home open";
  written.unit = "ms";
  written.value = 1e3 * few.SecondsToWrite();
  Figure rows;
  rows.name = "the same of a hundred times as many rows";
  rows.unit = "ms";
  rows.value = 1e3 * many.SecondsToOpenAndWrite();
  rows.baseline = "opening and all else of few rows";
  rows.baseline_value = whole.value;
  rows.ratio = rows.value / whole.value;
  Figure scanned;
  scanned.name = "reading every row of these, as an inventory does";
  scanned.unit = "ms";
  scanned.value = 1e3 * scan;
  return {whole, written, rows, scanned};
}

int Run(bool json) {
  std::vector<Figure> figures;
  {
    PutPair puts;
    figures.push_back(
        puts.Measure("PutBatch of 2,000 records of 1 KiB and 13 kinds, counted",
                     kRecordsAtOnce, kBatches));
    figures.push_back(
        puts.Measure("a record put by itself, counted", 1, kSinglePuts));
    puts.Check();
    figures.push_back(puts.AddingUp());
  }
  for (Figure& figure : NoticeFigures()) figures.push_back(std::move(figure));
  return PrintFigures("notice", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: notice_held_bench [--json]\n");
    return 2;
  }
  return subrosa::Run(json);
}
