#include "src/exports/withheld_items.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/base/status_macros.h"
#include "src/classify/marks.h"
#include "src/classify/text_rules.h"
#include "src/exports/fhir_identifiers.h"
#include "src/exports/json_text.h"
#include "src/exports/payload_as.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

constexpr absl::string_view kDocument = "redacted-from-answers";

// By what an item of the packs is known here. A field's mark says it by itself;
// some items no kind of identifier stands for, and text alone shows them.
struct Known {
  absl::string_view key;
  std::vector<v1::IdentifierKind> identifiers;
  std::vector<TextRuleId> rules;
};

const std::vector<Known>& KnownItems() {
  using Rule = TextRuleId;
  static const auto* const known = new std::vector<Known>{
      {"ssn", {v1::IDENTIFIER_SSN}, {Rule::kSsn, Rule::kItin}},
      {"government-id",
       {v1::IDENTIFIER_LICENSE_NUMBER},
       {Rule::kDriverLicense, Rule::kLicense, Rule::kPassport,
        Rule::kNationalId, Rule::kTaxId}},
      {"financial-account",
       {v1::IDENTIFIER_ACCOUNT_NUMBER},
       {Rule::kCard, Rule::kIban, Rule::kAccount, Rule::kRouting}},
      {"health-insurance-id",
       {v1::IDENTIFIER_HEALTH_PLAN_NUMBER},
       {Rule::kHealthPlan, Rule::kMedicareBeneficiary}},
      {"medical-id",
       {v1::IDENTIFIER_MEDICAL_RECORD_NUMBER},
       {Rule::kMedicalRecord}},
      {"password", {}, {Rule::kPassword}},
      // Asked for in forms alone; no rule of text knows one.
      {"security-question", {}, {}},
      {"biometric", {v1::IDENTIFIER_BIOMETRIC}, {}},
  };
  return *known;
}

// A word of a published list: what stands there is nobody's.
bool IsOfACode(v1::FieldRole role) {
  return role == v1::FIELD_ROLE_CODE_SYSTEM || role == v1::FIELD_ROLE_CODE ||
         role == v1::FIELD_ROLE_RESOURCE_TYPE;
}

