// Whether a database's file is one: SQLite's own check of its pages, its tables
// and its indexes.
#ifndef SUBROSA_SRC_STORE_SQLITE_STRUCTURE_H_
#define SUBROSA_SRC_STORE_SQLITE_STRUCTURE_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/store/connection.h"

namespace subrosa {

enum class StructureCheck {
  kWhole,
  kQuick,  // Not whether each row stands in the indexes: a tenth of the time.
};

// Goes through all of `database`, a SQLite connection, as it is at one instant,
// and tells `on_fault` what is wrong, at most a hundred times; no fault holds a
// value. Errors only where the check cannot be made: UNAVAILABLE.
//
// What stands in a column may be anything: SQLite keeps no checksums. A changed
// byte of a sealed value is found by opening it.
//
// Others go on reading and writing; until it is done the journal cannot be
// emptied. Memory: one bit a page.
absl::Status CheckSqliteStructure(
    Connection& database, StructureCheck check,
    absl::FunctionRef<void(absl::string_view fault)> on_fault);

}  // namespace subrosa

#endif  // SUBROSA_SRC_STORE_SQLITE_STRUCTURE_H_
