// Measures the text scanner on one core: the whole pipeline as `Create` makes
// it (names off), on service logs, chat and dense clinical notes of our own;
// beside RE2::Set over the same patterns, and beside a bare Vectorscan pass
// over them that reports places and decides nothing, each in turns with it.
//
// RE2::Set says only which patterns occur, so it is given line after line.
//
// usage: classify_text_bench [--json] [--runs=7]
#include <hs/hs.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "re2/re2.h"
#include "re2/set.h"
#include "src/classify/shape_masks.h"
#include "src/classify/text_scanner.h"
#include "src/classify/text_shapes.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_text.h"

namespace subrosa {
namespace {

constexpr size_t kSampleBytes = 2 << 20;
constexpr size_t kBlockBytes = 64 * 1024;

[[noreturn]] void Fail(absl::string_view what) {
  std::fprintf(stderr, "classify_text_bench: error: %s\n",
               std::string(what).c_str());
  std::exit(1);
}

struct Pattern {
  std::string text;
  bool caseless;
};

std::vector<Pattern> AllPatterns() {
  std::vector<Pattern> patterns;
  for (const TextShape& shape : TextShapes()) {
    patterns.push_back({shape.pattern, shape.caseless});
  }
  for (int i = 0; i < static_cast<int>(MaskShape::kCount); ++i) {
    patterns.push_back({MaskPattern(static_cast<MaskShape>(i)), false});
  }
  return patterns;
}

std::unique_ptr<re2::RE2::Set> MakeSet() {
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_max_mem(256 << 20);
  options.set_dot_nl(true);
  auto set = std::make_unique<re2::RE2::Set>(options, re2::RE2::UNANCHORED);
  for (const Pattern& pattern : AllPatterns()) {
    std::string problem;
    const std::string text =
        absl::StrCat(pattern.caseless ? "(?i)" : "", pattern.text);
    if (set->Add(text, &problem) < 0) Fail(problem);
  }
  if (!set->Compile()) Fail("RE2::Set did not compile");
  return set;
}

// Vectorscan alone.
class BarePass {
 public:
  BarePass() {
    const std::vector<Pattern> patterns = AllPatterns();
    std::vector<const char*> texts;
    std::vector<unsigned int> flags;
    for (const Pattern& pattern : patterns) {
      texts.push_back(pattern.text.c_str());
      flags.push_back(HS_FLAG_DOTALL |
                      (pattern.caseless ? unsigned{HS_FLAG_CASELESS} : 0));
    }
    hs_compile_error_t* problem = nullptr;
    if (hs_compile_multi(texts.data(), flags.data(), nullptr,
                         static_cast<unsigned int>(texts.size()), HS_MODE_BLOCK,
                         nullptr, &database_, &problem) != HS_SUCCESS ||
        hs_alloc_scratch(database_, &scratch_) != HS_SUCCESS) {
      Fail("Vectorscan did not compile");
    }
  }
  ~BarePass() {
    hs_free_scratch(scratch_);
    hs_free_database(database_);
  }
  BarePass(const BarePass&) = delete;
  BarePass& operator=(const BarePass&) = delete;

  uint64_t Places(absl::string_view text) {
    uint64_t places = 0;
    const auto count = [](unsigned int, unsigned long long, unsigned long long,
                          unsigned int, void* sum) {
      ++*static_cast<uint64_t*>(sum);
      return 0;
    };
    for (; !text.empty();
         text.remove_prefix(std::min(text.size(), kBlockBytes))) {
      const absl::string_view block = text.substr(0, kBlockBytes);
      hs_scan(database_, block.data(), static_cast<unsigned int>(block.size()),
              0, scratch_, count, &places);
    }
    return places;
  }

 private:
  hs_database_t* database_ = nullptr;
  hs_scratch_t* scratch_ = nullptr;
};

uint64_t LinesWithAny(const re2::RE2::Set& set, absl::string_view text) {
  uint64_t lines = 0;
  std::vector<int> which;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1);
    lines += set.Match(re2::StringPiece(text.data(), end), &which);
    text.remove_prefix(end + 1);
  }
  return lines;
}

double ResidentMegabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    absl::string_view rest = line;
    int64_t kilobytes = 0;
    if (absl::ConsumePrefix(&rest, "VmRSS:") &&
        absl::SimpleAtoi(absl::StripSuffix(rest, " kB"), &kilobytes)) {
      return kilobytes / 1e3;
    }
  }
  return 0;
}

Figure AtLeast(absl::string_view name, double megabytes_per_second,
               double bound) {
  Figure figure;
  figure.name = std::string(name);
  figure.unit = "MB/s";
  figure.value = megabytes_per_second;
  figure.goal = bound > 0 ? Goal::kAtLeast : Goal::kNone;
  figure.bound = bound;
  return figure;
}

Figure Beside(Figure figure, absl::string_view baseline, double bytes,
              const Comparison& times, double bound) {
  absl::StrAppend(&figure.name, ", beside ", baseline);
  figure.baseline = std::string(baseline);
  figure.value = bytes / times.seconds / 1e6;
  figure.baseline_value = bytes / times.baseline_seconds / 1e6;
  figure.ratio = 1 / times.time_ratio;
  figure.goal = bound > 0 ? Goal::kAtLeast : Goal::kNone;
  figure.bound = bound;
  return figure;
}

void Measure(absl::string_view name, const std::string& text, double at_least,
             double times_re2, int runs, const TextScanner& scanner,
             const re2::RE2::Set& set, BarePass* bare,
             std::vector<Figure>* figures) {
  auto scratch = scanner.NewScratch();
  if (!scratch.ok()) Fail(scratch.status().message());
  std::vector<TextMatch> matches;
  uint64_t sum = 0;
  const auto ours = [&] {
    if (!scanner.Scan(text, scratch->get(), &matches).ok()) Fail("scan");
    sum += matches.size();
  };
  const double size = static_cast<double>(text.size());
  const Comparison with_re2 =
      Compare(runs, ours, [&] { sum += LinesWithAny(set, text); });
  const Comparison with_bare =
      Compare(runs, ours, [&] { sum += bare->Places(text); });
  if (sum == 0) Fail("nothing found");
  const Figure figure = AtLeast(name, size / with_re2.seconds / 1e6, at_least);
  figures->push_back(figure);
  figures->push_back(Beside(figure, "RE2::Set", size, with_re2, times_re2));
  figures->push_back(Beside(figure, "bare Vectorscan", size, with_bare, 0));
}

void Run(int runs, bool json) {
  std::vector<Figure> figures;
  const double resident_before = ResidentMegabytes();
  std::unique_ptr<TextScanner> scanner;
  Figure building;
  building.name = "building the text scanner";
  building.unit = "ms";
  building.value = 1000 * SecondsOf(3, [&] {
                     auto made = TextScanner::Create({});
                     if (!made.ok()) Fail(made.status().message());
                     scanner = *std::move(made);
                   });
  building.goal = Goal::kAtMost;
  building.bound = 300;
  figures.push_back(building);
  Figure resident;
  resident.name = "resident memory that it takes";
  resident.unit = "MB";
  resident.value = ResidentMegabytes() - resident_before;
  resident.goal = Goal::kAtMost;
  resident.bound = 150;
  figures.push_back(resident);

  const auto set = MakeSet();
  BarePass bare;
  Measure("identifiers, service logs", SampleLog(kSampleBytes), 200, 2, runs,
          *scanner, *set, &bare, &figures);
  Measure("identifiers, chat", SampleChat(kSampleBytes), 200, 2, runs, *scanner,
          *set, &bare, &figures);
  Measure("identifiers, dense clinical notes", SampleNotes(kSampleBytes), 60, 0,
          runs, *scanner, *set, &bare, &figures);
  PrintFigures("classify", figures, json);
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  bool json = false;
  int runs = 7;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (argument == "--json") {
      json = true;
    } else if (!absl::ConsumePrefix(&argument, "--runs=") ||
               !absl::SimpleAtoi(argument, &runs) || runs < 1) {
      std::fprintf(stderr, "usage: classify_text_bench [--json] [--runs=N]\n");
      return 2;
    }
  }
  subrosa::Run(runs, json);
  return 0;
}
