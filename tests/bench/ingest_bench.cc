// Measures the ingest room: text to records, before anything is sealed, against
// the parsers that it stands on or replaces, in the same run on one core.
//
// usage: ingest_bench [--json]
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "src/base/file.h"
#include "src/ingest/testing/acme.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"
#include "tests/bench/figures.h"
#include "tests/bench/ingest_files.h"

namespace subrosa {
namespace {

constexpr int kRounds = 15;
constexpr size_t kTextBytes = size_t{2} << 20;
constexpr uint64_t kLargeFileBytes = uint64_t{1} << 30;

std::string Words(std::mt19937_64* random, size_t bytes) {
  static const char* const kWords[] = {
      "slept ",  "badly ", "today ",    "walked ", "with ", "Sam ",
      "better ", "after ", "session, ", "rain ",   "and ",  "\\\"quiet\\\" "};
  std::string text;
  while (text.size() < bytes) text += kWords[(*random)() % 12];
  return text;
}

std::vector<std::string> CheckInLines(size_t note_bytes) {
  std::mt19937_64 random(1);
  std::vector<std::string> lines;
  for (size_t bytes = 0; bytes < kTextBytes; bytes += lines.back().size()) {
    lines.push_back(absl::StrCat(
        R"({"accountId":"c-)", random() % 1000000, R"(","entryId":"e-)",
        lines.size(), R"(","feltAt":"2024-05-01T23:30:00Z","score":)",
        random() % 11, R"(,"note":")", Words(&random, note_bytes), "\"}"));
  }
  return lines;
}

std::vector<std::string> RecordLines(size_t note_bytes) {
  std::mt19937_64 random(2);
  std::vector<std::string> lines;
  for (size_t bytes = 0; bytes < kTextBytes; bytes += lines.back().size()) {
    lines.push_back(absl::StrCat(
        R"({"consumer":"c-)", random() % 1000000, R"(","id":"m-)", lines.size(),
        R"(","source":"ios-app","collectedAt":"2024-05-01T08:00:00Z",)",
        R"("effective":{"start":"2024-05-01T07:59:00Z"},"purpose":"mood",)",
        R"("basis":"BASIS_NECESSARY","provenance":{"collection":)",
        R"("COLLECTION_CONSUMER"},"payload":{"@type":)",
        R"("type.googleapis.com/subrosa.v1.MoodCheckIn","score":)",
        1 + random() % 10, R"(,"feelings":["calm","tired"],"note":")",
        Words(&random, note_bytes), R"(","deviceId":"d-1"}})"));
  }
  return lines;
}

size_t SizeOf(const std::vector<std::string>& lines) {
  size_t bytes = 0;
  for (const std::string& line : lines) bytes += line.size() + 1;
  return bytes;
}

void WriteLines(const std::vector<std::string>& lines, MemoryFile* file) {
  std::string text;
  for (const std::string& line : lines) absl::StrAppend(&text, line, "\n");
  file->Append(text);
}

Figure SpeedFigure(const std::string& name, const std::string& baseline,
                   size_t bytes, const Comparison& comparison) {
  Figure figure;
  figure.name = name;
  figure.unit = "MB/s";
  figure.value = static_cast<double>(bytes) / comparison.seconds / 1e6;
  figure.baseline = baseline;
  figure.baseline_value =
      static_cast<double>(bytes) / comparison.baseline_seconds / 1e6;
  figure.ratio = 1 / comparison.time_ratio;
  return figure;
}

// `prototype` is what protobuf's own parser reads each line as.
Figure NdjsonFigure(const std::string& name,
                    const std::vector<std::string>& lines,
                    const ReaderOptions& options,
                    const google::protobuf::Message& prototype) {
  MemoryFile file;
  WriteLines(lines, &file);
  const std::unique_ptr<google::protobuf::Message> message(prototype.New());
  const Comparison comparison = Compare(
      kRounds,
      [&] {
        if (CountRecords(file.path(), options) != lines.size()) {
          FailBench("not every line became a record");
        }
      },
      [&] {
        for (const std::string& line : lines) {
          message->Clear();
          if (!google::protobuf::util::JsonStringToMessage(line, message.get())
                   .ok()) {
            FailBench("protobuf did not read a line");
          }
        }
      });
  Figure figure =
      SpeedFigure(name, "protobuf's JSON parser", SizeOf(lines), comparison);
  figure.goal = Goal::kAtLeast;
  figure.bound = 0.7;
  return figure;
}

