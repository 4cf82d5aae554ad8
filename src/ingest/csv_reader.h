// A CsvReader takes a CSV table's rows as records, by a mapping.
#ifndef SUBROSA_SRC_INGEST_CSV_READER_H_
#define SUBROSA_SRC_INGEST_CSV_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/csv_splitter.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/row_mapper.h"
#include "src/ingest/row_mapping.h"

namespace subrosa {

class CsvReader final : public RecordReader {
 public:
  // Reads `input` from where it stands, by `options.mapping`; rows hold at most
  // `max_row_bytes`. The header is read here, and is no entry.
  //
  // INVALID_ARGUMENT, `header: want …, got …`, if the file's columns are not
  // the mapping's, in any order. Errors of reading as BufferedInput::Peek.
  static absl::StatusOr<std::unique_ptr<RecordReader>> Make(
      BufferedInput input, const ReaderOptions& options, size_t max_row_bytes);

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override;
  absl::string_view unit() const override { return "row"; }
  uint64_t bytes_read() const override { return splitter_.bytes_read(); }

 private:
  CsvReader(BufferedInput input, const ReaderOptions& options,
            size_t max_row_bytes);

  absl::Status TakeHeader();
  absl::Status Take(const CsvRow& row, v1::HealthRecord* record);

  const RowMapping& mapping_;
  CsvSplitter splitter_;
  RowMapper mapper_;
  RecordFinisher finisher_;
  uint64_t header_rows_ = 0;
  std::vector<int> columns_;  // Of the mapping, by place in the file.
  std::vector<TableCell> cells_;
};

// What a record made of a row says of where it was read.
ReadOrigin OriginOfRow(absl::string_view system, const RowMapping& mapping,
                       absl::string_view raw, const v1::HealthRecord& record);

// "`name`", for a column or key of a file that the mapping does not know; "one
// of another form" for what could be somebody's data: anything but letters,
// digits and underscores, at most 64 bytes, a letter first.
std::string ShownName(absl::string_view name);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_CSV_READER_H_
