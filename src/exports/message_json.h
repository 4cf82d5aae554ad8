// Messages as ProtoJSON.
#ifndef SUBROSA_SRC_EXPORTS_MESSAGE_JSON_H_
#define SUBROSA_SRC_EXPORTS_MESSAGE_JSON_H_

#include <string>

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace subrosa {

// Appends `message` in ProtoJSON, on one line, with the field names of its
// .proto: the bytes that protobuf's MessageToJsonString gives, several times as
// fast, since nothing is serialised and read again. (But for what is not UTF-8:
// see AppendJsonText.) Maps, extensions, groups and most of package
// google.protobuf are left to protobuf itself.
//
// DATA_LOSS, which names no value, if JSON cannot say it: a time out of range.
// `out` then ends in a piece of it.
absl::Status AppendMessageJson(const google::protobuf::Message& message,
                               std::string* out);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_MESSAGE_JSON_H_
