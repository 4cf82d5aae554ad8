#include "src/ingest/row_mapping.h"

#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/ingest/mapping_file.h"
#include "src/ingest/row_mapping_builder.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {

absl::StatusOr<std::unique_ptr<const RowMapping>> RowMapping::Load(
    const std::string& path, const MessageTypes* types) {
  SUBROSA_ASSIGN_OR_RETURN(const std::string text,
                           ReadFile(path, kMaxMappingBytes));
  return Parse(path, text, types);
}

absl::StatusOr<std::unique_ptr<const RowMapping>> RowMapping::Parse(
    absl::string_view name, absl::string_view text, const MessageTypes* types) {
  SUBROSA_ASSIGN_OR_RETURN(const MappingFile file,
                           MappingFile::Parse(name, text));
  return RowMappingBuilder(file, types).Build();
}

int RowMapping::Find(absl::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? -1 : found->second;
}

const google::protobuf::FieldDescriptor* RowMapping::role_field(
    v1::FieldRole role) const {
  for (int i = 0; i < message_->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* const field = message_->field(i);
    if (field->options().GetExtension(v1::field).role() == role) return field;
  }
  return nullptr;
}

}  // namespace subrosa
