// `subrosa evaluate --table`: how well the kinds of a table's columns are told.
#ifndef SUBROSA_TOOLS_SUBROSA_EVALUATE_COLUMNS_H_
#define SUBROSA_TOOLS_SUBROSA_EVALUATE_COLUMNS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace subrosa {

// What to print of the columns of `table` (as OpenTableRows names one) against
// the labels in the file at `labels_path` (at most 1 MiB;
// src/classify/column_evaluation.h). `seed` draws the resamplings. Holds no
// value of the table.
//
// Errors as of reading either, and as ParseColumnLabels and EvaluateColumns.
absl::StatusOr<std::string> EvaluateTable(const std::string& table,
                                          const std::string& labels_path,
                                          uint64_t seed, bool json);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_EVALUATE_COLUMNS_H_
