#include "src/ingest/csv_splitter.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "simdjson.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kNone = absl::string_view::npos;

absl::Status Wrong(absl::string_view want, absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("row: want ", want, ", got ", got));
}

std::string InCell(absl::string_view what, size_t cell) {
  return absl::StrCat(what, " in cell ", cell + 1);
}

// Position of `c` in `text` from `at` on, or the end of `text`.
size_t Find(absl::string_view text, char c, size_t at) {
  const void* const found =
      at < text.size() ? std::memchr(text.data() + at, c, text.size() - at)
                       : nullptr;
  return found == nullptr ? text.size()
                          : static_cast<const char*>(found) - text.data();
}

}  // namespace

CsvSplitter::CsvSplitter(BufferedInput input, char separator,
                         size_t max_row_bytes)
    : input_(std::move(input)),
      separator_(separator),
      max_row_bytes_(max_row_bytes) {}

absl::StatusOr<CsvRow> CsvSplitter::Next() {
  CsvRow row;
  row.number = rows_;
  size_t scanned = 0;
  for (;;) {
    input_.Consume(shown_bytes_);
    shown_bytes_ = 0;
    if (input_.offset() == 0) {
      SUBROSA_ASSIGN_OR_RETURN(const absl::string_view start,
                               input_.Peek(kByteOrderMark.size()));
      if (absl::StartsWith(start, kByteOrderMark)) {
        input_.Consume(kByteOrderMark.size());
      }
    }
    row.byte_offset = input_.offset();
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view start, input_.Peek(2));
    if (start.empty()) return row;
    if (absl::StartsWith(start, "\n")) {
      shown_bytes_ = 1;
    } else if (absl::StartsWith(start, "\r\n")) {
      shown_bytes_ = 2;
    } else {
      break;
    }
  }
  row.number = ++rows_;
  row.kind = CsvRow::Kind::kReject;
  state_ = State::kCellStart;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view next,
                             input_.Peek(scanned + 1));
    const bool at_end = next.size() == scanned;
    const size_t end = at_end ? scanned : Scan(next, scanned);
    if (at_end || end != kNone) {
      row.raw = next.substr(0, end);
      shown_bytes_ = end + (at_end ? 0 : 1);
      break;
    }
    scanned = next.size();
    if (scanned <= max_row_bytes_ + 1) continue;
    SUBROSA_ASSIGN_OR_RETURN(const bool ends, PassOver(scanned));
    row.reject =
        Wrong(absl::StrCat("at most ", max_row_bytes_, " bytes"),
              ends ? "more"
                   : "a quote that the file does not close: what is behind "
                     "it was read as one row");
    return row;
  }
  if (state_ == State::kQuoted) {
    row.reject = Wrong("a quote that closes the cell",
                       "the end of the file: what is behind the open quote was "
                       "read as one row");
    return row;
  }
  if (absl::EndsWith(row.raw, "\r")) row.raw.remove_suffix(1);
  row.reject =
      row.raw.size() > max_row_bytes_
          ? Wrong(absl::StrCat("at most ", max_row_bytes_, " bytes"), "more")
          : Split(row.raw);
  if (!row.reject.ok()) return row;
  row.kind = CsvRow::Kind::kRow;
  row.cells = cells_;
  return row;
}

