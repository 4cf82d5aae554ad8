// A consumer's copy in the clear, as a file for the entity's own programs, and
// the log's word that it was made. For the consumer themselves: sealed_copy.h.
#ifndef SUBROSA_SRC_EXPORTS_CLEAR_COPY_H_
#define SUBROSA_SRC_EXPORTS_CLEAR_COPY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/exports/copy.h"
#include "src/steward/steward.h"

namespace subrosa {

// Writes it into the new file `path`, mode 0600, in the order of
// WriteSealedCopy: there is never a file that the log knows nothing of.
//
// ALREADY_EXISTS if something stands at `path`; else errors of WriteCopy. On
// error nothing stands there.
absl::StatusOr<CopySummary> WriteClearCopy(Steward& steward,
                                           absl::string_view consumer,
                                           CopyFormat format,
                                           const std::string& path);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_CLEAR_COPY_H_
