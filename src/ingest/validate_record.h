// ValidateRecord checks what record.proto asks of every HealthRecord, whoever
// made it: a reader, or a service that puts it.
#ifndef SUBROSA_SRC_INGEST_VALIDATE_RECORD_H_
#define SUBROSA_SRC_INGEST_VALIDATE_RECORD_H_

#include "absl/status/status.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Returns INVALID_ARGUMENT, `field.path: want …, got …` and never a value, for
// the first field that is missing, too long, out of range, not a slug or no
// UTF-8. Times lie in the years 1900 to 2200, `effective` too. What
// the payload's bytes hold is not looked at, only that there is one and that
// its type has a name.
absl::Status ValidateRecord(const v1::HealthRecord& record);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_VALIDATE_RECORD_H_
