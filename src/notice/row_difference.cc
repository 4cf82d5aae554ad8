#include "src/notice/row_difference.h"

#include <map>
#include <set>

#include "absl/strings/str_split.h"

namespace subrosa {
namespace {

using Sides = std::map<std::string, std::set<std::string>>;

std::vector<std::string> PartsOf(const std::string& cell) {
  return absl::StrSplit(cell, "; ", absl::SkipEmpty());
}

Sides SidesOf(const TableRows& rows) {
  Sides sides;
  for (const auto& row : rows) {
    if (row.empty()) continue;
    std::set<std::string>& beside = sides[row[0]];
    for (size_t i = 1; i < row.size(); ++i) {
      for (const std::string& part : PartsOf(row[i])) beside.insert(part);
    }
  }
  return sides;
}

// What `rows` have and `others` have not.
void AddMissing(const TableRows& rows, const Sides& others, bool is_added,
                std::vector<RowDifference>* differences) {
  for (const auto& row : rows) {
    if (row.empty()) continue;
    const auto found = others.find(row[0]);
    if (found == others.end()) {
      differences->push_back({row[0], "", is_added});
      continue;
    }
    for (size_t i = 1; i < row.size(); ++i) {
      for (const std::string& part : PartsOf(row[i])) {
        if (found->second.count(part) == 0) {
          differences->push_back({row[0], part, is_added});
        }
      }
    }
  }
}

}  // namespace

std::vector<RowDifference> DifferencesOf(const TableRows& before,
                                         const TableRows& after) {
  std::vector<RowDifference> differences;
  AddMissing(after, SidesOf(before), true, &differences);
  AddMissing(before, SidesOf(after), false, &differences);
  return differences;
}

}  // namespace subrosa
