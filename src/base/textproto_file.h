// A TextprotoFile reads one message from protobuf's text format and remembers
// what stands on which line, so that an error can name it.
//
// For files that an officer writes: packs, calendars, policies. Messages may
// quote the file, which holds no record.
//
// Example:
//   TextprotoFile file("policy.textproto", text);
//   SUBROSA_RETURN_IF_ERROR(file.Read(kMaxPolicyBytes, &policy));
//   SUBROSA_RETURN_IF_ERROR(file.At(policy, "purpose", i, CheckPurpose(...)));
#ifndef SUBROSA_SRC_BASE_TEXTPROTO_FILE_H_
#define SUBROSA_SRC_BASE_TEXTPROTO_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"

namespace subrosa {

// How deep messages may nest in a file.
inline constexpr int kMaxTextprotoDepth = 16;

class TextprotoFile {
 public:
  // `name` appears in errors. Both must outlive this.
  TextprotoFile(absl::string_view name, absl::string_view text)
      : name_(name), text_(text) {}

  // Reads the file into `message`.
  //
  // INVALID_ARGUMENT, `name:line: …`, for text that does not describe a message
  // of this type (an unknown field, a field given twice), and for more than
  // `limit_bytes`. Strings are as the file has them, escapes undone: whether
  // they are UTF-8 is for the caller to check.
  absl::Status Read(size_t limit_bytes, google::protobuf::Message* message);

  // `status` with the line of `field` of `message`, which Read has filled: of
  // its `index`th value from 0, or of a field that is not repeated with -1. The
  // first line if the field is not in the file. OK stays OK.
  absl::Status At(const google::protobuf::Message& message,
                  const std::string& field, int index,
                  const absl::Status& status) const;

  // `status` with the file's first line.
  absl::Status At(const absl::Status& status) const;

 private:
  const absl::string_view name_;
  const absl::string_view text_;
  google::protobuf::TextFormat::ParseInfoTree places_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_TEXTPROTO_FILE_H_
