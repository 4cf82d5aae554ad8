#include "src/ingest/bare_message.h"

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/record_finisher.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;

absl::Status Wrong(absl::string_view want, absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("message_type: want ", want, ", got ", got));
}

bool CanCarry(v1::FieldRole role, const FieldPlan& field) {
  if (field.is_repeated) return false;
  if (role == v1::FIELD_ROLE_EFFECTIVE) {
    return field.message != nullptr &&
           field.message->shape == MessageShape::kTimestamp;
  }
  return field.field->type() == FieldDescriptor::TYPE_STRING;
}

// The field of `plan` with `role`, or null.
absl::StatusOr<const FieldPlan*> FieldWithRole(const MessagePlan& plan,
                                               v1::FieldRole role) {
  const FieldPlan* found = nullptr;
  for (const FieldPlan& field : plan.fields) {
    if (field.role != role) continue;
    const std::string name = absl::StrCat("`", field.field->full_name(), "`");
    if (!CanCarry(role, field)) {
      return Wrong(absl::StrCat("one ",
                                role == v1::FIELD_ROLE_EFFECTIVE
                                    ? "google.protobuf.Timestamp"
                                    : "string",
                                " for ", v1::FieldRole_Name(role)),
                   name);
    }
    if (found != nullptr) {
      return Wrong(absl::StrCat("one field with ", v1::FieldRole_Name(role)),
                   absl::StrCat(name, " as a second"));
    }
    found = &field;
  }
  return found;
}

}  // namespace

absl::StatusOr<BareMessage> BareMessage::Find(const ReaderOptions& options,
                                              MessagePlans* plans) {
  const Descriptor* const type = options.types->Find(options.message_type);
  if (type == nullptr) {
    return Wrong("the full name of a known message",
                 absl::StrCat("`", options.message_type, "`"));
  }
  const std::string name = absl::StrCat("`", type->full_name(), "`");
  if (!IsMarked(*type)) return Wrong("a message with marks", name);
  const MessagePlan& plan = *plans->For(type);
  SUBROSA_ASSIGN_OR_RETURN(const FieldPlan* const consumer,
                           FieldWithRole(plan, v1::FIELD_ROLE_CONSUMER));
  if (consumer == nullptr) {
    return Wrong("a message with a field of FIELD_ROLE_CONSUMER", name);
  }
  for (const v1::FieldRole role :
       {v1::FIELD_ROLE_RECORD_ID, v1::FIELD_ROLE_EFFECTIVE}) {
    SUBROSA_RETURN_IF_ERROR(FieldWithRole(plan, role).status());
  }
  BareMessage bare(&plan);
  bare.consumer_field_ = consumer->field->name();
  bare.type_url_ = absl::StrCat("type.googleapis.com/", type->full_name());
  return bare;
}

absl::Status BareMessage::Fill(absl::string_view wire, const RoleValues& roles,
                               v1::HealthRecord* record) const {
  if (roles.consumer.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(consumer_field_, ": want the consumer's id, got none"));
  }
  record->Clear();
  record->set_consumer(roles.consumer.data(), roles.consumer.size());
  record->set_id(roles.record_id.data(), roles.record_id.size());
  if (roles.effective.has_value()) {
    SetStart(*roles.effective, record->mutable_effective());
  }
  record->mutable_payload()->set_type_url(type_url_);
  record->mutable_payload()->set_value(wire.data(), wire.size());
  return absl::OkStatus();
}

}  // namespace subrosa
