// Tells a file's format by its first bytes.
#ifndef SUBROSA_SRC_INGEST_DETECT_FORMAT_H_
#define SUBROSA_SRC_INGEST_DETECT_FORMAT_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/reader_options.h"

namespace subrosa {

// INVALID_ARGUMENT, with what the file is and what to do, if `start`, a file's
// first bytes, are those of a packed file, of UTF-16 or UTF-32, or of XML.
absl::Status CheckReadable(absl::string_view start);

// The format of what comes next in `input`, which is left where it stands.
// kNdjson for a file that is empty or blank.
//
// INVALID_ARGUMENT for a list in JSON, for JSON over several lines, and for
// what is none of our formats. Errors of reading as BufferedInput::Peek.
absl::StatusOr<Format> DetectFormat(BufferedInput* input);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_DETECT_FORMAT_H_
