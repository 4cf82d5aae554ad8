#include "tests/bench/ingest_passes.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "src/base/file.h"

namespace subrosa {
namespace {

// Of one line, as far as the baseline parses it.
constexpr size_t kPaddingBytes = 64;

double ProcessorSeconds() {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) / 1e9;
}

struct Pass {
  double seconds = 0;
  double memory_bytes = 0;  // Beyond what the process had.
  uint64_t records = 0;
};

// In a process of its own, whose peak no other pass has raised.
Pass InChild(const std::function<uint64_t()>& read) {
  int ends[2];
  if (pipe(ends) != 0) FailBench("there is no pipe");
  const pid_t child = fork();
  if (child == 0) {
    Pass pass;
    const double memory = PeakMemory();
    const double start = ProcessorSeconds();
    pass.records = read();
    pass.seconds = ProcessorSeconds() - start;
    pass.memory_bytes = PeakMemory() - memory;
    _exit(write(ends[1], &pass, sizeof(pass)) == sizeof(pass) ? 0 : 1);
  }
  close(ends[1]);
  const UniqueFd source(ends[0]);
  Pass pass;
  if (::read(source.get(), &pass, sizeof(pass)) != sizeof(pass)) {
    FailBench("a pass did not end well");
  }
  waitpid(child, nullptr, 0);
  return pass;
}

// Parses each line that holds a resource or a sample, and nothing more.
uint64_t ParseLines(const MemoryFile& file) {
  const absl::StatusOr<UniqueFd> fd = OpenForReading(file.path());
  if (!fd.ok()) FailBench("a file in memory was not opened");
  void* const mapped = mmap(nullptr, file.size(), PROT_READ,
                            MAP_PRIVATE | MAP_POPULATE, fd->get(), 0);
  if (mapped == MAP_FAILED) FailBench("a file in memory was not mapped");
  absl::string_view text(static_cast<const char*>(mapped),
                         file.size() - kPaddingBytes);
  simdjson::dom::parser parser;
  uint64_t lines = 0;
  while (!text.empty()) {
    absl::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() + 1);
    if (absl::EndsWith(line, ",")) line.remove_suffix(1);
    if (!absl::EndsWith(line, "}") || line.size() < kPaddingBytes) continue;
    if (parser.parse(line.data(), line.size(), false).error() !=
        simdjson::SUCCESS) {
      FailBench("simdjson did not read a line");
    }
    ++lines;
  }
  return lines;
}

}  // namespace

void AppendPadding(JsonLines* lines) {
  lines->file.Append(std::string(kPaddingBytes, ' '));
}

void MeasureJson(const std::string& what, const JsonLines& lines,
                 const ReaderOptions& options, double bound,
                 std::vector<Figure>* figures) {
  const Pass ours =
      InChild([&] { return CountRecords(lines.file.path(), options); });
  const Pass bare = InChild([&] { return ParseLines(lines.file); });
  if (ours.records != lines.records || bare.records != lines.records) {
    FailBench("not every line became a record");
  }
  const double bytes = static_cast<double>(lines.file.size());
  Figure speed;
  speed.name = what;
  speed.unit = "MB/s";
  speed.value = bytes / ours.seconds / 1e6;
  speed.baseline = "bare simdjson";
  speed.baseline_value = bytes / bare.seconds / 1e6;
  speed.ratio = bare.seconds / ours.seconds;
  speed.goal = bound == 0 ? Goal::kNone : Goal::kAtLeast;
  speed.bound = bound;
  figures->push_back(speed);
  Figure memory;
  memory.name = absl::StrCat("memory to read ", what);
  memory.unit = "MiB";
  memory.value = ours.memory_bytes / (1 << 20);
  memory.goal = Goal::kAtMost;
  memory.bound = 64;
  figures->push_back(memory);
}

JsonArguments ArgumentsOf(int argc, char** argv) {
  JsonArguments arguments;
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--json") {
      arguments.json = true;
    } else if (!absl::SimpleAtod(argv[i], &arguments.gigabytes) ||
               arguments.gigabytes <= 0 || arguments.gigabytes > 16) {
      std::fprintf(stderr, "usage: %s [--json] [GB]\n", argv[0]);
      std::exit(2);
    }
  }
  return arguments;
}

}  // namespace subrosa
