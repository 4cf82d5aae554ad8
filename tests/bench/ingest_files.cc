#include "tests/bench/ingest_files.h"

#include <sys/mman.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/ingest/open_reader.h"
#include "src/ingest/reader.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

enum class Rejects { kFail, kCount };

size_t ReadToEnd(const std::string& path, const ReaderOptions& options,
                 Rejects rejects) {
  const absl::StatusOr<std::unique_ptr<RecordReader>> reader =
      OpenReader(path, options);
  if (!reader.ok()) FailBench(std::string(reader.status().message()));
  v1::HealthRecord record;
  for (size_t entries = 0;; ++entries) {
    const absl::StatusOr<ReadOutcome> outcome = (*reader)->Next(&record);
    if (!outcome.ok()) FailBench(std::string(outcome.status().message()));
    if (outcome->step == ReadStep::kEnd) return entries;
    if (outcome->step != ReadStep::kRecord && rejects == Rejects::kFail) {
      FailBench(absl::StrCat((*reader)->unit(), " ", outcome->number, ": ",
                             outcome->reject.message()));
    }
  }
}

}  // namespace

void FailBench(const std::string& what) {
  std::fprintf(stderr, "bench: error: %s\n", what.c_str());
  std::exit(1);
}

MemoryFile::MemoryFile() : fd_(memfd_create("bench", MFD_CLOEXEC)) {}

void MemoryFile::Append(const std::string& text) {
  if (!WriteAll(fd_.get(), text).ok()) {
    FailBench("a file in memory was not written");
  }
  size_ += text.size();
}

std::string MemoryFile::path() const {
  return absl::StrCat("/proc/self/fd/", fd_.get());
}

ReaderOptions BenchOptions(Format format) {
  ReaderOptions options;
  options.format = format;
  options.defaults.source = "bench";
  options.defaults.purpose = "bench";
  options.defaults.basis = v1::BASIS_NECESSARY;
  options.defaults.collection = v1::COLLECTION_CONSUMER;
  options.defaults.collected_at = absl::FromUnixSeconds(1700000000);
  return options;
}

size_t CountRecords(const std::string& path, const ReaderOptions& options) {
  return ReadToEnd(path, options, Rejects::kFail);
}

size_t CountEntries(const std::string& path, const ReaderOptions& options) {
  return ReadToEnd(path, options, Rejects::kCount);
}

double PeakMemory() {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

Figure MemoryFigure(const std::string& what, double before, double bound_mib) {
  Figure figure;
  figure.name = absl::StrCat("memory to read ", what);
  figure.unit = "MiB";
  figure.value = (PeakMemory() - before) / (1 << 20);
  figure.goal = Goal::kAtMost;
  figure.bound = bound_mib;
  return figure;
}

}  // namespace subrosa
