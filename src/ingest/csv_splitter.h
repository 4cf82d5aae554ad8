// A CsvSplitter takes CSV (RFC 4180) row by row, in constant memory. What is no
// row is handed out with its place and the reason.
//
// Where RFC 4180 leaves room: rows end with CRLF or LF, the last may end with
// the file; empty lines are passed over; a byte order mark is passed over; text
// is UTF-8 without NUL. A quote opens a cell only at its first byte, and
// nothing but a separator or the row's end may follow the closing one. Other
// readers guess what was meant there; this one rejects the row.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_CSV_SPLITTER_H_
#define SUBROSA_SRC_INGEST_CSV_SPLITTER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/ingest/buffered_input.h"

namespace subrosa {

// The most cells of a row.
inline constexpr size_t kMaxCells = 1024;

// One row, valid until the splitter's next call.
struct CsvRow {
  enum class Kind { kRow, kReject, kEnd };
  Kind kind = Kind::kEnd;

  // INVALID_ARGUMENT, `row: want …, got …`, never a value; for kReject.
  absl::Status reject;

  // Without the quotes around a cell, `""` in it made `"`.
  absl::Span<const absl::string_view> cells;

  // As it stands in the file, without its end.
  absl::string_view raw;

  // From 1, empty lines not counted. At the end: how many rows there were.
  uint64_t number = 0;

  uint64_t byte_offset = 0;  // Of its first byte.
};

class CsvSplitter {
 public:
  // Cells stand between `separator`s, which is neither a quote nor CR nor LF.
  // Rows hold at most `max_row_bytes`, their end not counted.
  CsvSplitter(BufferedInput input, char separator, size_t max_row_bytes);

  // Takes the next row. A row that is too long is passed over in constant
  // memory; where its end lies, its quotes say. So a quote that is never closed
  // makes the rest of the file one row, which is rejected.
  //
  // Errors as BufferedInput::Peek.
  absl::StatusOr<CsvRow> Next();

  uint64_t bytes_read() const { return input_.offset(); }

 private:
  // Where in a cell the scan for a row's end is.
  enum class State { kCellStart, kBare, kQuoted, kQuoteInQuoted };

  // Moves over `text` from `at` and returns the position of the LF that ends
  // the row, or npos.
  size_t Scan(absl::string_view text, size_t at);
  absl::StatusOr<bool> PassOver(size_t scanned);
  absl::Status Split(absl::string_view row);
  absl::Status TakeQuoted(absl::string_view row, size_t* at);

  BufferedInput input_;
  const char separator_;
  const size_t max_row_bytes_;
  State state_ = State::kCellStart;
  uint64_t rows_ = 0;
  size_t shown_bytes_ = 0;  // Of the row given last, which are not consumed.
  std::vector<absl::string_view> cells_;
  std::string unquoted_;  // Room for cells that had a quote in them.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_CSV_SPLITTER_H_
