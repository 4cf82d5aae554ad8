#include "src/ingest/line_reader.h"

#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsBlank(absl::string_view text) {
  return text.find_first_not_of(" \t\r") == absl::string_view::npos;
}

}  // namespace

absl::StatusOr<Line> LineReader::Next() {
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(Line line, NextRaw());
    if (line.kind != Line::Kind::kText || !IsBlank(line.text)) return line;
  }
}

absl::StatusOr<Line> LineReader::NextRaw() {
  input_.Consume(shown_bytes_);
  shown_bytes_ = 0;
  if (input_.offset() == 0) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view start,
                             input_.Peek(kByteOrderMark.size()));
    if (absl::StartsWith(start, kByteOrderMark)) {
      input_.Consume(kByteOrderMark.size());
    }
  }
  Line line;
  line.byte_offset = input_.offset();
  line.number = lines_;
  size_t searched = 0;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view next,
                             input_.Peek(searched + 1));
    if (next.empty()) return line;
    const size_t end = next.find('\n', searched);
    const bool ends = end != absl::string_view::npos;
    // What is searched without an end is all there is, if nothing is new.
    const bool is_last = !ends && next.size() == searched;
    if (ends || is_last) {
      line.text = next.substr(0, end);
      shown_bytes_ = line.text.size() + (ends ? 1 : 0);
      if (absl::EndsWith(line.text, "\r")) line.text.remove_suffix(1);
    } else if (next.size() <= max_line_bytes_ + 1) {
      searched = next.size();
      continue;
    }
    line.number = ++lines_;
    if (!ends && !is_last) return PassOverTooLong(line);
    line.kind = line.text.size() > max_line_bytes_ ? Line::Kind::kTooLong
                                                   : Line::Kind::kText;
    return line;
  }
}

absl::Status LineReader::TooLong() const {
  return absl::InvalidArgumentError(
      absl::StrCat("line: want at most ", max_line_bytes_, " bytes, got more"));
}

absl::StatusOr<Line> LineReader::PassOverTooLong(Line line) {
  line.kind = Line::Kind::kTooLong;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view next, input_.Peek(1));
    if (next.empty()) return line;
    const size_t end = next.find('\n');
    if (end != absl::string_view::npos) {
      input_.Consume(end + 1);
      return line;
    }
    input_.Consume(next.size());
  }
}

}  // namespace subrosa
