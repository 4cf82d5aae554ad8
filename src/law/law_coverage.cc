#include "src/law/law_coverage.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/law/built_in_law.h"
#include "src/law/law_text.h"

namespace subrosa {

absl::string_view CoverageText(Coverage coverage) {
  switch (coverage) {
    case Coverage::kTested:
      return "tested";
    case Coverage::kPlanned:
      return "planned";
    case Coverage::kUntested:
      return "untested";
  }
  return "unknown";
}

absl::StatusOr<LawCoverage> LawCoverage::BuiltIn() {
  absl::StatusOr<LawCoverage> coverage = Parse(kBuiltInCoverage[0].text);
  if (!coverage.ok()) {
    return absl::InternalError(coverage.status().message());
  }
  return coverage;
}

absl::StatusOr<LawCoverage> LawCoverage::Parse(absl::string_view text) {
  LawCoverage coverage;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> cells = absl::StrSplit(line, '\t');
    if (cells.size() != 3 || cells[1].empty() || cells[2].empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("coverage.tsv:", number,
                       ": want rule, file and test, or `planned`, room and "
                       "what, got ",
                       cells.size(), " cells"));
    }
    if (cells[0] == "planned") {
      coverage.planned_[cells[1]] = cells[2];
    } else {
      coverage.tests_[cells[0]].push_back(
          absl::StrCat(cells[1], " ", cells[2]));
    }
  }
  return coverage;
}

Coverage LawCoverage::Of(const LawEntry& entry) const {
  if (tests_.find(entry.id) != tests_.end()) return Coverage::kTested;
  return planned_.find(RoomText(entry.rule->room())) != planned_.end()
             ? Coverage::kPlanned
             : Coverage::kUntested;
}

std::vector<std::string> LawCoverage::TestsOf(absl::string_view rule) const {
  const auto found = tests_.find(rule);
  return found == tests_.end() ? std::vector<std::string>() : found->second;
}

std::vector<std::string> LawCoverage::Unknown(const LawBook& book) const {
  std::vector<std::string> unknown;
  for (const auto& [rule, tests] : tests_) {
    if (book.Find(rule) == nullptr) unknown.push_back(rule);
  }
  return unknown;
}

}  // namespace subrosa
