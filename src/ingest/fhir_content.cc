#include "src/ingest/fhir_content.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "simdjson.h"
#include "src/ingest/fhir_elements.h"
#include "src/ingest/fhir_value.h"
#include "src/ingest/fhir_wire.h"
#include "src/ingest/wire.h"
#include "subrosa/v1/clinical.pb.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

// Sorted.
constexpr absl::string_view kMapped[] = {
    "AllergyIntolerance",
    "CarePlan",
    "Condition",
    "Consent",
    "DiagnosticReport",
    "Encounter",
    "FamilyMemberHistory",
    "Goal",
    "Immunization",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Patient",
    "Procedure",
    "QuestionnaireResponse",
};
constexpr int kMaxParts = 4096;
constexpr size_t kMaxLinkIdBytes = 256;

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

// What the resource is about; absent if it does not say.
std::optional<FhirConcept> CodeOf(const FhirMembers& resource) {
  FhirConcept concept;
  for (const FhirKey& name : kFhirCodes) {
    const std::optional<dom::element> found = FindMember(resource, name);
    if (!found.has_value() || found->is_string()) continue;
    AppendConcept(*found, &concept);
    return concept;
  }
  const std::optional<dom::object> medication =
      FindObject(resource, kFhirMedicationReference);
  if (!medication.has_value()) return std::nullopt;
  const std::optional<dom::element> contained =
      ContainedCode(resource, FindText(*medication, "reference"));
  if (contained.has_value()) AppendConcept(*contained, &concept);
  const absl::string_view display = FindText(*medication, "display");
  if (concept.text.empty()) concept.text = display;
  if (!contained.has_value() && display.empty()) return std::nullopt;
  return concept;
}

// Calls `take` with each object of the list `name`.
template <typename Source, typename Take>
void ForEach(const Source& source, const FhirKey& name, Take take) {
  const std::optional<dom::array> list = FindArray(source, name);
  if (!list.has_value()) return;
  for (const dom::element item : *list) {
    dom::object object;
    if (item.get(object) == simdjson::SUCCESS) take(object);
  }
}

void AppendReason(const FhirConcept& reason, std::string* wire) {
  AppendConceptField(v1::FhirResource::kReasonsFieldNumber, reason, wire);
}

template <typename Source>
void AppendReasons(const Source& source, const FhirKey& name,
                   std::string* wire) {
  const std::optional<dom::array> list = FindArray(source, name);
  if (!list.has_value()) return;
  for (const dom::element item : *list) {
    if (!item.is_object()) continue;
    FhirConcept reason;
    AppendConcept(item, &reason);
    AppendReason(reason, wire);
  }
}

void AppendReasonText(dom::object reference, std::string* wire) {
  FhirConcept reason;
  reason.text = FindText(reference, "display");
  if (!reason.text.empty()) AppendReason(reason, wire);
}

void AppendAllReasons(const FhirMembers& resource, std::string* wire) {
  for (const FhirKey& name : kFhirReasonCodes) {
    AppendReasons(resource, name, wire);
  }
  for (const FhirKey& name : kFhirReasonReferences) {
    ForEach(resource, name, [wire](dom::object reference) {
      AppendReasonText(reference, wire);
    });
  }
  for (const FhirElementBelow& below : kFhirReasonReferencesBelow) {
    ForEach(resource, below.list, [&](dom::object object) {
      const std::optional<dom::object> reference =
          FindObject(object, below.name);
      if (reference.has_value()) AppendReasonText(*reference, wire);
    });
  }
  for (const FhirElementBelow& below : kFhirReasonCodesBelow) {
    ForEach(resource, below.list, [&](dom::object object) {
      AppendReasons(object, below.name, wire);
    });
  }
}

void AppendCategories(const FhirMembers& resource, std::string* wire) {
  for (const FhirKey& name : kFhirCategories) {
    const std::optional<dom::element> found = FindMember(resource, name);
    if (!found.has_value()) continue;
    FhirConcept category;
    AppendConcept(*found, &category);
    if (category.empty()) continue;
    AppendConceptField(v1::FhirResource::kCategoriesFieldNumber, category,
                       wire);
  }
}

