// Measures what a TableClassifier says of a table's columns against labels that
// people set: kind by kind of health data and of identifiers, since the rest of
// a finding follows from these.
//
// A column is found to hold a kind if a finding of that kind scores at least
// kMinColumnScore. Columns are few, and a column counts once whatever its
// length.
//
// Safe to call from any thread.
//
// Security: holds names of columns, kinds and rules, never a value.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const auto labels, ParseColumnLabels(text));
//   SUBROSA_ASSIGN_OR_RETURN(const ColumnEvaluation measured,
//                            EvaluateColumns(labels, reports, /*seed=*/1));
#ifndef SUBROSA_SRC_CLASSIFY_COLUMN_EVALUATION_H_
#define SUBROSA_SRC_CLASSIFY_COLUMN_EVALUATION_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/classify/span_score.h"
#include "src/classify/table_classifier.h"

namespace subrosa {

// From here on a finding is more than a hint.
constexpr double kMinColumnScore = 0.5;

// What people say that a column holds: slugs of health categories, and of
// identifiers with `identifier:` before them. Empty: neither.
struct LabelledColumn {
  std::string name;
  std::set<std::string> kinds;
};

// Reads lines of a column's name, a tab, and its kinds with commas between, or
// `-`; `#` begins a comment. At most 1,024 columns.
//
// INVALID_ARGUMENT, by line, for what is none, an unknown kind, or a column
// that stands twice.
absl::StatusOr<std::vector<LabelledColumn>> ParseColumnLabels(
    absl::string_view text);

// Columns of one kind, or pairs of column and kind for all of them.
struct ColumnRow {
  std::string kind;
  int64_t labelled = 0;
  int64_t found = 0;
  int64_t right = 0;
  SpanScore score;
  ScoreInterval f2_interval;  // Over 1000 resamplings of the columns.
};

struct ColumnError {
  std::string column;
  std::string kind;
  bool is_missed = false;  // Else a false alarm.
  std::string rule_id;     // Of a false alarm.
  double score = 0;        // Of a false alarm.
};

struct ColumnEvaluation {
  size_t columns = 0;
  std::vector<ColumnRow> kinds;  // By their slugs.
  ColumnRow all;
  std::vector<ColumnError> errors;  // In the table's order.
};

// INVALID_ARGUMENT if a column of the table has no label, or a label no column.
absl::StatusOr<ColumnEvaluation> EvaluateColumns(
    absl::Span<const LabelledColumn> labels,
    absl::Span<const ColumnReport> reports, uint64_t seed);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_COLUMN_EVALUATION_H_
