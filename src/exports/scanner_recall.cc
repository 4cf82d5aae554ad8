#include "src/exports/scanner_recall.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/exports/scanner_recall/built_in.h"

namespace subrosa {
namespace {

bool ReadLine(absl::string_view line, ScannerRecall* recall) {
  const std::vector<absl::string_view> columns = absl::StrSplit(line, '\t');
  if (columns[0] == "measured") {
    ScannerRecall::Part part;
    if (columns.size() != 4 || columns[1].empty() ||
        !absl::SimpleAtoi(columns[2], &part.labelled) ||
        !absl::SimpleAtoi(columns[3], &part.covered) || part.labelled < 1 ||
        part.covered < 0 || part.covered > part.labelled) {
      return false;
    }
    part.what = std::string(columns[1]);
    recall->parts.push_back(std::move(part));
    return true;
  }
  if (columns.size() != 2 || columns[1].empty()) return false;
  std::string* const target = columns[0] == "source" ? &recall->source
                              : columns[0] == "year" ? &recall->year
                                                     : nullptr;
  if (target == nullptr || !target->empty()) return false;
  *target = std::string(columns[1]);
  return true;
}

}  // namespace

absl::StatusOr<ScannerRecall> ScannerRecall::BuiltIn() {
  absl::StatusOr<ScannerRecall> recall = Parse(kBuiltInScannerRecall);
  if (recall.ok()) return recall;
  return absl::InternalError(recall.status().message());
}

absl::StatusOr<ScannerRecall> ScannerRecall::Parse(absl::string_view text) {
  ScannerRecall recall;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    if (!ReadLine(line, &recall)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "line ", number,
          ": want a source, a year, or what was measured with how many labels "
          "and how many of them covered, got another"));
    }
  }
  if (recall.source.empty() || recall.year.empty() || recall.parts.empty()) {
    return absl::InvalidArgumentError(
        "recall: want a source, a year and what was measured, got less");
  }
  return recall;
}

}  // namespace subrosa
