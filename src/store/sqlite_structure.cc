#include "src/store/sqlite_structure.h"

#include <memory>

#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// A file that is damaged, or is none, is an answer.
bool IsFault(const absl::Status& status) {
  return absl::IsDataLoss(status) || absl::IsFailedPrecondition(status) ||
         absl::IsInternal(status);
}

absl::Status Check(Connection& database, StructureCheck check,
                   absl::FunctionRef<void(absl::string_view)> on_fault) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> statement,
                           database.Prepare(check == StructureCheck::kWhole
                                                ? "PRAGMA integrity_check(100)"
                                                : "PRAGMA quick_check(100)"));
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, statement->Step());
    if (!found) return absl::OkStatus();
    const absl::string_view told = statement->ColumnBytes(0);
    if (told == "ok") continue;
    for (const absl::string_view line :
         absl::StrSplit(told, '\n', absl::SkipEmpty())) {
      on_fault(line);
    }
  }
}

}  // namespace

absl::Status CheckSqliteStructure(
    Connection& database, StructureCheck check,
    absl::FunctionRef<void(absl::string_view fault)> on_fault) {
  absl::Status checked = Check(database, check, on_fault);
  if (!IsFault(checked)) return checked;
  on_fault(checked.message());
  return absl::OkStatus();
}

}  // namespace subrosa
