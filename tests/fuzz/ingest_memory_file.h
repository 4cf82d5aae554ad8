// Runs a reader over bytes in memory, and stops where it breaks its word.
#ifndef SUBROSA_TESTS_FUZZ_INGEST_MEMORY_FILE_H_
#define SUBROSA_TESTS_FUZZ_INGEST_MEMORY_FILE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "src/ingest/reader_options.h"

namespace subrosa {

// Options that give every record what it may leave out, with a small limit, so
// that inputs of a fuzzer's size go over it.
ReaderOptions FuzzOptions(Format format);

// Reads all of `bytes` and aborts unless
//   - opening and reading fail with nothing but INVALID_ARGUMENT,
//   - every record is valid and every reject says why,
//   - places only grow, and the end is the end of the file.
void ReadAllOf(absl::string_view bytes, const ReaderOptions& options);

// The same for an archive, which may end before its file does.
void ReadAllOfArchive(absl::string_view bytes, const ReaderOptions& options);

// Aborts unless `holds`.
void Require(bool holds);

// `text` with what a JSON parser may read behind it.
std::string Padded(absl::string_view text);

}  // namespace subrosa

#endif  // SUBROSA_TESTS_FUZZ_INGEST_MEMORY_FILE_H_
