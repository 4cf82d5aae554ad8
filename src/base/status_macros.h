// Early return on error, for functions that return absl::Status or StatusOr.
//
//   SUBROSA_RETURN_IF_ERROR(ledger.Append(consent));
//   SUBROSA_ASSIGN_OR_RETURN(const Envelope envelope, Seal(record));
//
// Annotate puts context in front of an error and keeps its code.
#ifndef SUBROSA_SRC_BASE_STATUS_MACROS_H_
#define SUBROSA_SRC_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace subrosa {

// Returns `status` with "`context`: " before its message. OK stays OK.
inline absl::Status Annotate(const absl::Status& status,
                             absl::string_view context) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(context, ": ", status.message()));
}

}  // namespace subrosa

#define SUBROSA_RETURN_IF_ERROR(expression)          \
  do {                                               \
    absl::Status subrosa_status = (expression);      \
    if (!subrosa_status.ok()) return subrosa_status; \
  } while (false)

#define SUBROSA_ASSIGN_OR_RETURN(declaration, expression) \
  SUBROSA_ASSIGN_OR_RETURN_IMPL_(                         \
      SUBROSA_CONCAT_(subrosa_status_or_, __LINE__), declaration, expression)

#define SUBROSA_CONCAT_(a, b) SUBROSA_CONCAT_IMPL_(a, b)
#define SUBROSA_CONCAT_IMPL_(a, b) a##b
#define SUBROSA_ASSIGN_OR_RETURN_IMPL_(result, declaration, expression) \
  auto result = (expression);                                           \
  if (!result.ok()) return std::move(result).status();                  \
  declaration = *std::move(result)

#endif  // SUBROSA_SRC_BASE_STATUS_MACROS_H_
