#include "src/ingest/ndjson_table_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/csv_reader.h"
#include "src/ingest/json_row.h"
#include "src/ingest/json_scalar.h"

namespace subrosa {
namespace {

absl::Status WrongLine(absl::string_view want, absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("line: want ", want, ", got ", got));
}

// The cell that `value` is; a list or an object is none.
absl::Status ToCell(const JsonValue& value, const MappedColumn& column,
                    TableCell* cell) {
  switch (value.kind) {
    case JsonKind::kNull:
      cell->reset();
      return absl::OkStatus();
    case JsonKind::kFalse:
      *cell = "false";
      return absl::OkStatus();
    case JsonKind::kTrue:
      *cell = "true";
      return absl::OkStatus();
    case JsonKind::kNumber:
    case JsonKind::kString:
      *cell = value.text;
      // Text with a NUL is refused in CSV too.
      if (value.text.find('\0') == value.text.npos) return absl::OkStatus();
      return absl::InvalidArgumentError(
          absl::StrCat(column.label, ": want text, got a NUL character"));
    default:
      return absl::InvalidArgumentError(absl::StrCat(
          column.label, ": want one value, got ", NameOf(value.kind)));
  }
}

}  // namespace

NdjsonTableReader::NdjsonTableReader(BufferedInput input,
                                     const ReaderOptions& options,
                                     size_t max_line_bytes)
    : mapping_(*options.mapping),
      lines_(std::move(input), max_line_bytes),
      row_(std::make_unique<JsonRow>()),
      mapper_(&mapping_),
      finisher_(options.defaults),
      cells_(mapping_.columns().size()),
      seen_(mapping_.columns().size()) {}

NdjsonTableReader::~NdjsonTableReader() = default;

absl::StatusOr<ReadOutcome> NdjsonTableReader::Next(v1::HealthRecord* record) {
  SUBROSA_ASSIGN_OR_RETURN(const Line line, lines_.Next());
  ReadOutcome outcome;
  outcome.number = line.number;
  outcome.byte_offset = line.byte_offset;
  if (line.kind == Line::Kind::kEnd) return outcome;
  outcome.reject = line.kind == Line::Kind::kTooLong ? lines_.TooLong()
                                                     : Take(line.text, record);
  outcome.step = outcome.reject.ok() ? ReadStep::kRecord : ReadStep::kReject;
  return outcome;
}

absl::Status NdjsonTableReader::Take(absl::string_view line,
                                     v1::HealthRecord* record) {
  std::fill(cells_.begin(), cells_.end(), TableCell());
  std::fill(seen_.begin(), seen_.end(), false);
  SUBROSA_RETURN_IF_ERROR(
      row_->Split(line, [&](absl::string_view key, const JsonValue& value) {
        const int column = mapping_.Find(key);
        if (column < 0) {
          return WrongLine("keys that the mapping names", ShownName(key));
        }
        if (seen_[column]) {
          return WrongLine(
              "each key once",
              absl::StrCat(mapping_.columns()[column].label, " again"));
        }
        seen_[column] = true;
        return ToCell(value, mapping_.columns()[column], &cells_[column]);
      }));
  SUBROSA_RETURN_IF_ERROR(mapper_.Map(cells_, record));
  return finisher_.Finish(OriginOfRow("ndjson", mapping_, line, *record),
                          record);
}

}  // namespace subrosa
