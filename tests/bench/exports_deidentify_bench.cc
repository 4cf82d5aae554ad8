// What it costs to take out of records of 1 KiB of text what identifies
// (src/exports/payload_deidentifier.h), from bytes to bytes, beside the bare
// scan of the same texts with names looked for, on one core.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/classify/text_scanner.h"
#include "src/exports/payload_deidentifier.h"
#include "src/exports/safe_harbor.h"
#include "src/law/law_book.h"
#include "subrosa/v1/wellness.pb.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_text.h"

namespace subrosa {
namespace {

constexpr size_t kRecordBytes = 1024;
constexpr size_t kRecords = 256;
constexpr int kRounds = 7;
constexpr int64_t kThisYear = 2026;

struct Parts {
  SafeHarbor rules;
  std::unique_ptr<TextScanner> scanner;
  std::unique_ptr<TextScanner::Scratch> scratch;
  std::unique_ptr<PayloadDeidentifier> deidentifier;
};

Figure SpeedOn(const std::string& name, const std::string& text, Parts* parts) {
  std::vector<std::string> texts;
  std::vector<std::string> records;
  double bytes = 0;
  for (size_t at = 0; at + kRecordBytes < text.size();) {
    size_t size = kRecordBytes;
    // A protobuf string splits no character.
    while ((static_cast<unsigned char>(text[at + size]) & 0xc0) == 0x80) --size;
    texts.push_back(text.substr(at, size));
    v1::JournalEntry entry;
    entry.set_text(texts.back());
    records.push_back(entry.SerializeAsString());
    at += size;
    bytes += static_cast<double>(size);
  }
  DeidentifiedCounts counts;
  std::vector<TextMatch> matches;
  absl::Status status;
  std::string written;
  const Comparison times = Compare(
      kRounds,
      [&] {
        for (const std::string& record : records) {
          v1::JournalEntry entry;
          if (!entry.ParseFromString(record)) {
            status.Update(absl::InternalError("record: want what was written"));
          }
          status.Update(parts->deidentifier->Apply(&entry, &counts));
          entry.SerializeToString(&written);
        }
      },
      [&] {
        for (const std::string& one : texts) {
          status.Update(
              parts->scanner->Scan(one, parts->scratch.get(), &matches));
        }
      });
  if (!status.ok()) {
    std::fprintf(stderr, "exports_deidentify_bench: error: %s\n",
                 std::string(status.message()).c_str());
  }
  Figure figure;
  figure.name = absl::StrCat("de-identified records of 1 KiB, ", name);
  figure.unit = "MB/s";
  figure.value = status.ok() ? bytes / times.seconds / 1e6 : 0;
  figure.baseline = "scan of the text, names too";
  figure.baseline_value = bytes / times.baseline_seconds / 1e6;
  figure.ratio = status.ok() ? 1 / times.time_ratio : 0;
  figure.goal = Goal::kAtLeast;
  figure.bound = 0.5;
  return figure;
}

absl::StatusOr<Parts> MakeParts() {
  absl::StatusOr<LawBook> law = LawBook::BuiltIn();
  if (!law.ok()) return law.status();
  absl::StatusOr<SafeHarbor> rules = SafeHarbor::From(*law);
  if (!rules.ok()) return rules.status();
  Parts parts{*std::move(rules), nullptr, nullptr, nullptr};
  TextScanner::Options options;
  options.names = true;
  options.years = true;
  auto scanner = TextScanner::Create(options);
  if (!scanner.ok()) return scanner.status();
  parts.scanner = *std::move(scanner);
  auto scratch = parts.scanner->NewScratch();
  if (!scratch.ok()) return scratch.status();
  parts.scratch = *std::move(scratch);
  return parts;
}

int Main(bool json) {
  absl::StatusOr<Parts> parts = MakeParts();
  if (parts.ok()) {
    PayloadDeidentifier::Options options;
    options.this_year = kThisYear;
    auto deidentifier =
        PayloadDeidentifier::Create(parts->rules, *parts->scanner, options);
    if (deidentifier.ok()) {
      parts->deidentifier = *std::move(deidentifier);
    } else {
      parts = deidentifier.status();
    }
  }
  if (!parts.ok()) {
    std::fprintf(stderr, "exports_deidentify_bench: error: %s\n",
                 parts.status().ToString().c_str());
    return 1;
  }
  const size_t bytes = kRecords * kRecordBytes;
  const std::vector<Figure> figures = {
      SpeedOn("chat", SampleChat(bytes), &*parts),
      SpeedOn("dense notes", SampleNotes(bytes), &*parts)};
  return PrintFigures("exports", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  return subrosa::Main(argc > 1 && std::string(argv[1]) == "--json");
}
