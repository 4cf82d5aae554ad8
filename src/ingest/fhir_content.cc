#include "src/ingest/fhir_content.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "simdjson.h"
#include "src/ingest/fhir_value.h"
#include "subrosa/v1/concept.pb.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr int kMaxParts = 4096;
constexpr size_t kMaxLinkIdBytes = 256;
constexpr absl::string_view kValue = "value";

// The code of the contained resource that `reference` ("#med1") refers to.
std::optional<dom::element> ContainedCode(const FhirMembers& resource,
                                          absl::string_view reference) {
  const std::optional<dom::array> contained = FindArray(resource, "contained");
  if (!absl::StartsWith(reference, "#") || !contained.has_value()) {
    return std::nullopt;
  }
  for (const dom::element item : *contained) {
    dom::object part;
    if (item.get(part) == simdjson::SUCCESS &&
        FindText(part, "id") == reference.substr(1)) {
      return FindMember(part, "code");
    }
  }
  return std::nullopt;
}

void SetCode(const FhirMembers& resource, v1::FhirResource* made) {
  // The description of a Goal is its code; elsewhere it is text.
  for (const absl::string_view name : {"code", "medicationCodeableConcept",
                                       "vaccineCode", "type", "description"}) {
    const std::optional<dom::element> found = FindMember(resource, name);
    if (!found.has_value() || found->is_string()) continue;
    AppendConcept(*found, made->mutable_code());
    return;
  }
  const std::optional<dom::object> medication =
      FindObject(resource, "medicationReference");
  if (!medication.has_value()) return;
  const std::optional<dom::element> contained =
      ContainedCode(resource, FindText(*medication, "reference"));
  if (contained.has_value()) {
    AppendConcept(*contained, made->mutable_code());
  }
  const absl::string_view display = FindText(*medication, "display");
  if (made->code().text().empty() && !display.empty()) {
    made->mutable_code()->set_text(std::string(display));
  }
}

// Calls `take` with each object of the list `name`.
template <typename Source, typename Take>
void ForEach(const Source& source, absl::string_view name, Take take) {
  const std::optional<dom::array> list = FindArray(source, name);
  if (!list.has_value()) return;
  for (const dom::element item : *list) {
    dom::object object;
    if (item.get(object) == simdjson::SUCCESS) take(object);
  }
}

template <typename Source>
void AddReasons(const Source& source, absl::string_view name,
                v1::FhirResource* made) {
  const std::optional<dom::array> list = FindArray(source, name);
  if (!list.has_value()) return;
  for (const dom::element item : *list) {
    if (item.is_object()) AppendConcept(item, made->add_reasons());
  }
}

void AddReasonText(dom::object reference, v1::FhirResource* made) {
  const absl::string_view display = FindText(reference, "display");
  if (!display.empty()) made->add_reasons()->set_text(std::string(display));
}

void SetReasons(const FhirMembers& resource, v1::FhirResource* made) {
  AddReasons(resource, "reasonCode", made);
  for (const absl::string_view name : {"reasonReference", "addresses"}) {
    ForEach(resource, name,
            [made](dom::object reference) { AddReasonText(reference, made); });
  }
  // Of an Encounter.
  ForEach(resource, "diagnosis", [made](dom::object diagnosis) {
    const std::optional<dom::object> condition =
        FindObject(diagnosis, "condition");
    if (condition.has_value()) AddReasonText(*condition, made);
  });
  // Of an Immunization.
  ForEach(resource, "protocolApplied", [made](dom::object protocol) {
    AddReasons(protocol, "targetDisease", made);
  });
}

void SetCategories(const FhirMembers& resource, v1::FhirResource* made) {
  for (const absl::string_view name : {"category", "class", "scope"}) {
    const std::optional<dom::element> found = FindMember(resource, name);
    if (!found.has_value()) continue;
    v1::CodedConcept* const category = made->add_categories();
    AppendConcept(*found, category);
    if (category->coding_size() == 0 && category->text().empty()) {
      made->mutable_categories()->RemoveLast();
    }
  }
}

// Puts `value` into a FhirResource or a part of one.
template <typename Message>
void Put(FhirValue value, Message* made) {
  if (value.has_quantity) *made->mutable_value() = std::move(value.quantity);
  if (value.has_code) *made->mutable_value_code() = std::move(value.code);
  if (!value.text.empty()) made->set_value_text(std::move(value.text));
}

// Puts the `value[x]` among `members` into `made`.
template <typename Members, typename Message>
void PutValueOf(const Members& members, Message* made) {
  for (const dom::key_value_pair member : members) {
    const absl::string_view key(member.key.data(), member.key.size());
    if (!absl::StartsWith(key, kValue)) continue;
    FhirValue value;
    if (TakeFhirValue(key.substr(kValue.size()), member.value, &value)) {
      Put(std::move(value), made);
      return;
    }
  }
}