// The `value[x]` among `members`; empty if there is none that we know.
template <typename Members>
FhirValue ValueOf(const Members& members) {
  for (const dom::key_value_pair member : members) {
    const absl::string_view key(member.key.data(), member.key.size());
    if (!absl::StartsWith(key, kFhirValuePrefix)) continue;
    FhirValue value;
    if (TakeFhirValue(key.substr(kFhirValuePrefix.size()), member.value,
                      &value)) {
      return value;
    }
  }
  return {};
}

// Adds what types other than Observation have for a value.
void AddConclusion(const FhirMembers& resource, FhirValue* value) {
  for (const FhirKey& name : kFhirValueCodes) {
    const std::optional<dom::element> found = FindMember(resource, name);
    if (!found.has_value() || found->is_string()) continue;
    if (!value->code.has_value()) value->code.emplace();
    AppendConcept(*found, &*value->code);
  }
  for (const FhirKey& name : kFhirValueTexts) {
    const absl::string_view text = FindText(resource, name);
    if (text.size() <= FhirValue::kMaxTextBytes && value->text.empty()) {
      value->text = std::string(text);
    }
  }
}

std::string StatusOf(const FhirMembers& resource) {
  const absl::string_view status = FindText(resource, kFhirStatus);
  if (!status.empty()) return std::string(status);
  const std::optional<dom::element> clinical =
      FindMember(resource, kFhirClinicalStatus);
  if (!clinical.has_value()) return "";
  FhirConcept concept;
  AppendConcept(*clinical, &concept);
  return concept.codings.empty() ? "" : std::string(concept.codings[0].code);
}

// Appends the parts of a resource, as many as there may be.
class PartWriter {
 public:
  explicit PartWriter(std::string* wire) : wire_(wire) {}

  void AppendAll(absl::string_view type, const FhirMembers& resource);

 private:
  // Opens the next part; false if there may be no more.
  bool Open(size_t* start);
  void Close(size_t start) { CloseLength(start, wire_); }

  void AppendCode(dom::element code);
  void AppendValue(const FhirValue& value);
  void AppendComponent(dom::object component);
  void AppendCoded(dom::object source, const FhirKey& code_name,
                   const FhirKey& text_name);
  void AppendAnswer(absl::string_view link_id, absl::string_view question,
                    dom::object answer);

  // Appends the answers to the questions of `source`, and to those below them.
  template <typename Source>
  void AppendAnswers(const Source& source);

  std::string* const wire_;
  int parts_ = 0;
};

bool PartWriter::Open(size_t* start) {
  if (parts_ == kMaxParts) return false;
  ++parts_;
  AppendVarint(
      WireTag(v1::FhirResource::kPartsFieldNumber, WireType::kLengthDelimited),
      wire_);
  *start = OpenLength(wire_);
  return true;
}

void PartWriter::AppendCode(dom::element code) {
  FhirConcept concept;
  AppendConcept(code, &concept);
  AppendConceptField(v1::FhirPart::kCodeFieldNumber, concept, wire_);
}

void PartWriter::AppendValue(const FhirValue& value) {
  if (value.quantity.has_value()) {
    AppendQuantityField(v1::FhirPart::kValueFieldNumber, *value.quantity,
                        wire_);
  }
  if (value.code.has_value()) {
    AppendConceptField(v1::FhirPart::kValueCodeFieldNumber, *value.code, wire_);
  }
  AppendTextField(v1::FhirPart::kValueTextFieldNumber, value.text, wire_);
}

void PartWriter::AppendComponent(dom::object component) {
  size_t start;
  if (!Open(&start)) return;
  const std::optional<dom::element> code = FindMember(component, "code");
  if (code.has_value()) AppendCode(*code);
  AppendValue(ValueOf(component));
  Close(start);
}

