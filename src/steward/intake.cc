#include "src/steward/intake.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "src/base/status_macros.h"
#include "src/consent/decision.h"
#include "src/ingest/validate_record.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

PutResult ResultOf(PutOutcome outcome) {
  switch (outcome) {
    case PutOutcome::kAdded:
    case PutOutcome::kRevised:
    case PutOutcome::kUnchanged:
      return {absl::OkStatus(), outcome};
    case PutOutcome::kSuppressed:
      return {
          absl::FailedPreconditionError(
              "consumer: want one that may be held, got one that was erased"),
          outcome};
    case PutOutcome::kErased:
      return {absl::FailedPreconditionError(
                  "consumer: want one that may be held, got one that was "
                  "erased while the record was being put"),
              outcome};
  }
  return {absl::InternalError("put: unknown outcome"), outcome};
}

absl::StatusOr<PutItem> Intake::Admit(const v1::HealthRecord& record) {
  SUBROSA_RETURN_IF_ERROR(ValidateRecord(record));
  SUBROSA_RETURN_IF_ERROR(CheckMarked(record));
  SUBROSA_ASSIGN_OR_RETURN(const RecordKinds kinds, kinds_.KindsOf(record));
  const Use use =
      gate_.UseOf(v1::ACTION_COLLECT, record.purpose(), "", kinds.categories);
  SUBROSA_ASSIGN_OR_RETURN(const Decision decision,
                           gate_.Decide(record.consumer(), use));
  SUBROSA_RETURN_IF_ERROR(gate_.StatusOf(decision));
  SUBROSA_RETURN_IF_ERROR(
      gate_.CheckGround(record, kinds.categories, decision));
  return PutItem{&record, kinds};
}

absl::Status Intake::CheckMarked(const v1::HealthRecord& record) {
  absl::string_view name = record.payload().type_url();
  name.remove_prefix(name.rfind('/') + 1);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (marked_.contains(name)) return absl::OkStatus();
  }
  const google::protobuf::Descriptor* const type = types_.Find(name);
  // A type that is unknown is the classifier's to refuse.
  if (type == nullptr) return absl::OkStatus();
  if (!IsMarked(*type)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "payload.@type: want a message with marks, got ", type->full_name()));
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  marked_.insert(type->full_name());
  return absl::OkStatus();
}

}  // namespace subrosa
