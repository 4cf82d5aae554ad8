// A RowMapping is a mapping made ready: its columns, and where in which message
// each goes. A mapping that makes no sense of its message is refused here,
// before the first row.
//
// Immutable once made; safe to use from any thread.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(
//       const std::unique_ptr<const RowMapping> mapping,
//       RowMapping::Load("phq9.textproto", MessageTypes::Linked()));
//   options.mapping = mapping.get();
#ifndef SUBROSA_SRC_INGEST_ROW_MAPPING_H_
#define SUBROSA_SRC_INGEST_ROW_MAPPING_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "src/ingest/message_types.h"
#include "src/ingest/table_time.h"
#include "subrosa/v1/mapping.pb.h"

namespace subrosa {

struct MappedColumn {
  std::string name;

  // What errors call it: "column.dx_code".
  std::string label;

  bool is_required = false;
  bool is_ignored = false;
  std::vector<std::string> missing;
  absl::flat_hash_map<std::string, std::string> translation;
};

// How a column's value, or a constant, comes into the message.
struct RowStep {
  enum class Kind { kScalar, kTime, kDuration, kCode, kQuantity };
  Kind kind = Kind::kScalar;

  // A hop into the element of a list has a slot: a number that all hops into
  // that element share. -1 for a hop into a single field.
  struct Hop {
    const google::protobuf::FieldDescriptor* field = nullptr;
    int slot = -1;
  };
  std::vector<Hop> hops;

  // Index in `columns`, or -1 for a constant, whose text is `text`.
  int column = -1;
  std::string text;

  // Of a constant: the innermost slot on its way that columns fill too, or -1.
  // It is left out where they have no value.
  int gate = -1;

  // Code and Quantity: the fields of the message, and the system or unit, which
  // is `text`, or stands in the column `partner`.
  const google::protobuf::FieldDescriptor* value_field = nullptr;
  const google::protobuf::FieldDescriptor* partner_field = nullptr;
  int partner = -1;

  // Quantity: where a number goes that a double writes otherwise ("7.0"), or
  // null.
  const google::protobuf::FieldDescriptor* given_field = nullptr;

  std::optional<TableTime> time;
  double unit_seconds = 0;
};

class RowMapping {
 public:
  // Reads the textproto at `path`. Errors as the file does, and as Parse.
  static absl::StatusOr<std::unique_ptr<const RowMapping>> Load(
      const std::string& path, const MessageTypes* types);

  // `types` (not owned) must outlive the mapping. `name` appears in errors.
  //
  // INVALID_ARGUMENT as MappingFile::Parse, and for a message that is unknown
  // or unmarked, a path that it does not have or that is filled twice, a gap in
  // the numbers of a list, a constant that its field does not take, and what a
  // field's type cannot hold.
  static absl::StatusOr<std::unique_ptr<const RowMapping>> Parse(
      absl::string_view name, absl::string_view text,
      const MessageTypes* types);

  const v1::TableMapping& source() const { return source_; }
  char separator() const {
    return source_.separator().empty() ? ',' : source_.separator()[0];
  }
  const MessageTypes& types() const { return *types_; }
  const google::protobuf::Descriptor& message() const { return *message_; }
  const std::vector<MappedColumn>& columns() const { return columns_; }

  // Index of the column called `name`, or -1.
  int Find(absl::string_view name) const;

  // In the order in which they are to be taken.
  const std::vector<RowStep>& steps() const { return steps_; }
  int slot_count() const { return slot_count_; }

  // Index in columns() of the only column of that use, or -1.
  int consumer() const { return consumer_; }
  int record_id() const { return record_id_; }
  int total() const { return total_; }

  // Columns of the record's times, each with its format.
  struct TimeColumn {
    int column = -1;
    std::optional<TableTime> time;
  };
  const TimeColumn& effective() const { return effective_; }
  const TimeColumn& effective_end() const { return effective_end_; }
  const TimeColumn& collected_at() const { return collected_at_; }

  // By number of the item, upwards.
  const std::vector<std::pair<int, int>>& items() const { return items_; }

  // Fields of the message itself that have the role, or null.
  const google::protobuf::FieldDescriptor* role_field(v1::FieldRole role) const;

 private:
  friend class RowMappingBuilder;
  RowMapping() = default;

  v1::TableMapping source_;
  const MessageTypes* types_ = nullptr;
  const google::protobuf::Descriptor* message_ = nullptr;
  std::vector<MappedColumn> columns_;
  absl::flat_hash_map<std::string, int> by_name_;
  std::vector<RowStep> steps_;
  int slot_count_ = 0;
  int consumer_ = -1;
  int record_id_ = -1;
  int total_ = -1;
  TimeColumn effective_;
  TimeColumn effective_end_;
  TimeColumn collected_at_;
  std::vector<std::pair<int, int>> items_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_ROW_MAPPING_H_
