// What the benchmarks of the ingest room share: files in memory, and reading
// them to their end. All of it ends the program with a message where something
// fails: benchmarks have nobody to report to.
#ifndef SUBROSA_TESTS_BENCH_INGEST_FILES_H_
#define SUBROSA_TESTS_BENCH_INGEST_FILES_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "src/base/file.h"
#include "src/ingest/reader_options.h"
#include "tests/bench/figures.h"

namespace subrosa {

// Ends the program.
[[noreturn]] void FailBench(const std::string& what);

// A file in memory, so that no disk is measured.
class MemoryFile {
 public:
  MemoryFile();

  void Append(const std::string& text);
  uint64_t size() const { return size_; }
  std::string path() const;

 private:
  UniqueFd fd_;
  uint64_t size_ = 0;
};

// Options that give a record all that it needs beside a payload and, but for
// files that name nobody, a consumer.
ReaderOptions BenchOptions(Format format);

// Reads `path` and returns how many records there were; every entry is one.
size_t CountRecords(const std::string& path, const ReaderOptions& options);

// The same where entries may be rejected: counts those too.
size_t CountEntries(const std::string& path, const ReaderOptions& options);

// The most memory that this process has taken so far, in bytes.
double PeakMemory();

// "memory to read `what`", at most `bound_mib`, of a process that had taken
// `before` bytes.
Figure MemoryFigure(const std::string& what, double before, double bound_mib);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_INGEST_FILES_H_
