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
constexpr size_t kPieces = 100;
// Far less than what is read; a line of 4 MiB may take several times that.
constexpr int64_t kMemoryBytes = int64_t{48} << 20;

int64_t PeakMemory() {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} << 10;
}

// A pipe with `start`, kPieces MiB of `fill`s, and `end`, written by a thread
// of its own: no file of that size exists at any time.
class Endless {
 public:
  Endless(std::string start, const std::string& fill, std::string end) {
    // Who stops reading early ends the writing, not the test.
    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    source_ = UniqueFd(ends[0]);
    std::string piece;
    while (piece.size() < kPieceBytes) piece += fill;
    writer_ = std::thread([to = ends[1], start, piece, end] {
      const UniqueFd owned(to);
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
  std::string fill;
  std::string end;
  std::string reject;
  size_t records = 1;
};

TEST(LongLineTest, WhatIsFarTooLongIsRejectedInConstantMemoryAndTheRestIsRead) {
  const std::string good =
      R"({"resourceType":"Patient","id":"p","name":[{"family":"F"}]})";
  const std::string sample =
      R"({"type":"StepsRecord","metadata":{"id":"h"},"startTime":)"
      R"("2024-05-01T06:30:00Z","startZoneOffset":"+02:00","endTime":)"
      R"("2024-05-01T07:30:00Z","endZoneOffset":"+02:00","count":812})";
  const std::string workout =
      R"(<Workout workoutActivityType="t" startDate="2024-05-01 08:00:00 +0200">)"
      "</Workout>";
  const std::string section = absl::StrCat(
      R"(<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole>)"
      R"(<id root="1.2" extension="p"/></patientRole></recordTarget>)"
      R"(<component><section><code code="11450-4"/><text><p ID="a">)",
      std::string(1024, 'w'), "</p></text>");
  const std::string act = "<entry><act><code code=\"1\"/></act></entry>";
  const Case cases[] = {
      {Format::kFhirNdjson, "{\"a\":\"", "x", "\"}\n" + good + "\n",
       "line 1, byte 0: line: want at most 4194304 bytes, got more"},
      {Format::kFhirJson,
       R"({"resourceType":"Bundle","entry":[{"resource":{"a":")", "x",
       "\"}},{\"resource\":" + good + "}]}",
       "entry 1, byte 34: entry: want at most 4194304 bytes, got more"},
      {Format::kFhirJson, R"({"resourceType":"Bundle","entry":[{"resource":)",
       " ", "null},{\"resource\":" + good + "}]}",
       "entry 1, byte 34: entry: want at most 4194304 bytes, got more"},
      {Format::kHealthConnect, "{\"a\":\"", "\\", "\\\"}\n" + sample + "\n",
       "line 1, byte 0: line: want at most 1048576 bytes, got more"},
      {Format::kAppleHealth, "<HealthData><Workout>",
       R"(<MetadataEntry key="k" value="v"/>)",
       "</Workout>" + workout + "</HealthData>",
       "element 1, byte 12: element: want at most 4194304 bytes, got more"},
      {Format::kAppleHealth, "<HealthData><Workout>",
       R"(<WorkoutStatistics type="t" sum="1"/>)",
       "</Workout>" + workout + "</HealthData>",
       "element 1, byte 12: element: want at most 4194304 bytes, got more"},
      {Format::kCda, section + "<entry><act>",
       R"(<code><originalText><reference value="#a"/></originalText></code>)",
       "</act></entry>" + act + "</section></component></ClinicalDocument>",
       absl::StrCat("item 3, byte ", section.size(),
                    ": entry: want at most 4194304 bytes, got more"),
       3},
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
    EXPECT_EQ(reading.records.size(), long_one.records);
    EXPECT_LT(PeakMemory() - before, kMemoryBytes);
  }
}

}  // namespace
}  // namespace subrosa
