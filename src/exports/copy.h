// A consumer's copy of what is held of them, in the clear, for the consumer.
// Whoever calls has authenticated the consumer; this room does not.
//
// Two shapes (docs/formats/copy.md): JSON, whole, for programs and for another
// service; CSV, one line per value, for a spreadsheet.
#ifndef SUBROSA_SRC_EXPORTS_COPY_H_
#define SUBROSA_SRC_EXPORTS_COPY_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/steward/steward.h"

namespace subrosa {

enum class CopyFormat { kJson, kCsv };

struct CopySummary {
  int64_t records = 0;
  int64_t withheld = 0;  // Values (withheld_items.h).
};

// Takes the copy's bytes, in order.
using CopySink = absl::FunctionRef<absl::Status(absl::string_view)>;

// Writes every record of `consumer` to `sink`, a record at a time: memory does
// not grow with their number. Records come in no particular order.
//
// NOT_FOUND if there is no such consumer; FAILED_PRECONDITION if a record is of
// a message type that the steward's types do not describe; an error of `sink`.
// After an error what was written is of no use.
absl::StatusOr<CopySummary> WriteCopy(Steward& steward,
                                      absl::string_view consumer,
                                      CopyFormat format, absl::Time made_at,
                                      CopySink sink);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_COPY_H_
