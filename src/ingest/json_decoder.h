// A JsonDecoder reads one message in ProtoJSON and writes it in protobuf's wire
// format, strictly: what is unknown, given twice or of the wrong kind is an
// error, and nothing is guessed.
//
// It differs from protobuf's own parser where that is lenient. Refused here:
// names not quoted, trailing commas, unknown enum numbers, numbers as strings
// with spaces, keys twice, and Struct, Value, ListValue and FieldMask. The
// fields come out in the order of their numbers, whatever their order was, so
// that equal messages give equal bytes.
//
// Thread-compatible. Its memory is reused from message to message.
#ifndef SUBROSA_SRC_INGEST_JSON_DECODER_H_
#define SUBROSA_SRC_INGEST_JSON_DECODER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/role_values.h"

namespace subrosa {

class JsonMessage;  // Keeps simdjson out of this header.

class JsonDecoder {
 public:
  // `plans` (not owned) must outlive this object.
  explicit JsonDecoder(MessagePlans* plans);
  ~JsonDecoder();

  // Decodes `json`, one object with nothing but white space around it, as a
  // message of `plan`, and puts its wire format into `wire` in place of what it
  // held. kJsonPaddingBytes must be readable behind `json`.
  //
  // Returns INVALID_ARGUMENT, `field.path: want …, got …`, for what is no JSON,
  // no UTF-8, no such message, or deeper than kMaxDepth. `wire` is then
  // unspecified. The path starts with `line` where no field is to blame.
  absl::Status Decode(absl::string_view json, const MessagePlan& plan,
                      std::string* wire);

  // Of the last message that decoded. The views are valid until the next call
  // of Decode, and as long as its `json`.
  const RoleValues& roles() const;

 private:
  std::unique_ptr<JsonMessage> message_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_JSON_DECODER_H_
