#include "src/ingest/csv_reader.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr size_t kMaxShownName = 64;

absl::Status WrongHeader(absl::string_view want, absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("header: want ", want, ", got ", got));
}

}  // namespace

std::string ShownName(absl::string_view name) {
  const auto is_plain = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  if (name.empty() || name.size() > kMaxShownName ||
      !absl::ascii_isalpha(static_cast<unsigned char>(name.front())) ||
      !std::all_of(name.begin(), name.end(), is_plain)) {
    return "one of another form";
  }
  return absl::StrCat("`", name, "`");
}

ReadOrigin OriginOfRow(absl::string_view system, const RowMapping& mapping,
                       absl::string_view raw, const v1::HealthRecord& record) {
  ReadOrigin origin;
  origin.system = system;
  origin.type = mapping.source().name();
  origin.id = record.id();
  origin.raw = raw;
  return origin;
}

CsvReader::CsvReader(BufferedInput input, const ReaderOptions& options,
                     size_t max_row_bytes)
    : mapping_(*options.mapping),
      splitter_(std::move(input), mapping_.separator(), max_row_bytes),
      mapper_(&mapping_),
      finisher_(options.defaults),
      cells_(mapping_.columns().size()) {}

absl::StatusOr<std::unique_ptr<RecordReader>> CsvReader::Make(
    BufferedInput input, const ReaderOptions& options, size_t max_row_bytes) {
  auto reader = std::unique_ptr<CsvReader>(
      new CsvReader(std::move(input), options, max_row_bytes));
  SUBROSA_RETURN_IF_ERROR(reader->TakeHeader());
  return reader;
}

absl::Status CsvReader::TakeHeader() {
  const size_t count = mapping_.columns().size();
  if (mapping_.source().without_header()) {
    for (size_t i = 0; i < count; ++i) columns_.push_back(static_cast<int>(i));
    return absl::OkStatus();
  }
  SUBROSA_ASSIGN_OR_RETURN(const CsvRow header, splitter_.Next());
  if (header.kind == CsvRow::Kind::kEnd) return absl::OkStatus();
  if (header.kind == CsvRow::Kind::kReject) {
    return Annotate(header.reject, "header");
  }
  header_rows_ = 1;
  std::vector<bool> seen(count);
  for (absl::string_view name : header.cells) {
    if (mapping_.source().trim()) name = absl::StripAsciiWhitespace(name);
    columns_.push_back(mapping_.Find(name));
  }
  // A file without a header starts with a row, and no error may show its cells.
  const bool is_header = std::any_of(columns_.begin(), columns_.end(),
                                     [](int column) { return column >= 0; });
  if (!is_header) {
    return WrongHeader("the names of the mapping's columns",
                       "a first row without any of them (another separator, or "
                       "without_header?)");
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    const int column = columns_[i];
    if (column < 0) {
      return WrongHeader(
          "columns that the mapping names (`ignore` leaves one out)",
          absl::StrCat(ShownName(header.cells[i]), " as column ", i + 1));
    }
    if (seen[column]) {
      return WrongHeader("each column once",
                         absl::StrCat(mapping_.columns()[column].label,
                                      " again as column ", i + 1));
    }
    seen[column] = true;
  }
  for (size_t i = 0; i < count; ++i) {
    if (!seen[i]) {
      return WrongHeader(mapping_.columns()[i].label, "no such column");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ReadOutcome> CsvReader::Next(v1::HealthRecord* record) {
  SUBROSA_ASSIGN_OR_RETURN(const CsvRow row, splitter_.Next());
  ReadOutcome outcome;
  outcome.number = row.number - header_rows_;
  outcome.byte_offset = row.byte_offset;
  if (row.kind == CsvRow::Kind::kEnd) return outcome;
  outcome.reject =
      row.kind == CsvRow::Kind::kReject ? row.reject : Take(row, record);
  outcome.step = outcome.reject.ok() ? ReadStep::kRecord : ReadStep::kReject;
  return outcome;
}

absl::Status CsvReader::Take(const CsvRow& row, v1::HealthRecord* record) {
  if (row.cells.size() != columns_.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "row: want ", columns_.size(), " cells, got ", row.cells.size()));
  }
  for (size_t i = 0; i < columns_.size(); ++i) {
    cells_[columns_[i]] = row.cells[i];
  }
  SUBROSA_RETURN_IF_ERROR(mapper_.Map(cells_, record));
  return finisher_.Finish(OriginOfRow("csv", mapping_, row.raw, *record),
                          record);
}

}  // namespace subrosa
