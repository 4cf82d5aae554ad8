// A RowMapper makes records of rows, as a mapping says.
//
// Thread-compatible. Its memory is reused from row to row.
#ifndef SUBROSA_SRC_INGEST_ROW_MAPPER_H_
#define SUBROSA_SRC_INGEST_ROW_MAPPER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/ingest/row_mapping.h"
#include "src/ingest/time_text.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// The longest cell, in bytes: as long as the longest text of a payload.
inline constexpr size_t kMaxCellBytes = size_t{256} << 10;

// The value of one cell; absent where the row has none for the column.
using TableCell = std::optional<absl::string_view>;

class RowMapper {
 public:
  // `mapping` (not owned) must outlive this object.
  explicit RowMapper(const RowMapping* mapping);

  // Puts what `cells` say, one for each of the mapping's columns in their
  // order, into `record` in place of what it held: consumer, id, effective,
  // collected_at and payload.
  //
  // INVALID_ARGUMENT, `column.NAME: want …, got …` and never a value, for a
  // cell that does not say what its column should; `row: …` for a row that says
  // nothing for the payload.
  absl::Status Map(absl::Span<const TableCell> cells, v1::HealthRecord* record);

 private:
  absl::Status Resolve(absl::Span<const TableCell> cells);
  absl::Status FillRecord(v1::HealthRecord* record);
  absl::Status TakeTime(const RowMapping::TimeColumn& column,
                        std::optional<TextTime>* time) const;
  absl::Status FillMessage();
  absl::Status Take(const RowStep& step);
  absl::Status TakeDuration(const RowStep& step,
                            google::protobuf::Message* duration) const;
  absl::Status TakePair(const RowStep& step,
                        google::protobuf::Message* message) const;
  absl::Status FillAssessment();
  google::protobuf::Message* Enter(const RowStep& step, size_t hops);
  absl::Status Wrong(int column, absl::string_view want) const;

  const RowMapping& mapping_;
  const std::unique_ptr<google::protobuf::Message> message_;
  const std::string type_url_;
  // Of the message itself, where it has the role; else null.
  const google::protobuf::FieldDescriptor* const consumer_field_;
  const google::protobuf::FieldDescriptor* const id_field_;
  const google::protobuf::FieldDescriptor* const effective_field_;
  std::vector<TableCell> values_;
  std::vector<bool> has_slot_;   // A column has a value for that element.
  std::vector<int> slot_index_;  // Of the element in its list, or -1.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_ROW_MAPPER_H_