bool IsNumber(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<WithheldItems>> WithheldItems::Create(
    const LawBook& law) {
  auto withheld = std::unique_ptr<WithheldItems>(new WithheldItems());
  withheld->item_of_identifier_.assign(v1::IdentifierKind_ARRAYSIZE, -1);
  withheld->item_of_rule_.assign(TextRules().size(), -1);
  for (const LawEntry& entry : law.entries()) {
    if (entry.rule->contents().document() != kDocument) continue;
    for (const v1::ContentItem& item : entry.rule->contents().item()) {
      const auto known = std::find_if(
          KnownItems().begin(), KnownItems().end(),
          [&item](const Known& one) { return one.key == item.key(); });
      if (known == KnownItems().end()) {
        return absl::FailedPreconditionError(
            absl::StrCat(entry.id, ": want items that are known here, got `",
                         item.key(), "`"));
      }
      const int number = static_cast<int>(withheld->items_.size());
      withheld->items_.push_back(
          {item.key(), item.text(), entry.id, entry.rule->citation(), 0});
      for (const v1::IdentifierKind kind : known->identifiers) {
        withheld->item_of_identifier_[kind] = number;
      }
      for (const TextRuleId rule : known->rules) {
        withheld->item_of_rule_[static_cast<size_t>(rule)] = number;
      }
    }
  }
  SUBROSA_ASSIGN_OR_RETURN(withheld->scanner_, TextScanner::Create({}));
  SUBROSA_ASSIGN_OR_RETURN(withheld->scratch_,
                           withheld->scanner_->NewScratch());
  return withheld;
}

absl::StatusOr<std::unique_ptr<WithheldItems>> WithheldItems::Fork() const {
  auto fork = std::unique_ptr<WithheldItems>(new WithheldItems());
  fork->items_ = items_;
  for (WithheldItem& item : fork->items_) item.times = 0;
  fork->item_of_identifier_ = item_of_identifier_;
  fork->item_of_rule_ = item_of_rule_;
  fork->scanner_ = scanner_;
  SUBROSA_ASSIGN_OR_RETURN(fork->scratch_, scanner_->NewScratch());
  return fork;
}

void WithheldItems::AddCounts(const WithheldItems& fork) {
  for (size_t i = 0; i < items_.size(); ++i) {
    items_[i].times += fork.items_[i].times;
  }
}

int WithheldItems::ItemOf(const v1::FieldMark& mark) const {
  const bool opens_an_account =
      std::find(mark.sensitive().begin(), mark.sensitive().end(),
                v1::SENSITIVE_CATEGORY_ACCOUNT_ACCESS) !=
      mark.sensitive().end();
  // An account number that opens nothing is the entity's own: its customer's.
  if (mark.identifier() == v1::IDENTIFIER_ACCOUNT_NUMBER && !opens_an_account) {
    return -1;
  }
  if (mark.identifier() == v1::IDENTIFIER_UNSPECIFIED) {
    return opens_an_account
               ? item_of_rule_[static_cast<size_t>(TextRuleId::kPassword)]
               : -1;
  }
  return item_of_identifier_[mark.identifier()];
}

WithheldItems::FieldPlan WithheldItems::PlanOf(const FieldDescriptor& field) {
  const auto known = plans_.find(&field);
  if (known != plans_.end()) return known->second;
  FieldPlan plan;
  const absl::StatusOr<v1::FieldMark> mark = MarkOf(field);
  // A field without a mark may hold anything.
  const bool is_marked = mark.ok() && IsMarked(*mark);
  const int item = is_marked ? ItemOf(*mark) : -1;
  if (item >= 0) {
    plan = {Handling::kTakeOut, static_cast<size_t>(item)};
  } else if (field.type() == FieldDescriptor::TYPE_STRING &&
             !(is_marked && IsOfACode(mark->role()))) {
    plan.handling = Handling::kScan;
  }
  return plans_[&field] = plan;
}

std::string WithheldItems::Note(size_t item) const {
  return absl::StrCat("[held, not handed out: ", items_[item].text, "]");
}

absl::StatusOr<bool> WithheldItems::Redact(const std::string& text, TextUse use,
                                           std::string* redacted) {
  SUBROSA_RETURN_IF_ERROR(scanner_->Scan(text, scratch_.get(), &matches_));
  if (matches_.empty()) return false;
  redacted->clear();
  size_t taken = 0;
  for (const TextMatch& match : matches_) {
    const int item = item_of_rule_[match.rule];
    if (item < 0) continue;
    if (use == TextUse::kName && match.span.length == text.size() &&
        IsNumber(text)) {
      continue;
    }
    ++items_[static_cast<size_t>(item)].times;
    absl::StrAppend(
        redacted,
        absl::string_view(text).substr(taken, match.span.offset - taken),
        Note(static_cast<size_t>(item)));
    taken = match.span.offset + match.span.length;
  }
  if (taken == 0) return false;
  absl::StrAppend(redacted, absl::string_view(text).substr(taken));
  return true;
}

bool WithheldItems::RedactFhir(const std::string& json, std::string* rest) {
  rest->clear();
  size_t taken = 0;
  for (const FhirIdentifierSpan& span : FindFhirIdentifiers(json)) {
    const int item = item_of_identifier_[span.kind];
    if (item < 0) continue;
    ++items_[static_cast<size_t>(item)].times;
    absl::StrAppend(rest,
                    absl::string_view(json).substr(taken, span.offset - taken));
    AppendJsonText(Note(static_cast<size_t>(item)), rest);
    taken = span.offset + span.length;
  }
  if (taken == 0) return false;
  absl::StrAppend(rest, absl::string_view(json).substr(taken));
  return true;
}

absl::Status WithheldItems::TakeOut(Message* payload) {
  const Descriptor& type = *payload->GetDescriptor();
  if (PayloadIs<v1::FhirResource>(type)) {
    const FieldDescriptor* const json =
        type.FindFieldByNumber(v1::FhirResource::kJsonFieldNumber);
    const Reflection& reflection = *payload->GetReflection();
    std::string scratch;
    std::string rest;
    if (RedactFhir(reflection.GetStringReference(*payload, json, &scratch),
                   &rest)) {
      reflection.SetString(payload, json, std::move(rest));
    }
  }
  return TakeOutOf(payload);
}

absl::StatusOr<bool> WithheldItems::RedactName(std::string* name) {
  if (name->empty()) return false;
  std::string redacted;
  SUBROSA_ASSIGN_OR_RETURN(const bool is_redacted,
                           Redact(*name, TextUse::kName, &redacted));
  if (is_redacted) *name = std::move(redacted);
  return is_redacted;
}

absl::StatusOr<bool> WithheldItems::TakeOutOfNames(v1::HealthRecord* record) {
  if (record->has_origin()) {
    SUBROSA_RETURN_IF_ERROR(
        RedactName(record->mutable_origin()->mutable_id()).status());
  }
  if (record->has_provenance()) {
    SUBROSA_RETURN_IF_ERROR(
        RedactName(record->mutable_provenance()->mutable_application())
            .status());
  }
  return RedactName(record->mutable_id());
}

absl::Status WithheldItems::TakeOutOf(Message* message) {
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    const FieldPlan plan = PlanOf(*field);
    const int size =
        field->is_repeated() ? reflection.FieldSize(*message, field) : 1;
    if (plan.handling == Handling::kTakeOut) {
      items_[plan.item].times += size;
      reflection.ClearField(message, field);
      if (field->type() != FieldDescriptor::TYPE_STRING) continue;
      if (field->is_repeated()) {
        reflection.AddString(message, field, Note(plan.item));
      } else {
        reflection.SetString(message, field, Note(plan.item));
      }
      continue;
    }
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      for (int i = 0; i < size; ++i) {
        SUBROSA_RETURN_IF_ERROR(
            TakeOutOf(field->is_repeated()
                          ? reflection.MutableRepeatedMessage(message, field, i)
                          : reflection.MutableMessage(message, field)));
      }
    }
    if (plan.handling != Handling::kScan) continue;
    for (int i = 0; i < size; ++i) {
      std::string scratch;
      const std::string& text =
          field->is_repeated()
              ? reflection.GetRepeatedStringReference(*message, field, i,
                                                      &scratch)
              : reflection.GetStringReference(*message, field, &scratch);
      std::string redacted;
      SUBROSA_ASSIGN_OR_RETURN(const bool is_redacted,
                               Redact(text, TextUse::kText, &redacted));
      if (!is_redacted) continue;
      if (field->is_repeated()) {
        reflection.SetRepeatedString(message, field, i, std::move(redacted));
      } else {
        reflection.SetString(message, field, std::move(redacted));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa
