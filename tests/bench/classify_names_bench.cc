// Speeds of the tagger of names (src/classify/name_tagger.h), beside the bare
// pass that cuts the same text into tokens. Texts are made here: a service's
// log, chats, and clinical notes in which every third word is a capital.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/classify/name_tagger.h"
#include "src/classify/name_tokens.h"
#include "tests/bench/figures.h"

namespace subrosa {
namespace {

// As the scanner gives it.
constexpr size_t kBlockBytes = 64 * 1024;
constexpr size_t kTextBytes = 1 << 20;
constexpr int kRounds = 5;

std::string Repeated(const std::vector<std::string>& lines) {
  std::string text;
  for (size_t i = 0; text.size() < kTextBytes; ++i) {
    absl::StrAppend(&text, lines[i * 7 % lines.size()], " ", i, "\n");
  }
  return text;
}

std::string Log() {
  return Repeated(
      {"2024-03-01 12:00:01.123 INFO  [http-8] request id=7f3a21 "
       "path=/v1/sleep "
       "status=200 bytes=5120 ms=12",
       "2024-03-01 12:00:01.130 DEBUG [pool-2] connection returned idle=7 "
       "active=1 waiting=0",
       "2024-03-01 12:00:02.001 WARN  [sync-1] retry 3 of 5 after timeout "
       "host=10.0.0.7 backoff_ms=400"});
}

std::string Chat() {
  return Repeated(
      {"hey are you coming to the gym later? i was thinking around six or so",
       "not sure yet, work is really busy this week and i still have to cook",
       "ok let me know! Priya said she would bring the snacks for everyone",
       "i slept badly again last night, maybe too much coffee after lunch"});
}

std::string Notes() {
  return Repeated(
      {"Patient: Maria Lopez, seen by Dr. Chen at Lakeside Clinic in Portland.",
       "Assessment: Major Depressive Disorder. Plan: Continue Sertraline 50 "
       "mg.",
       "Mr. Novak denies Chest Pain. Referred to Cardiology, Mercy Hospital.",
       "Lungs: Clear. Heart: Regular. Discussed with daughter Anna by phone."});
}

Figure SpeedOn(const std::string& name, const NameTagger& tagger,
               const std::string& text) {
  NameTagger::Scratch scratch;
  std::vector<FoundName> names;
  std::vector<NameToken> tokens;
  const Comparison times = Compare(
      kRounds,
      [&] {
        names.clear();
        for (size_t at = 0; at < text.size(); at += kBlockBytes) {
          tagger.Tag(text, at, std::min(text.size(), at + kBlockBytes),
                     &scratch, &names);
        }
      },
      [&] {
        for (size_t at = 0; at < text.size(); at += kBlockBytes) {
          TokenizeForNames(absl::string_view(text).substr(at, kBlockBytes),
                           &tokens);
        }
      });
  Figure figure;
  figure.name = "names in " + name;
  figure.unit = "MB/s";
  figure.value = static_cast<double>(text.size()) / times.seconds / 1e6;
  figure.baseline = "cut into tokens";
  figure.baseline_value =
      static_cast<double>(text.size()) / times.baseline_seconds / 1e6;
  figure.ratio = 1 / times.time_ratio;
  return figure;
}

int Main(bool json) {
  auto tagger = NameTagger::BuiltIn();
  if (!tagger.ok()) {
    std::fprintf(stderr, "classify_names_bench: error: %s\n",
                 tagger.status().ToString().c_str());
    return 1;
  }
  std::vector<Figure> figures = {SpeedOn("a service's log", *tagger, Log()),
                                 SpeedOn("chats", *tagger, Chat()),
                                 SpeedOn("clinical notes", *tagger, Notes())};
  Figure build;
  build.name = "time to build the tagger of names";
  build.unit = "ms";
  build.value =
      1e3 * SecondsOf(kRounds, [] { (void)NameTagger::BuiltIn().ok(); });
  build.goal = Goal::kAtMost;
  build.bound = 100;
  figures.push_back(build);
  return PrintFigures("classify", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  return subrosa::Main(argc > 1 && std::string(argv[1]) == "--json");
}
