#include "src/ingest/json_decoder.h"

#include "src/ingest/json_message.h"

namespace subrosa {

JsonDecoder::JsonDecoder(MessagePlans* plans)
    : message_(std::make_unique<JsonMessage>(plans)) {}

JsonDecoder::~JsonDecoder() = default;

absl::Status JsonDecoder::Decode(absl::string_view json,
                                 const MessagePlan& plan, std::string* wire) {
  return message_->Decode(json, plan, wire);
}

const RoleValues& JsonDecoder::roles() const { return message_->roles(); }

}  // namespace subrosa
