// A record's payload in words: parsed by its message type, as one value after
// another. As JSON: message_json.h.
#ifndef SUBROSA_SRC_EXPORTS_PAYLOAD_TEXT_H_
#define SUBROSA_SRC_EXPORTS_PAYLOAD_TEXT_H_

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/ingest/message_types.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// An empty message of the type `full_name` among `types`. FAILED_PRECONDITION
// if it is not among them.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> NewPayload(
    absl::string_view full_name, const MessageTypes& types);

// Parses `bytes` into `payload`. DATA_LOSS if they are not a message of its
// type.
absl::Status ParseInto(const std::string& bytes,
                       google::protobuf::Message* payload);

// Both: the payload of `record`.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> ParsePayload(
    const v1::HealthRecord& record, const MessageTypes& types);

// Words for people for a message type: the title in its mark, or its full name.
std::string TypeTitle(const google::protobuf::Descriptor& type);

// Appends the text of one field of `message`, all its values with "; " between;
// nothing if it is not set. A message is JSON, or a list of it, unless it is
// one value. DATA_LOSS if JSON cannot say it.
absl::Status AppendFieldText(const google::protobuf::Message& message,
                             const google::protobuf::FieldDescriptor& field,
                             std::string* out);

// Visits every value that is set, in the order of the fields: its path
// ("items[0].answer") and its text. Timestamps and durations are one value
// each.
absl::Status VisitValues(const google::protobuf::Message& payload,
                         absl::FunctionRef<absl::Status(absl::string_view path,
                                                        absl::string_view text)>
                             visit);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_PAYLOAD_TEXT_H_
