// Measures the reader of health language on one core, alone and after the
// scanner of identifiers (names off), on service logs, chat and dense clinical
// notes of our own; beside the least that whoever looks for words must do: cut
// lines at spaces and look each word up in a hash set.
//
// usage: classify_health_bench [--json] [--runs=7]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/classify/health_reader.h"
#include "src/classify/text_scanner.h"
#include "tests/bench/bench_main.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_text.h"

namespace subrosa {
namespace {

constexpr size_t kSampleBytes = 2 << 20;

[[noreturn]] void Fail(absl::string_view what) {
  std::fprintf(stderr, "classify_health_bench: error: %s\n",
               std::string(what).c_str());
  std::exit(1);
}

template <typename OnLine>
void ForEachLine(absl::string_view text, const OnLine& on_line) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1);
    on_line(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
}

// Words at spaces, looked up as they stand: what is compared with.
uint64_t WordsOf(absl::string_view text,
                 const absl::flat_hash_set<std::string>& words) {
  uint64_t known = 0;
  ForEachLine(text, [&](absl::string_view line) {
    while (!line.empty()) {
      const size_t end = std::min(line.find(' '), line.size());
      known += words.contains(line.substr(0, end)) ? 1 : 0;
      line.remove_prefix(std::min(end + 1, line.size()));
    }
  });
  return known;
}

class Measurement {
 public:
  Measurement(int runs, const HealthReader& reader, const TextScanner& scanner)
      : runs_(runs), reader_(reader), scanner_(scanner) {
    auto scratch = scanner.NewScratch();
    if (!scratch.ok()) Fail(scratch.status().message());
    scanner_scratch_ = *std::move(scratch);
    // As many words as the lexicon knows, some of them common.
    for (const char* word : {"the", "i", "and", "pain", "sleep", "not"}) {
      words_.insert(word);
    }
    for (int i = 0; i < 4000; ++i) words_.insert(absl::StrCat("word", i));
  }

  void Run(absl::string_view name, const std::string& text, double at_least) {
    const double megabytes = static_cast<double>(text.size()) / 1e6;
    const Comparison alone = Compare(
        runs_, [&] { sum_ += Health(text); },
        [&] { sum_ += WordsOf(text, words_); });
    Figure figure;
    figure.name = absl::StrCat("health language, ", name);
    figure.unit = "MB/s";
    figure.value = megabytes / alone.seconds;
    figure.baseline = "a look into a hash set for each word";
    figure.baseline_value = megabytes / alone.baseline_seconds;
    figure.ratio = 1 / alone.time_ratio;
    figures_.push_back(figure);
    Figure whole;
    whole.name = absl::StrCat("identifiers and health language, ", name);
    whole.unit = "MB/s";
    whole.value =
        megabytes / SecondsOf(runs_, [&] {
          if (!scanner_.Scan(text, scanner_scratch_.get(), &matches_).ok()) {
            Fail("scan");
          }
          sum_ += matches_.size() + Health(text);
        });
    whole.goal = Goal::kAtLeast;
    whole.bound = at_least;
    figures_.push_back(whole);
    if (sum_ == 0) Fail("nothing found");
  }

  const std::vector<Figure>& figures() const { return figures_; }

 private:
  uint64_t Health(absl::string_view text) {
    reader_.ReadLines(text, &scratch_, &mentions_);
    return mentions_.size();
  }

  const int runs_;
  const HealthReader& reader_;
  const TextScanner& scanner_;
  std::unique_ptr<TextScanner::Scratch> scanner_scratch_;
  HealthReader::Scratch scratch_;
  std::vector<TextMatch> matches_;
  std::vector<HealthMention> mentions_;
  absl::flat_hash_set<std::string> words_;
  std::vector<Figure> figures_;
  uint64_t sum_ = 0;
};

Figure AtMost(absl::string_view name, absl::string_view unit, double value,
              double bound) {
  Figure figure;
  figure.name = std::string(name);
  figure.unit = std::string(unit);
  figure.value = value;
  figure.goal = Goal::kAtMost;
  figure.bound = bound;
  return figure;
}

void Run(int runs, bool json) {
  std::vector<Figure> figures;
  std::unique_ptr<TextScanner> scanner;
  std::unique_ptr<HealthReader> reader;
  const double resident_before = ResidentMegabytes();
  const auto build = [&] {
    auto made_scanner = TextScanner::Create({});
    auto made_reader = HealthReader::Create();
    if (!made_scanner.ok() || !made_reader.ok()) Fail("create");
    scanner = *std::move(made_scanner);
    reader = std::make_unique<HealthReader>(*std::move(made_reader));
  };
  build();
  const double resident = ResidentMegabytes() - resident_before;
  figures.push_back(AtMost("time to build scanner and reader", "ms",
                           1000 * SecondsOf(3, build), 300));
  figures.push_back(
      AtMost("resident memory that they take", "MB", resident, 200));

  Measurement measurement(runs, *reader, *scanner);
  measurement.Run("service logs", SampleLog(kSampleBytes), 150);
  measurement.Run("chat", SampleChat(kSampleBytes), 150);
  measurement.Run("dense clinical notes", SampleNotes(kSampleBytes), 40);
  figures.insert(figures.end(), measurement.figures().begin(),
                 measurement.figures().end());
  PrintFigures("classify", figures, json);
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  return subrosa::BenchMain(argc, argv, "classify_health_bench", 7,
                            subrosa::Run);
}
