// How the tables of one item of a notice differ from those of another: names in
// the first cells, and what stands beside each, "a; b", as a set.
#ifndef SUBROSA_SRC_NOTICE_ROW_DIFFERENCE_H_
#define SUBROSA_SRC_NOTICE_ROW_DIFFERENCE_H_

#include <string>
#include <vector>

namespace subrosa {

using TableRows = std::vector<std::vector<std::string>>;

struct RowDifference {
  std::string name;       // The first cell.
  std::string beside;     // Empty: the whole row.
  bool is_added = false;  // In `after` alone; else in `before` alone.

  std::string Text() const {
    return beside.empty() ? "`" + name + "`"
                          : "`" + beside + "` of `" + name + "`";
  }
};

// What is added, in the order of `after`; then what is gone, in that of
// `before`.
std::vector<RowDifference> DifferencesOf(const TableRows& before,
                                         const TableRows& after);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_ROW_DIFFERENCE_H_
