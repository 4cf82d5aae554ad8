// The rows of a table that lies in a file: CSV, NDJSON of flat objects, or a
// table of an SQLite database.
#ifndef SUBROSA_TOOLS_SUBROSA_TABLE_ROWS_H_
#define SUBROSA_TOOLS_SUBROSA_TABLE_ROWS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/classify/row_source.h"

namespace subrosa {

struct TableRows {
  std::unique_ptr<RowSource> source;

  // What the table is called: the file's name without its ending, or the
  // database's table.
  std::string name;

  // How many rows were passed over as none. Owned by `source`.
  const uint64_t* rejected = nullptr;
};

// Opens `place`: FILE.csv, FILE.ndjson or FILE.jsonl, or FILE:TABLE for a
// database. CSV has a header. Rows hold at most 1 MiB.
//
// INVALID_ARGUMENT for another ending and for a table that the database does
// not have; else errors as the file's.
absl::StatusOr<TableRows> OpenTableRows(const std::string& place,
                                        char separator);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_TABLE_ROWS_H_
