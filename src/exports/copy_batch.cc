#include "src/exports/copy_batch.h"

#include <utility>

#include "src/base/status_macros.h"
#include "src/exports/fhir_bundle.h"
#include "src/exports/open_mhealth_point.h"
#include "src/exports/payload_text.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;

// The text of `type`, which is begun if there is none. Types of a batch are
// few.
CopyBatch::TypeText& TextOf(const Descriptor& type, CopyBatch* batch) {
  for (size_t i = 0; i < batch->type_count; ++i) {
    if (batch->types[i].type == &type) return batch->types[i];
  }
  if (batch->type_count == batch->types.size()) batch->types.emplace_back();
  CopyBatch::TypeText& text = batch->types[batch->type_count++];
  text.type = &type;
  text.ndjson.clear();
  text.csv.clear();
  return text;
}

}  // namespace

CopyFormatter::Form::Form(const Descriptor& type)
    : table(type),
      has_fhir(HasFhirForm(type)),
      has_open_mhealth(HasOpenMHealthForm(type)) {}

absl::StatusOr<std::unique_ptr<CopyFormatter>> CopyFormatter::Create(
    const MessageTypes& types, const WithheldItems& withheld,
    absl::string_view subject) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<WithheldItems> fork,
                           withheld.Fork());
  return std::unique_ptr<CopyFormatter>(
      new CopyFormatter(types, std::move(fork), subject));
}

CopyFormatter::Form& CopyFormatter::FormOf(const Descriptor& type) {
  std::unique_ptr<Form>& form = forms_[&type];
  if (form == nullptr) form = std::make_unique<Form>(type);
  return *form;
}

absl::Status CopyFormatter::Format(CopyBatch* batch) {
  batch->type_count = 0;
  batch->fhir.clear();
  batch->open_mhealth.clear();
  for (size_t i = 0; i < batch->size; ++i) {
    SUBROSA_RETURN_IF_ERROR(FormatOne(&batch->records[i], batch));
  }
  return absl::OkStatus();
}

absl::Status CopyFormatter::FormatOne(CopyBatch::Record* record,
                                      CopyBatch* batch) {
  SUBROSA_ASSIGN_OR_RETURN(record->payload,
                           ParsePayload(record->record, types_));
  SUBROSA_RETURN_IF_ERROR(withheld_->TakeOut(record->payload.get()));
  SUBROSA_ASSIGN_OR_RETURN(const bool is_id_withheld,
                           withheld_->TakeOutOfNames(&record->record));
  const Descriptor& type = *record->payload->GetDescriptor();
  Form& form = FormOf(type);
  CopyBatch::TypeText& text = TextOf(type, batch);
  SUBROSA_RETURN_IF_ERROR(json_.Append(record->record, record->facts,
                                       *record->payload, &text.ndjson));
  text.ndjson.push_back('\n');
  SUBROSA_RETURN_IF_ERROR(form.table.AppendRow(record->record, record->facts,
                                               *record->payload, &text.csv));
  // Ids that say alike that something was taken out name no resource.
  if (is_id_withheld) record->record.clear_id();
  if (form.has_fhir) {
    AppendFhirEntry(record->record, *record->payload, &fhir_, &batch->fhir);
  }
  if (form.has_open_mhealth &&
      AppendOpenMHealthPoint(subject_, record->record, *record->payload,
                             &batch->open_mhealth)) {
    batch->open_mhealth.push_back('\n');
  }
  return absl::OkStatus();
}

}  // namespace subrosa