size_t CsvSplitter::Scan(absl::string_view text, size_t at) {
  // The first LF from `at` on. Sought once for all quotes before it: else many
  // quoted cells in a long row would take quadratic time.
  size_t end = 0;
  bool knows_end = false;
  while (at < text.size()) {
    if (state_ == State::kQuoted) {
      at = Find(text, '"', at);
      if (at == text.size()) return kNone;
      state_ = State::kQuoteInQuoted;
      ++at;
      continue;
    }
    if (state_ == State::kQuoteInQuoted) {
      const char c = text[at++];
      if (c == '\n') return at - 1;
      state_ = c == '"'          ? State::kQuoted
               : c == separator_ ? State::kCellStart
                                 : State::kBare;
      continue;
    }
    if (!knows_end || end < at) {
      end = Find(text, '\n', at);
      knows_end = true;
    }
    const size_t quote = Find(text.substr(0, end), '"', at);
    if (quote == end) {
      if (end < text.size()) return end;
      state_ = text.back() == separator_ ? State::kCellStart : State::kBare;
      return kNone;
    }
    const bool opens = quote == at ? state_ == State::kCellStart
                                   : text[quote - 1] == separator_;
    state_ = opens ? State::kQuoted : State::kBare;
    at = quote + 1;
  }
  return kNone;
}

// Consumes up to the row's end; false if the file ends in a quoted cell.
absl::StatusOr<bool> CsvSplitter::PassOver(size_t scanned) {
  input_.Consume(scanned);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const absl::string_view next, input_.Peek(1));
    if (next.empty()) return state_ != State::kQuoted;
    const size_t end = Scan(next, 0);
    input_.Consume(end == kNone ? next.size() : end + 1);
    if (end != kNone) return true;
  }
}

absl::Status CsvSplitter::Split(absl::string_view row) {
  cells_.clear();
  if (Find(row, '\0', 0) != row.size()) return Wrong("text", "a NUL byte");
  const bool has_quote = Find(row, '"', 0) != row.size();
  if (has_quote) {
    // Cells point in here, so that it must not move.
    unquoted_.clear();
    unquoted_.reserve(row.size());
  }
  const size_t carriage_return = Find(row, '\r', 0);
  for (size_t at = 0;; ++at) {
    if (cells_.size() == kMaxCells) {
      return Wrong(absl::StrCat("at most ", kMaxCells, " cells"), "more");
    }
    if (has_quote && at < row.size() && row[at] == '"') {
      SUBROSA_RETURN_IF_ERROR(TakeQuoted(row, &at));
    } else {
      const size_t end = Find(row, separator_, at);
      const absl::string_view cell = row.substr(at, end - at);
      if (has_quote && Find(cell, '"', 0) != cell.size()) {
        return Wrong("a quote only around a cell, or doubled in it",
                     InCell("one", cells_.size()));
      }
      if (end > carriage_return && Find(cell, '\r', 0) != cell.size()) {
        return Wrong("rows that end with CRLF or LF",
                     InCell("a CR alone", cells_.size()));
      }
      cells_.push_back(cell);
      at = end;
    }
    if (at >= row.size()) break;
  }
  if (simdjson::validate_utf8(row.data(), row.size())) {
    return absl::OkStatus();
  }
  size_t bad = 0;
  while (bad + 1 < cells_.size() &&
         simdjson::validate_utf8(cells_[bad].data(), cells_[bad].size())) {
    ++bad;
  }
  return Wrong("UTF-8", InCell("other bytes", bad));
}

// Takes the cell whose opening quote stands at `at`; leaves `at` behind the
// closing one.
absl::Status CsvSplitter::TakeQuoted(absl::string_view row, size_t* at) {
  const size_t start = ++*at;
  const size_t room = unquoted_.size();
  size_t copied = start;
  for (;;) {
    const size_t quote = Find(row, '"', *at);
    *at = quote + 1;
    if (*at < row.size() && row[*at] == '"') {
      unquoted_.append(row.data() + copied, *at - copied);
      copied = ++*at;
      continue;
    }
    if (*at < row.size() && row[*at] != separator_) {
      return Wrong("a separator behind a closing quote",
                   InCell("something else", cells_.size()));
    }
    if (copied == start) {
      cells_.push_back(row.substr(start, quote - start));
    } else {
      unquoted_.append(row.data() + copied, quote - copied);
      cells_.push_back(absl::string_view(unquoted_).substr(room));
    }
    return absl::OkStatus();
  }
}

}  // namespace subrosa
