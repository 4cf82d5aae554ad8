// Measures the text scanner on one core: the whole pipeline as `Create` makes
// it (names off), on service logs, chat and dense clinical notes of our own;
// each in turns with
// - RE2::Set over the whole patterns of what is found (whole_patterns.h), which
//   tells which of them a line holds, and no places: the goal is judged by
//   this;
// - the same, and an RE2 of its own for each pattern that a line holds: what it
//   costs to find the places with expressions alone, no check digit tested.
//   Without a place nothing can be decided or redacted;
// - RE2::Set over the openings, which are no more than where our scanner begins
//   to look, and a bare Vectorscan pass over them that reports their places:
//   less than what the scanner does, and so a bound from above.
//
// RE2::Set is given line after line, as whoever reads lines would; a whole
// block would hold nearly all of the patterns. A shape that reaches over a
// line's end it cannot see.
//
// usage: classify_text_bench [--json] [--runs=7]
#include <hs/hs.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "re2/re2.h"
#include "re2/set.h"
#include "src/classify/shape_masks.h"
#include "src/classify/text_scanner.h"
#include "src/classify/text_shapes.h"
#include "tests/bench/bench_main.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_text.h"
#include "tests/bench/whole_patterns.h"

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

// Where the scanner begins to look.
std::vector<Pattern> Openings() {
  std::vector<Pattern> patterns;
  for (const std::vector<TextShape>& shapes : {WordShapes(), NumberShapes()}) {
    for (const TextShape& shape : shapes) {
      const PlacedPattern& pattern = shape.pattern;
      patterns.push_back({pattern.before + pattern.after, pattern.caseless});
    }
  }
  for (int i = 0; i < static_cast<int>(MaskShape::kCount); ++i) {
    patterns.push_back({MaskPattern(static_cast<MaskShape>(i)), false});
  }
  return patterns;
}

std::vector<Pattern> Wholes() {
  std::vector<Pattern> patterns;
  for (const WholePattern& pattern : WholePatterns()) {
    patterns.push_back({pattern.text, pattern.caseless});
  }
  return patterns;
}

// RE2::Set, and an RE2 for each of its patterns.
class Re2Pass {
 public:
  explicit Re2Pass(const std::vector<Pattern>& patterns)
      : set_(Options(), re2::RE2::UNANCHORED) {
    for (const Pattern& pattern : patterns) {
      std::string problem;
      const std::string text =
          absl::StrCat(pattern.caseless ? "(?i)" : "", pattern.text);
      if (set_.Add(text, &problem) < 0) Fail(problem);
      single_.push_back(std::make_unique<re2::RE2>(text, Options()));
      if (!single_.back()->ok()) Fail(single_.back()->error());
    }
    if (!set_.Compile()) Fail("RE2::Set did not compile");
  }

  // How often a pattern occurs in a line.
  uint64_t Lines(absl::string_view text) {
    uint64_t sum = 0;
    ForEachLine(text, [&](re2::StringPiece) { sum += which_.size(); });
    return sum;
  }

  // How many places of patterns there are, none inside another of its pattern.
  uint64_t Places(absl::string_view text) {
    uint64_t sum = 0;
    ForEachLine(text, [&](re2::StringPiece line) {
      for (const int pattern : which_) {
        re2::StringPiece found;
        size_t at = 0;
        while (single_[pattern]->Match(line, at, line.size(),
                                       re2::RE2::UNANCHORED, &found, 1)) {
          ++sum;
          at = static_cast<size_t>(found.end() - line.begin());
        }
      }
    });
    return sum;
  }

 private:
  static re2::RE2::Options Options() {
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    options.set_max_mem(int64_t{2} << 30);
    options.set_dot_nl(true);
    return options;
  }

