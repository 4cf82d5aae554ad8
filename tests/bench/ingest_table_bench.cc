// Measures tables: rows of CSV and flat JSON to records, before anything is
// sealed, against what any reader of them must do at least: find the line ends,
// and digest the bytes.
//
// usage: ingest_table_bench [--json]
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/crypto/sha256.h"
#include "src/ingest/message_types.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/row_mapping.h"
#include "tests/bench/figures.h"
#include "tests/bench/ingest_files.h"

namespace subrosa {
namespace {

constexpr int kRounds = 9;
constexpr size_t kTextBytes = size_t{2} << 20;
constexpr uint64_t kLargeFileBytes = uint64_t{1} << 30;

constexpr absl::string_view kPhq9Header =
    "account,at,q1,q2,q3,q4,q5,q6,q7,q8,q9,total\n";
constexpr absl::string_view kNotesHeader = "account,entry,at,score,note\n";

std::unique_ptr<const RowMapping> Mapping(const std::string& text) {
  auto mapping = RowMapping::Parse("bench", text, MessageTypes::Linked());
  if (!mapping.ok()) FailBench(std::string(mapping.status().message()));
  return *std::move(mapping);
}

std::unique_ptr<const RowMapping> Phq9Mapping() {
  std::string text =
      "name: 'phq9' message: 'subrosa.v1.Assessment' "
      "column { name: 'account' consumer {} } column { name: 'at' effective { "
      "format: '%Y-%m-%d %H:%M' zone: 'America/Los_Angeles' } } "
      "column { name: 'total' total {} } "
      "questionnaire { instrument: INSTRUMENT_PHQ9 } ";
  for (int i = 1; i <= 9; ++i) {
    absl::StrAppend(&text, "column { name: 'q", i, "' item { number: ", i,
                    " } } ");
  }
  return Mapping(text);
}

std::unique_ptr<const RowMapping> NotesMapping() {
  return Mapping(
      "name: 'notes' message: 'subrosa.v1.MoodCheckIn' "
      "column { name: 'account' consumer {} } "
      "column { name: 'entry' record_id {} } "
      "column { name: 'at' effective { format: 'rfc3339' } } "
      "column { name: 'score' field { path: 'score' } } "
      "column { name: 'note' field { path: 'note' } }");
}

std::string Phq9Rows() {
  std::mt19937_64 random(1);
  std::string text;
  while (text.size() < kTextBytes) {
    absl::StrAppend(&text, "c-", random() % 1000000, ",2024-05-",
                    10 + random() % 20, " 08:", 10 + random() % 50);
    int total = 0;
    for (int i = 0; i < 9; ++i) {
      const int answer = static_cast<int>(random() % 4);
      total += answer;
      absl::StrAppend(&text, ",", answer);
    }
    absl::StrAppend(&text, ",", total, "\n");
  }
  return text;
}

std::string NotesRows() {
  std::mt19937_64 random(2);
  std::string text;
  for (int row = 0; text.size() < kTextBytes; ++row) {
    absl::StrAppend(&text, "c-", random() % 1000000, ",e-", row,
                    ",2024-05-01T23:30:00-07:00,", random() % 11, ",\"");
    for (int i = 0; i < 90; ++i) {
      text += i % 30 == 29 ? "said \"\"quietly\"\",\n" : "slept badly ";
    }
    text += "\"\n";
  }
  return text;
}

std::string JsonRows() {
  std::mt19937_64 random(3);
  std::string text;
  for (int row = 0; text.size() < kTextBytes; ++row) {
    absl::StrAppend(&text, "{\"account\":\"c-", random() % 1000000,
                    "\",\"entry\":\"e-", row,
                    "\",\"at\":\"2024-05-01T23:30:00-07:00\",\"score\":",
                    random() % 11, ",\"note\":\"slept badly\"}\n");
  }
  return text;
}

ReaderOptions Options(const RowMapping& mapping) {
  ReaderOptions options = BenchOptions(Format::kDetect);
  options.mapping = &mapping;
  return options;
}

size_t CountLines(const std::string& text) {
  size_t lines = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (const void* const found = std::memchr(at, '\n', end - at)) {
    at = static_cast<const char*>(found) + 1;
    ++lines;
  }
  return lines;
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

void AddSpeeds(const std::string& name, absl::string_view header,
               const std::string& rows, const RowMapping& mapping,
               std::vector<Figure>* figures) {
  const UniqueFd file(memfd_create("ingest_table_bench", MFD_CLOEXEC));
  const std::string text = absl::StrCat(header, rows);
  if (write(file.get(), text.data(), text.size()) !=
      static_cast<ssize_t>(text.size())) {
    FailBench("a file in memory was not written");
  }
  const std::string path = absl::StrCat("/proc/self/fd/", file.get());
  const auto read = [&] {
    if (CountRecords(path, Options(mapping)) == 0) FailBench("no row was read");
  };
  size_t lines = 0;
  figures->push_back(
      SpeedFigure(name, "a bare memchr line split", text.size(),
                  Compare(kRounds, read, [&] { lines += CountLines(text); })));
  Sha256 sha256;
  uint8_t sink = 0;
  figures->push_back(SpeedFigure(
      name, "bare SHA-256 of the file", text.size(),
      Compare(kRounds, read, [&] { sink ^= sha256.Digest({text})[0]; })));
  if (lines == 0 && sink == 0) FailBench("nothing was measured");
}

// How much memory reading a gigabyte takes beyond what the process had. The
// file is a pipe, so that no page of it counts.
Figure GigabyteFigure() {
  const std::unique_ptr<const RowMapping> mapping = NotesMapping();
  const std::string rows = NotesRows();
  int ends[2];
  if (pipe(ends) != 0) FailBench("there is no pipe");
  const pid_t writer = fork();
  if (writer == 0) {
    close(ends[0]);
    const auto send = [&](absl::string_view text) {
      while (!text.empty()) {
        const ssize_t wrote = write(ends[1], text.data(), text.size());
        if (wrote <= 0) _exit(1);
        text.remove_prefix(static_cast<size_t>(wrote));
      }
    };
    send(kNotesHeader);
    for (uint64_t sent = 0; sent < kLargeFileBytes; sent += rows.size()) {
      send(rows);
    }
    _exit(0);
  }
  close(ends[1]);
  const UniqueFd source(ends[0]);
  const double before = PeakMemory();
  if (CountRecords(absl::StrCat("/proc/self/fd/", source.get()),
                   Options(*mapping)) == 0) {
    FailBench("no row was read");
  }
  return MemoryFigure("1 GB of CSV", before, 64);
}

int Run(bool json) {
  // First, before anything else has taken memory that it could hide in.
  std::vector<Figure> figures = {GigabyteFigure()};
  AddSpeeds("CSV of PHQ-9, 45 B a row", kPhq9Header, Phq9Rows(), *Phq9Mapping(),
            &figures);
  AddSpeeds("CSV with quoted notes, 1 KiB a row", kNotesHeader, NotesRows(),
            *NotesMapping(), &figures);
  AddSpeeds("flat NDJSON, 110 B a row", "", JsonRows(), *NotesMapping(),
            &figures);
  return PrintFigures("ingest", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::string(argv[1]) == "--json";
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: ingest_table_bench [--json]\n");
    return 2;
  }
  return subrosa::Run(json);
}
