// For tests of what reads bytes: an input that holds a text.
#ifndef SUBROSA_SRC_INGEST_TESTING_SCRATCH_INPUT_H_
#define SUBROSA_SRC_INGEST_TESTING_SCRATCH_INPUT_H_

#include "absl/strings/string_view.h"
#include "src/ingest/buffered_input.h"

namespace subrosa {

// Opens a scratch file that holds `content` and has no name any more.
BufferedInput ScratchInput(absl::string_view content);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_TESTING_SCRATCH_INPUT_H_
