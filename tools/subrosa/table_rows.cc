#include "tools/subrosa/table_rows.h"

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/csv_splitter.h"
#include "src/ingest/json_row.h"
#include "src/ingest/line_reader.h"
#include "src/store/connection.h"
#include "src/store/sqlite_connection.h"

namespace subrosa {
namespace {

constexpr size_t kMaxRowBytes = size_t{1} << 20;

class CsvRows final : public RowSource {
 public:
  CsvRows(BufferedInput input, char separator)
      : splitter_(std::move(input), separator, kMaxRowBytes) {}

  absl::Status TakeHeader() {
    SUBROSA_ASSIGN_OR_RETURN(const CsvRow header, splitter_.Next());
    if (header.kind == CsvRow::Kind::kReject) {
      return Annotate(header.reject, "header");
    }
    for (const absl::string_view name : header.cells) {
      columns_.emplace_back(name);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next() override {
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const CsvRow row, splitter_.Next());
      if (row.kind == CsvRow::Kind::kEnd) return false;
      if (row.kind == CsvRow::Kind::kRow &&
          row.cells.size() == columns_.size()) {
        cells_.assign(row.cells.begin(), row.cells.end());
        return true;
      }
      ++rejected_;
    }
  }
  const std::vector<std::string>& columns() const override { return columns_; }
  const std::vector<absl::string_view>& cells() const override {
    return cells_;
  }
  const std::vector<uint64_t>& unread() const override { return unread_; }
  const uint64_t* rejected() const { return &rejected_; }

 private:
  CsvSplitter splitter_;
  std::vector<std::string> columns_;
  std::vector<absl::string_view> cells_;
  std::vector<uint64_t> unread_;
  uint64_t rejected_ = 0;
};

class JsonRows final : public RowSource {
 public:
  explicit JsonRows(BufferedInput input)
      : lines_(std::move(input), kMaxRowBytes) {}

  absl::StatusOr<bool> Next() override {
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const Line line, lines_.Next());
      if (line.kind == Line::Kind::kEnd) return false;
      cells_.assign(columns_.size(), "");
      if (line.kind == Line::Kind::kText && Split(line.text)) return true;
      ++rejected_;
    }
  }
  const std::vector<std::string>& columns() const override { return columns_; }
  const std::vector<absl::string_view>& cells() const override {
    return cells_;
  }
  const std::vector<uint64_t>& unread() const override { return unread_; }
  const uint64_t* rejected() const { return &rejected_; }

 private:
  bool Split(absl::string_view line) {
    return row_
        .Split(line,
               [this](absl::string_view key, const JsonValue& value) {
                 const size_t column = ColumnOf(key);
                 absl::string_view& cell = cells_[column];
                 const bool has_text = value.kind == JsonKind::kNumber ||
                                       value.kind == JsonKind::kString;
                 if (has_text) cell = value.text;
                 if (value.kind == JsonKind::kTrue) cell = "true";
                 if (value.kind == JsonKind::kFalse) cell = "false";
                 if (value.kind == JsonKind::kList ||
                     value.kind == JsonKind::kObject) {
                   ++unread_[column];
                 }
                 return absl::OkStatus();
               })
        .ok();
  }

  size_t ColumnOf(absl::string_view key) {
    const auto [found, is_new] =
        by_name_.emplace(std::string(key), columns_.size());
    if (is_new) {
      columns_.emplace_back(key);
      cells_.emplace_back();
      unread_.push_back(0);
    }
    return found->second;
  }

  LineReader lines_;
  JsonRow row_;
  absl::flat_hash_map<std::string, size_t> by_name_;
  std::vector<std::string> columns_;
  std::vector<absl::string_view> cells_;
  std::vector<uint64_t> unread_;
  uint64_t rejected_ = 0;
};

std::string Quoted(absl::string_view name) {
  return absl::StrCat("\"", absl::StrReplaceAll(name, {{"\"", "\"\""}}), "\"");
}

