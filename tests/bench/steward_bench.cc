// The whole path: a file of marked records of 1 KiB, read, classified, sealed
// and committed durably, beside plain SQLite inserts of the very rows that came
// of it: same bytes, schema, order, transactions and sync. And what it costs to
// read a record's words of health before it is put, beside marks and codes and
// the bare reading of the same text.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "src/classify/health_reader.h"
#include "src/steward/kind_reader.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"
#include "tests/bench/figures.h"
#include "tests/bench/plain_rows.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/sample_text.h"
#include "tests/bench/timing.h"

namespace subrosa {
namespace {

constexpr int kRounds = 3;
constexpr uint64_t kConsumers = 500;
constexpr uint32_t kRecordsPerConsumer = 100;
constexpr size_t kRowsPerTransaction = 2000;  // As Feed does.

Figure Measure(const std::string& name, bool random_order, Goal goal) {
  sample::Options options;
  options.format = sample::Format::kProtobuf;
  options.consumers = kConsumers;
  options.records_per_consumer = kRecordsPerConsumer;
  options.record_bytes = 1024;
  options.random_order = random_order;

  std::vector<double> ours;
  std::vector<double> plain;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    const ScratchFolder folder;
    const std::string file = folder / "records.pb";
    WriteSampleFile(options, file);
    const std::unique_ptr<Steward> steward = MakeHome(folder, folder / "home");
    const auto start = std::chrono::steady_clock::now();
    const FeedSummary summary = FeedFile(file, *steward);
    const double seconds = SecondsSince(start);
    const PlainRows rows = PlainRows::Read(folder / "home/records.db");
    const double plain_seconds =
        rows.InsertInto(folder / "plain.db", kRowsPerTransaction);
    if (rows.size() != summary.added) {
      Require(absl::InternalError("rows were lost"));
    }
    ours.push_back(static_cast<double>(summary.added) / seconds);
    plain.push_back(static_cast<double>(summary.added) / plain_seconds);
    ratios.push_back(plain_seconds / seconds);
  }
  Figure figure;
  figure.name = name;
  figure.unit = "records/s";
  figure.value = Median(ours);
  figure.baseline = "plain SQLite inserts of the same rows";
  figure.baseline_value = Median(plain);
  figure.ratio = Median(ratios);
  figure.goal = goal;
  figure.bound = 0.25;
  return figure;
}

// The kinds of journal entries of 1 KiB of chat, words of health read.
Figure MeasureWords() {
  constexpr size_t kTextBytes = 1024;
  constexpr size_t kRecords = 500;
  const auto open = [](bool reads_health_words) {
    auto reader =
        KindReader::Create(*google::protobuf::DescriptorPool::generated_pool(),
                           reads_health_words);
    Require(reader.status());
    return *std::move(reader);
  };
  const std::unique_ptr<KindReader> words = open(true);
  const std::unique_ptr<KindReader> marks = open(false);
  auto health = HealthReader::Create();
  Require(health.status());
  const std::string chat = SampleChat(kRecords * kTextBytes);
  std::vector<std::string> texts;
  std::vector<v1::HealthRecord> records;
  for (size_t at = 0; at + kTextBytes < chat.size();
       at += texts.back().size()) {
    // Whole lines.
    texts.push_back(
        chat.substr(at, chat.rfind('\n', at + kTextBytes) + 1 - at));
    v1::JournalEntry entry;
    entry.set_text(texts.back());
    records.emplace_back().mutable_payload()->PackFrom(entry);
  }
  size_t next = 0;
  size_t bare_next = 0;
  HealthReader::Scratch scratch;
  std::vector<HealthMention> mentions;
  uint64_t told = 0;
  const Comparison compared = Compare(
      15,
      [&] {
        const auto kinds = words->KindsOf(records[next++ % records.size()]);
        Require(kinds.status());
        told += kinds->told != 0 ? 1 : 0;
      },
      [&] {
        const size_t at = bare_next++ % records.size();
        Require(marks->KindsOf(records[at]).status());
        health->Read(texts[at], &scratch, &mentions);
      });
  if (told == 0) Require(absl::InternalError("no word was read"));
  Figure figure;
  figure.name = "kinds of a journal entry of 1 KiB, words of health read";
  figure.unit = "us";
  figure.value = 1e6 * compared.seconds;
  figure.baseline = "marks and codes, and the bare reading of the text";
  figure.baseline_value = 1e6 * compared.baseline_seconds;
  figure.ratio = compared.time_ratio;
  figure.goal = Goal::kAtMost;
  figure.bound = 1.25;
  return figure;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: steward_bench [--json]\n");
    return 2;
  }
  using subrosa::Goal;
  return subrosa::PrintFigures(
             "steward",
             {subrosa::Measure("file to sealed rows, grouped by consumer",
                               false, Goal::kAtLeast),
              subrosa::MeasureWords(),
              subrosa::Measure("file to sealed rows, random order", true,
                               Goal::kNone)},
             json)
             ? 0
             : 3;
}
