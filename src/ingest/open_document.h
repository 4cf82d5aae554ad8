// Opens documents: files that are one whole and no lines, in XML or packed.
#ifndef SUBROSA_SRC_INGEST_OPEN_DOCUMENT_H_
#define SUBROSA_SRC_INGEST_OPEN_DOCUMENT_H_

#include <memory>

#include "absl/status/statusor.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"

namespace subrosa {

// Whether files of `format` are documents.
bool IsDocument(Format format);

// A reader of `input`, a document of `format`. An element, an entry or a file
// that is kept whole holds at most `options.max_record_bytes`; by default 4
// MiB.
//
// INVALID_ARGUMENT for a message type or mapping beside it, and for a file of
// one person where `options` name nobody.
absl::StatusOr<std::unique_ptr<RecordReader>> OpenDocument(
    BufferedInput input, Format format, const ReaderOptions& options);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_OPEN_DOCUMENT_H_