  // Calls `on_line` for each line that holds any, with `which_` set.
  template <typename OnLine>
  void ForEachLine(absl::string_view text, const OnLine& on_line) {
    while (!text.empty()) {
      const size_t end = std::min(text.find('\n'), text.size() - 1);
      const re2::StringPiece line(text.data(), end);
      re2::RE2::Set::ErrorInfo problem;
      if (set_.Match(line, &which_, &problem)) {
        on_line(line);
      } else if (problem.kind != re2::RE2::Set::kNoError) {
        Fail("RE2::Set ran out of memory");  // It would look fast.
      }
      text.remove_prefix(end + 1);
    }
  }

  re2::RE2::Set set_;
  std::vector<std::unique_ptr<re2::RE2>> single_;
  std::vector<int> which_;
};

// Vectorscan alone.
class BarePass {
 public:
  BarePass() {
    const std::vector<Pattern> patterns = Openings();
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
             Re2Pass* whole, Re2Pass* openings, BarePass* bare,
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
  const Comparison with_whole =
      Compare(runs, ours, [&] { sum += whole->Lines(text); });
  const Comparison with_places =
      Compare(runs, ours, [&] { sum += whole->Places(text); });
  const Comparison with_openings =
      Compare(runs, ours, [&] { sum += openings->Lines(text); });
  const Comparison with_bare =
      Compare(runs, ours, [&] { sum += bare->Places(text); });
  if (sum == 0) Fail("nothing found");
  const Figure figure =
      AtLeast(name, size / with_whole.seconds / 1e6, at_least);
  figures->push_back(figure);
  figures->push_back(Beside(figure, "RE2::Set", size, with_whole, times_re2));
  figures->push_back(
      Beside(figure, "RE2::Set and RE2 for places", size, with_places, 0));
  figures->push_back(
      Beside(figure, "RE2::Set over openings", size, with_openings, 0));
  figures->push_back(
      Beside(figure, "bare Vectorscan over openings", size, with_bare, 0));
}

// Builds the scanner, and says how long that takes and what it holds.
std::unique_ptr<TextScanner> Built(bool names, std::vector<Figure>* figures) {
  const std::string with = names ? ", with names" : "";
  TextScanner::Options options;
  options.names = names;
  std::unique_ptr<TextScanner> scanner;
  const double resident_before = ResidentMegabytes();
  const auto build = [&] {
    auto made = TextScanner::Create(options);
    if (!made.ok()) Fail(made.status().message());
    scanner = *std::move(made);
  };
  build();
  const double resident_after = ResidentMegabytes();
  Figure time;
  time.name = absl::StrCat("time to build the text scanner", with);
  time.unit = "ms";
  time.value = 1000 * SecondsOf(3, build);
  time.goal = Goal::kAtMost;
  time.bound = 300;
  figures->push_back(time);
  Figure resident;
  resident.name = absl::StrCat("resident memory that it takes", with);
  resident.unit = "MB";
  resident.value = resident_after - resident_before;
  resident.goal = Goal::kAtMost;
  resident.bound = 150;
  figures->push_back(resident);
  return scanner;
}

void Run(int runs, bool json) {
  std::vector<Figure> figures;
  std::unique_ptr<TextScanner> scanner = Built(false, &figures);
  Built(true, &figures);

  const std::vector<Pattern> wholes = Wholes();
  const std::vector<Pattern> openings = Openings();
  std::fprintf(stderr, "patterns: %zu whole, %zu openings\n", wholes.size(),
               openings.size());
  Re2Pass re2_wholes(wholes);
  Re2Pass re2_openings(openings);
  BarePass bare;
  Measure("identifiers, service logs", SampleLog(kSampleBytes), 200, 2, runs,
          *scanner, &re2_wholes, &re2_openings, &bare, &figures);
  Measure("identifiers, chat", SampleChat(kSampleBytes), 200, 2, runs, *scanner,
          &re2_wholes, &re2_openings, &bare, &figures);
  Measure("identifiers, dense clinical notes", SampleNotes(kSampleBytes), 60, 0,
          runs, *scanner, &re2_wholes, &re2_openings, &bare, &figures);
  PrintFigures("classify", figures, json);
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  return subrosa::BenchMain(argc, argv, "classify_text_bench", 7, subrosa::Run);
}
