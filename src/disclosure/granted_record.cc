#include "src/disclosure/granted_record.h"

#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "src/base/status_macros.h"
#include "src/crypto/prf.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/clinical.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;

// As long as a pseudonym.
constexpr size_t kNameBytes = 16;

absl::StatusOr<std::string> JsonOf(const Message& message) {
  std::string json;
  // protobuf's own message may quote a value; ours does not.
  if (!google::protobuf::util::MessageToJsonString(message, &json).ok() ||
      json.size() < 2 || json.front() != '{') {
    return absl::DataLossError(
        absl::StrCat("record: want a `", message.GetDescriptor()->full_name(),
                     "` that JSON can say, got one out of range"));
  }
  return json;
}

// Whether an object of JSON has no members.
bool IsEmpty(absl::string_view json) { return json == "{}"; }

}  // namespace

absl::Status NothingToGive(int64_t left_out) {
  return absl::FailedPreconditionError(
      left_out == 0
          ? "record: want at least one to give, got none"
          : "record: want at least one to give, got FHIR resources alone, "
            "which name their patient");
}

GrantedRecord::GrantedRecord(const MessageTypes& types, SecretKey stable_secret,
                             GrantNames names)
    : types_(types),
      plans_(&types),
      stable_secret_(std::move(stable_secret)),
      names_(std::move(names)) {}

bool GrantedRecord::IsGivable(const v1::HealthRecord& record) {
  return !absl::EndsWith(
      record.payload().type_url(),
      absl::StrCat("/", v1::FhirResource::descriptor()->full_name()));
}

std::string GrantedRecord::NameOf(absl::string_view source,
                                  absl::string_view id) const {
  if (id.empty()) return "";
  const auto output = Prf(stable_secret_, "granted record",
                          {names_.recipient, names_.period, source, id});
  return absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(output.data()), kNameBytes));
}

absl::StatusOr<std::string> GrantedRecord::Render(
    const v1::HealthRecord& record) {
  const google::protobuf::Descriptor* const type =
      types_.FindByUrl(record.payload().type_url());
  if (type == nullptr) {
    return absl::FailedPreconditionError(
        "record.payload: want a type that is known here, got another; give "
        "its descriptor set");
  }
  const std::unique_ptr<Message> payload = types_.New(type);
  if (!payload->ParseFromString(record.payload().value())) {
    return absl::DataLossError(
        "record.payload: want a message of its type, got none");
  }
  const google::protobuf::Reflection& reflection = *payload->GetReflection();
  for (const FieldPlan& plan : plans_.For(type)->fields) {
    const FieldDescriptor* const field = plan.field;
    if (field->is_repeated() ||
        field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
      continue;
    }
    const bool names_consumer = plan.role == v1::FIELD_ROLE_CONSUMER;
    if (!names_consumer && plan.role != v1::FIELD_ROLE_RECORD_ID) continue;
    const std::string value = reflection.GetString(*payload, field);
    if (value.empty()) continue;
    reflection.SetString(
        payload.get(), field,
        names_consumer ? names_.pseudonym : NameOf(record.source(), value));
  }

  v1::HealthRecord given = record;
  given.set_consumer(names_.pseudonym);
  given.set_id(NameOf(record.source(), record.id()));
  given.mutable_origin()->clear_id();
  given.mutable_origin()->clear_raw_digest();
  if (!record.has_origin()) given.clear_origin();
  given.clear_consent_ref();
  given.clear_payload();
  SUBROSA_ASSIGN_OR_RETURN(std::string head, JsonOf(given));
  SUBROSA_ASSIGN_OR_RETURN(const std::string body, JsonOf(*payload));
  // An Any in ProtoJSON: the members of its message behind its type. `head`
  // has members: the pseudonym is one.
  head.pop_back();
  return absl::StrCat(head, ",\"payload\":{\"@type\":\"type.googleapis.com/",
                      type->full_name(), "\"", IsEmpty(body) ? "" : ",",
                      absl::string_view(body).substr(1), "}\n");
}

}  // namespace subrosa
