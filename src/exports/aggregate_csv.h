// An answer about groups (aggregate.h) as a table, for a spreadsheet: the same
// as the JSON, of which it is made.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_EXPORTS_AGGREGATE_CSV_H_
#define SUBROSA_SRC_EXPORTS_AGGREGATE_CSV_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace subrosa {

// The table (RFC 4180) of `answer`, Aggregate::text: a row of all consumers,
// and one a group (docs/formats/aggregate.md). No cell is taken for a formula.
//
// DATA_LOSS if it is no such answer.
absl::StatusOr<std::string> AggregateCsv(absl::string_view answer);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_AGGREGATE_CSV_H_