void PartWriter::AppendCoded(dom::object source, const FhirKey& code_name,
                             const FhirKey& text_name) {
  const std::optional<dom::element> code = FindMember(source, code_name);
  const absl::string_view text = FindText(source, text_name);
  size_t start;
  if ((!code.has_value() && text.empty()) || !Open(&start)) return;
  if (code.has_value()) AppendCode(*code);
  if (text.size() <= FhirValue::kMaxTextBytes) {
    AppendTextField(v1::FhirPart::kValueTextFieldNumber, text, wire_);
  }
  Close(start);
}

void PartWriter::AppendAnswer(absl::string_view link_id,
                              absl::string_view question, dom::object answer) {
  size_t start;
  if (!Open(&start)) return;
  if (!question.empty() && question.size() <= FhirValue::kMaxTextBytes) {
    FhirConcept concept;
    concept.text = question;
    AppendConceptField(v1::FhirPart::kCodeFieldNumber, concept, wire_);
  }
  if (link_id.size() <= kMaxLinkIdBytes) {
    AppendTextField(v1::FhirPart::kLinkIdFieldNumber, link_id, wire_);
  }
  AppendValue(ValueOf(answer));
  Close(start);
}

template <typename Source>
void PartWriter::AppendAnswers(const Source& source) {
  ForEach(source, kFhirItem, [this](dom::object item) {
    const absl::string_view link_id = FindText(item, kFhirItemLinkId);
    const absl::string_view question = FindText(item, kFhirItemText);
    ForEach(item, kFhirItemAnswer, [&](dom::object answer) {
      AppendAnswer(link_id, question, answer);
      AppendAnswers(answer);
    });
    AppendAnswers(item);
  });
}

void PartWriter::AppendAll(absl::string_view type,
                           const FhirMembers& resource) {
  ForEach(resource, kFhirComponent,
          [this](dom::object component) { AppendComponent(component); });
  if (type == "QuestionnaireResponse") AppendAnswers(resource);
  for (const FhirCodedPart& part : kFhirCodedParts) {
    const auto append = [&](dom::object source) {
      if (part.below.text.empty()) {
        AppendCoded(source, part.code, part.text);
        return;
      }
      const std::optional<dom::object> below = FindObject(source, part.below);
      if (below.has_value()) AppendCoded(*below, part.code, part.text);
    };
    if (part.is_list) {
      ForEach(resource, part.name, append);
    } else if (const std::optional<dom::object> one =
                   FindObject(resource, part.name)) {
      append(*one);
    }
  }
}

}  // namespace

bool IsMappedFhirType(absl::string_view type) {
  return std::binary_search(std::begin(kMapped), std::end(kMapped), type);
}

void AppendFhirResource(absl::string_view type, const FhirMembers& resource,
                        absl::string_view json, std::string* wire) {
  using v1::FhirResource;
  AppendTextField(FhirResource::kResourceTypeFieldNumber, type, wire);
  AppendTextField(FhirResource::kResourceIdFieldNumber,
                  FindText(resource, "id"), wire);
  const std::optional<FhirConcept> code = CodeOf(resource);
  if (code.has_value()) {
    AppendConceptField(FhirResource::kCodeFieldNumber, *code, wire);
  }
  AppendAllReasons(resource, wire);
  FhirValue value = ValueOf(resource);
  AddConclusion(resource, &value);
  if (value.quantity.has_value()) {
    AppendQuantityField(FhirResource::kValueFieldNumber, *value.quantity, wire);
  }
  AppendTextField(FhirResource::kStatusFieldNumber, StatusOf(resource), wire);
  AppendTextField(FhirResource::kJsonFieldNumber, json, wire);
  if (value.code.has_value()) {
    AppendConceptField(FhirResource::kValueCodeFieldNumber, *value.code, wire);
  }
  AppendTextField(FhirResource::kValueTextFieldNumber, value.text, wire);
  PartWriter(wire).AppendAll(type, resource);
  AppendCategories(resource, wire);
}

}  // namespace subrosa
