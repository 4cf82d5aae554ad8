// An IndexedField is a field of a message type that an index is about: what its
// type and marks say, its values in a record, and the value that is searched
// for, all in one normal form.
//
// Which values are the same:
//   text           those that differ in case or in how Unicode composes them
//                  (canonical caseless matching, Unicode 15.0, D145): "ADA" and
//                  "ada". Space counts, and so does punctuation.
//   whole numbers  equal numbers
//   bytes          equal bytes
// An empty text has no value. Of a repeated field, and of fields of repeated
// messages, each element is one.
//
// Thread-compatible: concurrent const calls are safe.
#ifndef SUBROSA_SRC_VAULT_INDEXED_FIELD_H_
#define SUBROSA_SRC_VAULT_INDEXED_FIELD_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/ingest/message_types.h"
#include "src/vault/index_planner.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

class IndexedField {
 public:
  // The field at `path` ("medicine.coding.code": names of fields, without
  // indices) of the message `schema`, which `types` must have; `types` must
  // outlive this object.
  //
  // FAILED_PRECONDITION if there is no such message: a descriptor set may be
  // missing. INVALID_ARGUMENT if the message has no such field, or its marks
  // contradict themselves.
  static absl::StatusOr<IndexedField> Resolve(absl::string_view schema,
                                              absl::string_view path,
                                              const MessageTypes& types);

  const std::string& schema() const { return schema_; }
  const std::string& path() const { return path_; }
  const IndexFieldFacts& facts() const { return facts_; }

  // The values that `record` has, in normal form, each once, in their order;
  // none if its payload is of another type, or is no message of its type, or
  // the field's type is not facts().is_exact.
  absl::StatusOr<std::vector<std::string>> ValuesIn(
      const v1::HealthRecord& record) const;

  // The normal form of `text`, which a person typed: digits for a number, the
  // bytes themselves for bytes. INVALID_ARGUMENT if that is no value; the
  // message does not repeat it.
  absl::StatusOr<std::string> Normalize(absl::string_view text) const;

 private:
  IndexedField(absl::string_view schema, absl::string_view path,
               const MessageTypes& types)
      : schema_(schema), path_(path), types_(&types) {}

  absl::Status ReadMarks();
  // Adds the values below `message`, from the field `depth` of the path on.
  absl::Status Collect(const google::protobuf::Message& message, size_t depth,
                       std::vector<std::string>* values) const;

  std::string schema_;
  std::string path_;
  const MessageTypes* types_;
  const google::protobuf::Descriptor* type_ = nullptr;
  std::vector<const google::protobuf::FieldDescriptor*> fields_;
  IndexFieldFacts facts_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_INDEXED_FIELD_H_