Figure DelimitedFigure() {
  MemoryFile file;
  std::vector<std::string> messages;
  for (const std::string& line : RecordLines(700)) {
    v1::HealthRecord record;
    if (!google::protobuf::util::JsonStringToMessage(line, &record).ok()) {
      FailBench("protobuf did not read a line");
    }
    messages.push_back(record.SerializeAsString());
  }
  std::string bytes;
  for (const std::string& message : messages) {
    // Every message here is of 128 to 16383 bytes: two bytes of length.
    bytes.push_back(static_cast<char>(message.size() | 0x80));
    bytes.push_back(static_cast<char>(message.size() >> 7));
    bytes += message;
  }
  file.Append(bytes);
  v1::HealthRecord record;
  const Comparison comparison = Compare(
      kRounds,
      [&] {
        if (CountRecords(file.path(), BenchOptions(Format::kDelimited)) !=
            messages.size()) {
          FailBench("not every message became a record");
        }
      },
      [&] {
        for (const std::string& message : messages) {
          if (!record.ParseFromString(message))
            FailBench("protobuf did not parse");
        }
      });
  return SpeedFigure("delimited records, 1 KiB", "bare protobuf parsing",
                     bytes.size(), comparison);
}

// How much memory reading a gigabyte takes beyond what the process had. The
// file is a pipe, so that no page of it counts.
Figure GigabyteFigure() {
  const std::vector<std::string> lines = RecordLines(700);
  std::string text;
  for (const std::string& line : lines) absl::StrAppend(&text, line, "\n");
  int ends[2];
  if (pipe(ends) != 0) FailBench("there is no pipe");
  const pid_t writer = fork();
  if (writer == 0) {
    close(ends[0]);
    for (uint64_t sent = 0; sent < kLargeFileBytes;) {
      for (size_t at = 0; at < text.size();) {
        const ssize_t wrote =
            write(ends[1], text.data() + at, text.size() - at);
        if (wrote <= 0) _exit(1);
        at += static_cast<size_t>(wrote);
      }
      sent += text.size();
    }
    _exit(0);
  }
  close(ends[1]);
  const UniqueFd source(ends[0]);
  const double before = PeakMemory();
  const size_t records =
      CountRecords(absl::StrCat("/proc/self/fd/", source.get()),
                   BenchOptions(Format::kNdjson));
  if (records < lines.size()) FailBench("not every line became a record");
  return MemoryFigure("1 GB of NDJSON", before, 16);
}

// The same for the worst line: as long as is allowed, and of as many values as
// can be.
Figure WorstLineFigure() {
  constexpr size_t kLineBytes = size_t{4} << 20;
  MemoryFile file;
  const std::string head =
      R"({"resourceType":"Observation","subject":{"reference":"Patient/p"},)"
      R"("x":[0)";
  file.Append(head);
  // In pieces, so that this memory is not what the reader then takes.
  std::string zeros;
  while (zeros.size() < 1024) zeros += ",0";
  for (size_t size = head.size(); size + zeros.size() + 2 <= kLineBytes;
       size += zeros.size()) {
    file.Append(zeros);
  }
  file.Append("]}");
  const double before = PeakMemory();
  if (CountRecords(file.path(), BenchOptions(Format::kFhirNdjson)) != 1) {
    FailBench("the line did not become a record");
  }
  return MemoryFigure("the worst line of 4 MiB", before, 64);
}

int Run(bool json) {
  // First, before anything else has taken memory that it could hide in.
  std::vector<Figure> figures = {GigabyteFigure()};
  figures.push_back(WorstLineFigure());
  ReaderOptions bare = BenchOptions(Format::kNdjson);
  bare.message_type = acme::v1::CheckIn::descriptor()->full_name();
  figures.push_back(NdjsonFigure("NDJSON of marked messages, 1 KiB",
                                 CheckInLines(900), bare,
                                 acme::v1::CheckIn::default_instance()));
  figures.push_back(NdjsonFigure("NDJSON of marked messages, 200 B",
                                 CheckInLines(100), bare,
                                 acme::v1::CheckIn::default_instance()));
  figures.push_back(NdjsonFigure(
      "NDJSON of HealthRecords, 1 KiB", RecordLines(600),
      BenchOptions(Format::kNdjson), v1::HealthRecord::default_instance()));
  figures.push_back(DelimitedFigure());
  return PrintFigures("ingest", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::string(argv[1]) == "--json";
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: ingest_bench [--json]\n");
    return 2;
  }
  return subrosa::Run(json);
}