class SqliteRows final : public RowSource {
 public:
  explicit SqliteRows(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  absl::Status Begin(const std::string& table) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> names,
        connection_->Prepare("SELECT name FROM pragma_table_info($1)"));
    names->BindText(1, table);
    std::string sql = "SELECT ";
    std::string blobs;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool more, names->Step());
      if (!more) break;
      const std::string name(names->ColumnBytes(0));
      // Bytes of a blob are no text to judge.
      absl::StrAppend(&sql, columns_.empty() ? "" : ", ", "CASE typeof(",
                      Quoted(name), ") WHEN 'blob' THEN NULL ELSE CAST(",
                      Quoted(name), " AS TEXT) END");
      absl::StrAppend(&blobs, columns_.size() % kBlobBits == 0 ? ", " : " + ",
                      "(typeof(", Quoted(name), ") = 'blob') * ",
                      uint64_t{1} << columns_.size() % kBlobBits);
      columns_.push_back(name);
    }
    if (columns_.empty()) {
      return absl::InvalidArgumentError(
          "table: want one that the database has, got another");
    }
    unread_.assign(columns_.size(), 0);
    absl::StrAppend(&sql, blobs, " FROM ", Quoted(table));
    SUBROSA_ASSIGN_OR_RETURN(rows_, connection_->Prepare(sql));
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next() override {
    SUBROSA_ASSIGN_OR_RETURN(const bool more, rows_->Step());
    if (!more) return false;
    cells_.clear();
    for (size_t i = 0; i < columns_.size(); ++i) {
      cells_.push_back(rows_->ColumnBytes(static_cast<int>(i)));
    }
    for (size_t first = 0; first < columns_.size(); first += kBlobBits) {
      auto bits = static_cast<uint64_t>(rows_->ColumnInt(
          static_cast<int>(columns_.size() + first / kBlobBits)));
      for (; bits != 0; bits &= bits - 1) {
        ++unread_[first + static_cast<size_t>(__builtin_ctzll(bits))];
      }
    }
    return true;
  }
  const std::vector<std::string>& columns() const override { return columns_; }
  const std::vector<absl::string_view>& cells() const override {
    return cells_;
  }
  const std::vector<uint64_t>& unread() const override { return unread_; }
  const uint64_t* rejected() const { return &rejected_; }

 private:
  // Behind the columns a row says in which of them bytes stand, so many to a
  // number.
  static constexpr size_t kBlobBits = 32;

  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Statement> rows_;
  std::vector<std::string> columns_;
  std::vector<absl::string_view> cells_;
  std::vector<uint64_t> unread_;
  uint64_t rejected_ = 0;
};

// The last part of a path, without its ending.
std::string NameOfFile(absl::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash != path.npos) path.remove_prefix(slash + 1);
  return std::string(path.substr(0, path.find('.')));
}

template <typename Rows>
TableRows Opened(std::unique_ptr<Rows> rows, const std::string& name) {
  TableRows table;
  table.rejected = rows->rejected();
  table.source = std::move(rows);
  table.name = name;
  return table;
}

}  // namespace

absl::StatusOr<TableRows> OpenTableRows(const std::string& place,
                                        char separator) {
  const bool is_json =
      absl::EndsWith(place, ".ndjson") || absl::EndsWith(place, ".jsonl");
  if (is_json || absl::EndsWith(place, ".csv") ||
      absl::EndsWith(place, ".tsv")) {
    SUBROSA_ASSIGN_OR_RETURN(BufferedInput input, BufferedInput::Open(place));
    if (is_json) {
      return Opened(std::make_unique<JsonRows>(std::move(input)),
                    NameOfFile(place));
    }
    auto rows = std::make_unique<CsvRows>(std::move(input), separator);
    SUBROSA_RETURN_IF_ERROR(Annotate(rows->TakeHeader(), place));
    return Opened(std::move(rows), NameOfFile(place));
  }
  const size_t colon = place.rfind(':');
  if (colon == place.npos || colon == 0 || colon + 1 == place.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat(place,
                     ": want FILE.csv, FILE.tsv, FILE.ndjson, FILE.jsonl or "
                     "DATABASE:TABLE, got another"));
  }
  SqliteOptions options;
  options.read_only = true;
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                           OpenSqlite(place.substr(0, colon), options));
  auto rows = std::make_unique<SqliteRows>(std::move(connection));
  SUBROSA_RETURN_IF_ERROR(
      Annotate(rows->Begin(place.substr(colon + 1)), place));
  return Opened(std::move(rows), place.substr(colon + 1));
}

}  // namespace subrosa
