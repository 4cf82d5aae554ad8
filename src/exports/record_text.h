// A record in words, as a copy has it (docs/formats/copy.md): an object of JSON
// with all that is held of it, or a row of its type's table.
//
// Thread-compatible; what is said of records' clear columns again and again is
// kept.
#ifndef SUBROSA_SRC_EXPORTS_RECORD_TEXT_H_
#define SUBROSA_SRC_EXPORTS_RECORD_TEXT_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

absl::Time TimeOf(const google::protobuf::Timestamp& timestamp);

// When what `record` tells began, else when it was collected.
absl::Time WhenOf(const v1::HealthRecord& record);

// A cell of RFC 4180, quoted. A spreadsheet takes one that begins with =, +, -,
// @, a tab or a carriage return for a formula: unless it is a number, a quote
// stands in front and makes it text.
void AppendCsvCell(absl::string_view text, std::string* out);

// One record as an object of JSON, on one line, without its newline.
class RecordJson {
 public:
  // Appends `record`, of which `facts` are the clear columns and `payload` what
  // is in it. Errors of AppendMessageJson.
  absl::Status Append(const v1::HealthRecord& record, const RowFacts& facts,
                      const google::protobuf::Message& payload,
                      std::string* out);

 private:
  const std::string& KindsOf(const RowFacts& facts);
  const std::string& HeadOf(const google::protobuf::Descriptor& type);

  std::map<std::pair<uint32_t, uint64_t>, std::string> kinds_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, std::string> heads_;
};

// The slugs of a record's categories, with a space between.
std::string CategorySlugs(const RowFacts& facts);

// The table of one type: a row a record, a column for each value that a record
// of the type may have. What may come more than once is one cell, with "; "
// between texts, and as JSON where it is made of several values.
class RecordTable {
 public:
  // `type` must outlive it.
  explicit RecordTable(const google::protobuf::Descriptor& type);

  void AppendHead(std::string* out) const;

  // The columns of the payload alone, each with a comma before it: their names,
  // and the values of one record. Errors of AppendMessageJson.
  void AppendValueNames(std::string* out) const;
  absl::Status AppendValues(const google::protobuf::Message& payload,
                            std::string* out) const;

  // Errors of AppendMessageJson.
  absl::Status AppendRow(const v1::HealthRecord& record, const RowFacts& facts,
                         const google::protobuf::Message& payload,
                         std::string* out);

 private:
  // The fields that lead to a value, from the outermost on.
  using Path = std::vector<const google::protobuf::FieldDescriptor*>;
  void AddColumns(const google::protobuf::Descriptor& type, const Path& above);

  std::vector<Path> columns_;
  std::map<uint32_t, std::string> slugs_;  // By categories, as bits.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_RECORD_TEXT_H_
