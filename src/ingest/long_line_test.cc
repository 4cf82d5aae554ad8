// What is longer than anything should be, from a pipe that never ends it: no
// reader keeps it, however long it is.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/testing/scratch_reader.h"

namespace subrosa {
namespace {

constexpr size_t kPieceBytes = size_t{1} << 20;
constexpr size_t kPieces = 200;
// Far less than what is read; a line of 4 MiB may take several times that.
constexpr int64_t kMemoryBytes = int64_t{48} << 20;

int64_t PeakMemory() {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} << 10;
}

// A pipe with `start`, kPieces MiB of `fill`, and `end`, written by a thread of
// its own: no file of that size exists at any time.
class Endless {
 public:
  Endless(std::string start, char fill, std::string end) {
    // Who stops reading early ends the writing, not the test.
    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    source_ = UniqueFd(ends[0]);
    writer_ = std::thread([to = ends[1], start, fill, end] {
      const UniqueFd owned(to);
      const std::string piece(kPieceBytes, fill);
      bool is_read = WriteAll(to, start).ok();
      for (size_t i = 0; is_read && i < kPieces; ++i) {
        is_read = WriteAll(to, piece).ok();
      }
      if (is_read) (void)WriteAll(to, end);
    });
  }
  ~Endless() {
    source_ = UniqueFd();
    writer_.join();
  }

  std::string path() const {
    return absl::StrCat("/proc/self/fd/", source_.get());
  }

 private:
  UniqueFd source_;
  std::thread writer_;
};

struct Case {
  Format format;
  std::string start;
  char fill;
  std::string end;
  std::string reject;
};

TEST(LongLineTest, WhatIsFarTooLongIsRejectedInConstantMemoryAndTheRestIsRead) {
  const std::string good =
      R"({"resourceType":"Patient","id":"p","name":[{"family":"F"}]})";
  const std::string sample =
      R"({"type":"StepsRecord","metadata":{"id":"h"},"startTime":)"
      R"("2024-05-01T06:30:00Z","startZoneOffset":"+02:00","endTime":)"
      R"("2024-05-01T07:30:00Z","endZoneOffset":"+02:00","count":812})";
  const Case cases[] = {
      {Format::kFhirNdjson, "{\"a\":\"", 'x', "\"}\n" + good + "\n",
       "line 1, byte 0: line: want at most 4194304 bytes, got more"},
      {Format::kFhirJson,
       R"({"resourceType":"Bundle","entry":[{"resource":{"a":")", 'x',
       "\"}},{\"resource\":" + good + "}]}",
       "entry 1, byte 34: entry: want at most 4194304 bytes, got more"},
      {Format::kFhirJson, R"({"resourceType":"Bundle","entry":[{"resource":)",
       ' ', "null},{\"resource\":" + good + "}]}",
       "entry 1, byte 34: entry: want at most 4194304 bytes, got more"},
      {Format::kHealthConnect, "{\"a\":\"", '\\', "\\\"}\n" + sample + "\n",
       "line 1, byte 0: line: want at most 1048576 bytes, got more"},
  };
  for (const Case& long_one : cases) {
    ReaderOptions options = OptionsWithDefaults();
    options.format = long_one.format;
    options.defaults.consumer = "c-1";
    const Endless endless(long_one.start, long_one.fill, long_one.end);
    const int64_t before = PeakMemory();

    const Reading reading = ReadAll(endless.path(), options);

    EXPECT_TRUE(reading.status.ok()) << reading.status;
    EXPECT_EQ(reading.rejects, std::vector<std::string>{long_one.reject});
    EXPECT_EQ(reading.records.size(), 1u);
    EXPECT_LT(PeakMemory() - before, kMemoryBytes);
  }
}

}  // namespace
}  // namespace subrosa
