// Passes over a file of JSON in memory, one resource or sample a line: to
// records, and of bare simdjson beside, each in a process of its own.
#ifndef SUBROSA_TESTS_BENCH_INGEST_PASSES_H_
#define SUBROSA_TESTS_BENCH_INGEST_PASSES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "src/ingest/reader_options.h"
#include "tests/bench/figures.h"
#include "tests/bench/ingest_files.h"

namespace subrosa {

// A file to read.
struct JsonLines {
  MemoryFile file;
  uint64_t records = 0;  // Each stands on a line of its own, a comma behind it
                         // or not; what else stands there is shorter than 64
                         // bytes.
};

// Ends `lines` with what the baseline's parser reads behind the last of them.
void AppendPadding(JsonLines* lines);

// Reads `lines`, which AppendPadding has ended, with `options`, and parses each
// line with simdjson and does nothing more. Adds the speed, with its ratio to
// simdjson's, at least `bound` where that is not 0; and the memory that reading
// takes, at most 64 MiB.
void MeasureJson(const std::string& what, const JsonLines& lines,
                 const ReaderOptions& options, double bound,
                 std::vector<Figure>* figures);

// The gigabytes and the form that the arguments of a benchmark name, by default
// 1 and a table; ends the program with a message for others.
struct JsonArguments {
  bool json = false;
  double gigabytes = 1;
};
JsonArguments ArgumentsOf(int argc, char** argv);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_BENCH_INGEST_PASSES_H_
