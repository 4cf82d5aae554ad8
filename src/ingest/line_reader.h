// A LineReader takes a text file line by line. A line over the limit is passed
// over in constant memory and said to be too long.
//
// Thread-compatible.
#ifndef SUBROSA_SRC_INGEST_LINE_READER_H_
#define SUBROSA_SRC_INGEST_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/buffered_input.h"

namespace subrosa {

struct Line {
  enum class Kind { kText, kTooLong, kEnd };
  Kind kind = Kind::kEnd;

  // Without its end (LF or CRLF). kJsonPaddingBytes are readable behind it.
  // Valid until the next call.
  absl::string_view text;

  uint64_t number = 0;       // From 1. At the end: how many lines there were.
  uint64_t byte_offset = 0;  // Of its first byte.
};

class LineReader {
 public:
  // Lines hold at most `max_line_bytes`, their end not counted.
  LineReader(BufferedInput input, size_t max_line_bytes)
      : input_(std::move(input)), max_line_bytes_(max_line_bytes) {}

  // Takes the next line that holds more than white space. A byte order mark at
  // the start of the file is passed over. Errors as BufferedInput::Peek.
  absl::StatusOr<Line> Next();

  // Why a line of Kind::kTooLong is rejected.
  absl::Status TooLong() const;

  uint64_t bytes_read() const { return input_.offset(); }

 private:
  absl::StatusOr<Line> NextRaw();
  absl::StatusOr<Line> PassOverTooLong(Line line);

  BufferedInput input_;
  size_t max_line_bytes_;
  uint64_t lines_ = 0;
  size_t shown_bytes_ = 0;  // Of the line given last, which are not consumed.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_LINE_READER_H_
