// An NdjsonTableReader takes flat JSON objects, one a line, as the rows of a
// table, by a mapping: a key is a column.
#ifndef SUBROSA_SRC_INGEST_NDJSON_TABLE_READER_H_
#define SUBROSA_SRC_INGEST_NDJSON_TABLE_READER_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/buffered_input.h"
#include "src/ingest/line_reader.h"
#include "src/ingest/reader.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/row_mapper.h"
#include "src/ingest/row_mapping.h"

namespace subrosa {

class JsonRow;  // Keeps simdjson out of this header.

// A key that is absent or null is a cell without a value. A number is taken as
// it is written, true and false as these words. Rejected: a key that the
// mapping does not name, a key twice, an object or list as a value.
class NdjsonTableReader final : public RecordReader {
 public:
  // Reads `input` from where it stands, by `options.mapping`; lines hold at
  // most `max_line_bytes`.
  NdjsonTableReader(BufferedInput input, const ReaderOptions& options,
                    size_t max_line_bytes);
  ~NdjsonTableReader() override;

  absl::StatusOr<ReadOutcome> Next(v1::HealthRecord* record) override;
  absl::string_view unit() const override { return "line"; }
  uint64_t bytes_read() const override { return lines_.bytes_read(); }

 private:
  absl::Status Take(absl::string_view line, v1::HealthRecord* record);

  const RowMapping& mapping_;
  LineReader lines_;
  std::unique_ptr<JsonRow> row_;
  RowMapper mapper_;
  RecordFinisher finisher_;
  std::vector<TableCell> cells_;
  std::vector<bool> seen_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_NDJSON_TABLE_READER_H_
