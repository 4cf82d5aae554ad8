// OpenReader opens a file of records in any format that we read, and says
// plainly what is wrong with one that we do not.
#ifndef SUBROSA_SRC_INGEST_OPEN_READER_H_
#define SUBROSA_SRC_INGEST_OPEN_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"

namespace subrosa {

// Opens `path`, or standard input for "-". With Format::kDetect the first bytes
// tell the format; an empty file is any format and has no records.
//
// Returns NOT_FOUND, PERMISSION_DENIED or UNAVAILABLE as the file does;
// INVALID_ARGUMENT for a directory, for UTF-16 and for packed files (named in
// the message), for a format that is not read, and for options that do not fit:
// a message type that is unknown, unmarked or has no consumer.
absl::StatusOr<std::unique_ptr<RecordReader>> OpenReader(
    const std::string& path, const ReaderOptions& options);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_OPEN_READER_H_
