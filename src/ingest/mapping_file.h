// A MappingFile is a mapping as it stands in its textproto, with the lines to
// blame when something in it is wrong.
#ifndef SUBROSA_SRC_INGEST_MAPPING_FILE_H_
#define SUBROSA_SRC_INGEST_MAPPING_FILE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "subrosa/v1/mapping.pb.h"

namespace subrosa {

inline constexpr size_t kMaxMappingBytes = size_t{1} << 20;

class MappingFile {
 public:
  // Reads `text`, the textproto of a v1::TableMapping, and checks all that
  // needs no message type: mapping.proto says what that is. `name` appears in
  // errors.
  //
  // INVALID_ARGUMENT, `name:line: column[3].item.number: want …, got …`. The
  // message may quote the mapping, which holds no record.
  static absl::StatusOr<MappingFile> Parse(absl::string_view name,
                                           absl::string_view text);

  const v1::TableMapping& mapping() const { return mapping_; }

  // `status` with the place in front: of a column or constant, from 0, or of
  // the whole.
  absl::Status InColumn(int index, const absl::Status& status) const;
  absl::Status InConstant(int index, const absl::Status& status) const;
  absl::Status InTable(const absl::Status& status) const;

 private:
  absl::Status Check() const;
  absl::Status CheckColumn(const v1::Column& column) const;
  absl::Status CheckPartners() const;
  absl::Status CheckQuestionnaire() const;

  std::string name_;
  v1::TableMapping mapping_;
  std::vector<int> column_lines_;
  std::vector<int> constant_lines_;
};

// How many items the questionnaire has; 0 for an unknown one.
int ItemCount(v1::Instrument instrument);

// True for what may be a UCUM code: printable ASCII without spaces, at most 64
// bytes, brackets in pairs. Whether UCUM has the unit is not looked up.
bool IsUcumShape(absl::string_view unit);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_MAPPING_FILE_H_
