// Makes a RowMapping out of its file. Internal to row_mapping.
#ifndef SUBROSA_SRC_INGEST_ROW_MAPPING_BUILDER_H_
#define SUBROSA_SRC_INGEST_ROW_MAPPING_BUILDER_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/ingest/field_path.h"
#include "src/ingest/mapping_file.h"
#include "src/ingest/row_mapping.h"

namespace subrosa {

class RowMappingBuilder {
 public:
  RowMappingBuilder(const MappingFile& file, const MessageTypes* types);

  absl::StatusOr<std::unique_ptr<const RowMapping>> Build() &&;

 private:
  // One step with what sorts it.
  struct Placed {
    RowStep step;
    std::vector<std::pair<int, int>> order;  // Field numbers and indexes.
    std::vector<std::string> elements;       // Of lists, on its way.
  };

  absl::Status FindMessage();
  absl::Status AddColumn(int index);
  absl::Status AddField(int column, const v1::FieldUse& use);
  absl::Status AddCode(int column, const v1::CodeUse& use);
  absl::Status AddQuantity(int column, const v1::QuantityUse& use);
  absl::Status AddConstant(const v1::Constant& constant);
  absl::Status SetTime(int column, const v1::TimeUse& use,
                       RowMapping::TimeColumn* time);
  absl::Status CheckRole(v1::FieldRole role);

  // Walks `path` and notes what is filled on it.
  absl::StatusOr<Placed> Place(absl::string_view path);
  absl::Status Occupy(const std::string& field);
  absl::Status CheckLists() const;
  void Finish();

  const MappingFile& file_;
  std::unique_ptr<RowMapping> mapping_;
  std::vector<Placed> placed_;
  std::set<std::string> occupied_;
  std::map<std::string, std::string> oneofs_;
  std::map<std::string, std::set<int>> lists_;  // Indexes by their list.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_ROW_MAPPING_BUILDER_H_