// What types other than Observation have for a value.
void SetConclusion(const FhirMembers& resource, v1::FhirResource* made) {
  for (const absl::string_view name :
       {"conclusionCode", "outcome", "policyRule"}) {
    const std::optional<dom::element> found = FindMember(resource, name);
    if (!found.has_value() || found->is_string()) continue;
    AppendConcept(*found, made->mutable_value_code());
  }
  for (const absl::string_view name : {"conclusion", "description"}) {
    const absl::string_view text = FindText(resource, name);
    if (!text.empty() && text.size() <= FhirValue::kMaxTextBytes &&
        made->value_text().empty()) {
      made->set_value_text(std::string(text));
    }
  }
}

void SetStatus(const FhirMembers& resource, v1::FhirResource* made) {
  const absl::string_view status = FindText(resource, "status");
  if (!status.empty()) {
    made->set_status(std::string(status));
    return;
  }
  const std::optional<dom::element> clinical =
      FindMember(resource, "clinicalStatus");
  if (!clinical.has_value()) return;
  v1::CodedConcept concept;
  AppendConcept(*clinical, &concept);
  if (concept.coding_size() > 0) made->set_status(concept.coding(0).code());
}

// The next part, or null if there are as many as there may be.
v1::FhirPart* AddPart(v1::FhirResource* made) {
  return made->parts_size() < kMaxParts ? made->add_parts() : nullptr;
}

void AddCodedPart(dom::object source, absl::string_view code_name,
                  absl::string_view text_name, v1::FhirResource* made) {
  const std::optional<dom::element> code = FindMember(source, code_name);
  const absl::string_view text = FindText(source, text_name);
  if (!code.has_value() && text.empty()) return;
  v1::FhirPart* const part = AddPart(made);
  if (part == nullptr) return;
  if (code.has_value()) AppendConcept(*code, part->mutable_code());
  if (text.size() <= FhirValue::kMaxTextBytes) {
    part->set_value_text(std::string(text));
  }
}

// Takes the answers to the questions of `source`, and to those below them.
template <typename Source>
void AddAnswers(const Source& source, v1::FhirResource* made) {
  ForEach(source, "item", [made](dom::object item) {
    const absl::string_view link_id = FindText(item, "linkId");
    const absl::string_view question = FindText(item, "text");
    ForEach(item, "answer", [&](dom::object answer) {
      v1::FhirPart* const part = AddPart(made);
      if (part == nullptr) return;
      if (link_id.size() <= kMaxLinkIdBytes) {
        part->set_link_id(std::string(link_id));
      }
      if (!question.empty() && question.size() <= FhirValue::kMaxTextBytes) {
        part->mutable_code()->set_text(std::string(question));
      }
      PutValueOf(answer, part);
      AddAnswers(answer, made);
    });
    AddAnswers(item, made);
  });
}

void SetParts(const FhirMembers& resource, v1::FhirResource* made) {
  ForEach(resource, "component", [made](dom::object component) {
    v1::FhirPart* const part = AddPart(made);
    if (part == nullptr) return;
    const std::optional<dom::element> code = FindMember(component, "code");
    if (code.has_value()) AppendConcept(*code, part->mutable_code());
    PutValueOf(component, part);
  });
  if (made->resource_type() == "QuestionnaireResponse") {
    AddAnswers(resource, made);
  }
  // Of an AllergyIntolerance.
  ForEach(resource, "reaction", [made](dom::object reaction) {
    AddCodedPart(reaction, "manifestation", "severity", made);
  });
  // Of a CarePlan.
  ForEach(resource, "activity", [made](dom::object activity) {
    const std::optional<dom::object> detail = FindObject(activity, "detail");
    if (detail.has_value()) AddCodedPart(*detail, "code", "description", made);
  });
  // Of a MedicationRequest, and of a MedicationStatement.
  for (const absl::string_view name : {"dosageInstruction", "dosage"}) {
    ForEach(resource, name, [made](dom::object dosage) {
      AddCodedPart(dosage, "route", "text", made);
    });
  }
  // Of a FamilyMemberHistory.
  ForEach(resource, "condition", [made](dom::object condition) {
    AddCodedPart(condition, "code", "", made);
  });
  // Of a Consent.
  const std::optional<dom::object> provision =
      FindObject(resource, "provision");
  if (provision.has_value()) AddCodedPart(*provision, "code", "type", made);
}

}  // namespace

void SetContent(const FhirMembers& resource, v1::FhirResource* made) {
  SetCode(resource, made);
  SetReasons(resource, made);
  SetCategories(resource, made);
  PutValueOf(resource, made);
  SetConclusion(resource, made);
  SetStatus(resource, made);
  SetParts(resource, made);
}

}  // namespace subrosa
