#include "src/exports/set_batch.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/base/status_macros.h"
#include "src/exports/payload_text.h"

namespace subrosa {
namespace {

// The text of `type`, which is begun if there is none. Types of a batch are
// few.
SetBatch::TypeText& TextOf(const google::protobuf::Descriptor& type,
                           SetBatch* batch) {
  for (size_t i = 0; i < batch->text_count; ++i) {
    if (batch->texts[i].type == &type) return batch->texts[i];
  }
  if (batch->text_count == batch->texts.size()) batch->texts.emplace_back();
  SetBatch::TypeText& text = batch->texts[batch->text_count++];
  text.type = &type;
  text.text.clear();
  text.ends.clear();
  return text;
}

// Records that follow each other are mostly of one kind, as `kinds` knows
// without a copy.
void AddKind(const RowFacts& facts,
             std::set<std::tuple<std::string, uint32_t, uint64_t>>* kinds) {
  const auto kind = std::tie(facts.schema, facts.categories, facts.labels);
  for (const auto& known : *kinds) {
    if (known == kind) return;
  }
  kinds->insert(kind);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SetFormatter>> SetFormatter::Create(
    const MessageTypes& types, const SafeHarbor& rules,
    const TextScanner& scanner, const Options& options) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<PayloadDeidentifier> deidentifier,
      PayloadDeidentifier::Create(rules, scanner, options.payload));
  return std::unique_ptr<SetFormatter>(
      new SetFormatter(types, options, std::move(deidentifier)));
}

absl::Status SetFormatter::Format(SetBatch* batch) {
  batch->text_count = 0;
  batch->values.clear();
  batch->kinds.clear();
  batch->categories = 0;
  batch->counts = {};
  out_.consumer = batch->name;
  out_.when.clear();
  deidentifier_->ShiftBy(batch->days_moved);
  for (size_t i = 0; i < batch->size; ++i) {
    SUBROSA_RETURN_IF_ERROR(FormatOne(batch->records[i], batch));
  }
  return absl::OkStatus();
}

absl::StatusOr<SetFormatter::Form*> SetFormatter::FormOf(
    const SetBatch::Record& record) {
  Form& form = forms_[record.facts.schema];
  if (form.payload == nullptr) {
    SUBROSA_ASSIGN_OR_RETURN(form.payload,
                             NewPayload(record.facts.schema, types_));
    form.lines = std::make_unique<SetLines>(options_.form,
                                            *form.payload->GetDescriptor());
  }
  SUBROSA_RETURN_IF_ERROR(ParseInto(record.payload, form.payload.get()));
  return &form;
}

std::string SetFormatter::WhenOfSet(absl::Time time, SetBatch* batch) const {
  const absl::CivilDay day =
      absl::ToCivilDay(deidentifier_->Coarse(time), absl::UTCTimeZone());
  if (options_.payload.dates == DateRule::kShifted) {
    return absl::FormatCivilTime(day);
  }
  std::string year = absl::StrCat(day.year());
  if (year != out_.when) batch->values.insert(absl::StrCat("year ", year));
  return year;
}

absl::Status SetFormatter::FormatOne(const SetBatch::Record& record,
                                     SetBatch* batch) {
  SUBROSA_ASSIGN_OR_RETURN(Form* const form, FormOf(record));
  SUBROSA_RETURN_IF_ERROR(deidentifier_->Apply(form->payload.get(),
                                               &batch->counts, &batch->values));
  out_.when = WhenOfSet(record.when, batch);
  out_.categories = record.facts.categories;
  batch->categories |= record.facts.categories;
  AddKind(record.facts, &batch->kinds);
  SetBatch::TypeText& text = TextOf(*form->payload->GetDescriptor(), batch);
  if (options_.writes_text) {
    SUBROSA_RETURN_IF_ERROR(
        form->lines->Append(out_, *form->payload, &text.text));
  }
  text.ends.push_back(text.text.size());
  return absl::OkStatus();
}

}  // namespace subrosa
