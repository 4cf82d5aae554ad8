// The records of one type in a de-identified set, in the form that was asked
// for (docs/formats/deidentified.md).
//
// Thread-compatible.
#ifndef SUBROSA_SRC_EXPORTS_SET_LINES_H_
#define SUBROSA_SRC_EXPORTS_SET_LINES_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/exports/record_text.h"

namespace subrosa {

enum class SetForm {
  kNdjson,    // An object a line.
  kCsv,       // A head, and a row a record.
  kProtobuf,  // subrosa.v1.DeidentifiedRecord, delimited.
};

// "ndjson", as the end of a file's name.
absl::string_view SetFormSuffix(SetForm form);

// What is said of a record beside its payload.
struct SetRecord {
  std::string consumer;  // The recipient's name for them.
  std::string when;
  uint32_t categories = 0;  // As bits.
};

class SetLines {
 public:
  // `type` must outlive it.
  SetLines(SetForm form, const google::protobuf::Descriptor& type)
      : form_(form), table_(type) {}

  void AppendHead(std::string* out) const;

  // `payload` is of the type, and as it is to go out. Errors of
  // AppendMessageJson.
  absl::Status Append(const SetRecord& record,
                      const google::protobuf::Message& payload,
                      std::string* out) const;

 private:
  const SetForm form_;
  const RecordTable table_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SET_LINES_H_
