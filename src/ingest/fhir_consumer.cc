#include "src/ingest/fhir_consumer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/fhir_element.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

constexpr size_t kMaxIdBytes = 64;

// The types of R4 that describe the care system and its terms, never a patient.
// Sorted.
constexpr absl::string_view kAboutNobody[] = {
    "ActivityDefinition",
    "CapabilityStatement",
    "CatalogEntry",
    "ChargeItemDefinition",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "DeviceDefinition",
    "DeviceMetric",
    "EffectEvidenceSynthesis",
    "Endpoint",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "GraphDefinition",
    "HealthcareService",
    "ImplementationGuide",
    "InsurancePlan",
    "Library",
    "Location",
    "Measure",
    "Medication",
    "MedicationKnowledge",
    "MedicinalProduct",
    "MessageDefinition",
    "NamingSystem",
    "ObservationDefinition",
    "OperationDefinition",
    "OperationOutcome",
    "Organization",
    "OrganizationAffiliation",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Questionnaire",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "RiskEvidenceSynthesis",
    "SearchParameter",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Substance",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
};

// The elements of R4's types that refer to the patient, the usual first.
constexpr FhirKey kPatientElements[] = {
    "subject", "patient", "beneficiary", "individual", "for", "candidate",
};

// The elements that lead to the patient of what has none of these: that of a
// Provenance, say, by what it is about.
constexpr FhirKey kLeadingElements[] = {
    "encounter",
    "context",
    "target",
    "focus",
};

constexpr absl::string_view kWant = "Patient/ID";

using Kind = FhirSubject::Kind;

bool IsAboutNobody(absl::string_view type) {
  return std::binary_search(std::begin(kAboutNobody), std::end(kAboutNobody),
                            type);
}

// The text of the reference that the element `name` is.
std::string PathOf(absl::string_view name) {
  return absl::StrCat(name, ".reference");
}

absl::Status Wrong(absl::string_view name, absl::string_view want,
                   absl::string_view got) {
  return WrongFhir(PathOf(name), want, got);
}

// A way from one contained resource to the next: what is contained does not
// contain, and a way back is given up.
constexpr int kMaxContainedSteps = 2;

// Resolves one element of one resource. A list of references takes no longer
// than its length: what is contained is found by its id, and gone through once.
class Resolver {
 public:
  Resolver(const FhirMembers& resource, FhirReferences* references)
      : resource_(resource), references_(references) {}

  // `element` holds one reference, or a list of them.
  absl::StatusOr<FhirSubject> Resolve(absl::string_view name,
                                      dom::element element, bool may_be_several,
                                      int depth = 0);

 private:
  struct Contained {
    dom::object object;
    // Whether a reference has led here, by the steps that it took: where this
    // leads is known of the element then.
    std::array<bool, kMaxContainedSteps> is_taken = {};
  };

  absl::StatusOr<FhirSubject> ResolveOne(absl::string_view name,
                                         dom::element element, int depth);
  absl::StatusOr<FhirSubject> ResolveContained(absl::string_view name,
                                               absl::string_view id, int depth);
  absl::StatusOr<FhirSubject> ResolveEntry(absl::string_view name,
                                           absl::string_view reference,
                                           absl::string_view got) const;
  // Null if nothing contained has the id.
  Contained* FindContained(absl::string_view id);

  const FhirMembers& resource_;
  FhirReferences* const references_;
  // By id, once one is looked for: few resources refer to what they contain.
  std::optional<absl::flat_hash_map<absl::string_view, Contained>> contained_;
};

absl::StatusOr<FhirSubject> Resolver::Resolve(absl::string_view name,
                                              dom::element element,
                                              bool may_be_several, int depth) {
  dom::array several;
  if (element.get(several) != simdjson::SUCCESS) {
    return ResolveOne(name, element, depth);
  }
  const size_t count = several.size();
  if (count == 0 || (count > 1 && !may_be_several)) {
    return WrongFhir(name, "one reference", absl::StrCat(count));
  }
  FhirSubject all;
  for (const dom::element one : several) {
    SUBROSA_ASSIGN_OR_RETURN(FhirSubject subject, ResolveOne(name, one, depth));
    if (subject.kind == Kind::kNobody) continue;
    if (all.kind == Kind::kPatient && subject.kind == Kind::kPatient &&
        all.id != subject.id) {
      return WrongFhir(name, "references that lead to one patient", "two");
    }
    if (all.kind != Kind::kUnknown) all = std::move(subject);
  }
  return all;
}

absl::StatusOr<FhirSubject> Resolver::ResolveOne(absl::string_view name,
                                                 dom::element element,
                                                 int depth) {
  dom::object object;
  if (element.get(object) != simdjson::SUCCESS) {
    return WrongFhir(name, "a reference", "something else");
  }
  const absl::string_view text = FindText(object, "reference");
  if (text.empty()) return Wrong(name, kWant, "none");
  if (text.front() == '#') {
    return ResolveContained(name, text.substr(1), depth);
  }
  if (absl::StartsWithIgnoreCase(text, "urn:")) {
    return ResolveEntry(name, text, "a URN");
  }
  const std::optional<FhirReference> reference = SplitReference(text);
  if (!reference.has_value()) {
    return Wrong(name, kWant,
                 absl::StrContains(text, '?') ? "a search" : "another form");
  }
  FhirSubject subject;
  if (IsAboutNobody(reference->type)) return subject;
  if (reference->type != "Patient") {
    return ResolveEntry(name, text, "a reference to something else");
  }
  if (!IsFhirId(reference->id)) {
    return Wrong(name, kWant, "an id that is none of FHIR's");
  }
  if (references_ != nullptr && !references_->IsSameServer(reference->server)) {
    return Wrong(name, "one server for all patients of a file or Bundle",
                 "another");
  }
  subject.kind = Kind::kPatient;
  subject.id = reference->id;
  return subject;
}

absl::StatusOr<FhirSubject> Resolver::ResolveContained(absl::string_view name,
                                                       absl::string_view id,
                                                       int depth) {
  Contained* const contained =
      depth < kMaxContainedSteps ? FindContained(id) : nullptr;
  if (contained == nullptr) {
    return Wrong(name, kWant, "a reference to a contained resource");
  }
  // An error would have ended all, and a patient taken again changes nothing.
  bool& is_taken = contained->is_taken[static_cast<size_t>(depth)];
  if (is_taken) return FhirSubject();
  is_taken = true;
  const dom::object part = contained->object;
  const absl::string_view type = FindText(part, "resourceType");
  if (IsAboutNobody(type)) return FhirSubject();
  // Its id means something in this resource alone.
  if (type == "Patient") {
    return Wrong(name, kWant, "a contained patient, who has no id");
  }
  for (const FhirKey& element : kPatientElements) {
    const std::optional<dom::element> found = FindMember(part, element);
    if (!found.has_value()) continue;
    return Resolve(PathOf(name), *found, false, depth + 1);
  }
  return Wrong(name, kWant, "a reference to a contained resource");
}

Resolver::Contained* Resolver::FindContained(absl::string_view id) {
  if (!contained_.has_value()) {
    contained_.emplace();
    const std::optional<dom::array> all = FindArray(resource_, "contained");
    if (!all.has_value()) return nullptr;
    for (const dom::element item : *all) {
      Contained one;
      if (item.get(one.object) != simdjson::SUCCESS) continue;
      contained_->try_emplace(FindText(one.object, "id"), one);
    }
  }
  const auto found = contained_->find(id);
  return found == contained_->end() ? nullptr : &found->second;
}

absl::StatusOr<FhirSubject> Resolver::ResolveEntry(
    absl::string_view name, absl::string_view reference,
    absl::string_view got) const {
  if (references_ == nullptr) return Wrong(name, kWant, got);
  FhirSubject subject;
  const std::optional<absl::string_view> consumer =
      references_->Find(reference);
  if (!consumer.has_value()) {
    subject.kind = Kind::kUnknown;
    subject.path = PathOf(name);
  } else if (!consumer->empty()) {
    subject.kind = Kind::kPatient;
    subject.id = *consumer;
  }
  return subject;
}

}  // namespace

bool IsFhirId(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxIdBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  c == '-' || c == '.';
         });
}

absl::StatusOr<FhirSubject> SubjectOf(absl::string_view type,
                                      const FhirMembers& resource,
                                      FhirReferences* references) {
  FhirSubject subject;
  if (type == "Patient") {
    subject.kind = Kind::kPatient;
    subject.id = FindText(resource, "id");
    if (!IsFhirId(subject.id)) return WrongFhir("id", "an id of FHIR", "none");
    return subject;
  }
  if (IsAboutNobody(type)) return subject;
  Resolver resolver(resource, references);
  for (const FhirKey& name : kPatientElements) {
    const std::optional<dom::element> found = FindMember(resource, name);
    if (found.has_value()) return resolver.Resolve(name.text, *found, false);
  }
  if (type == "Device") return subject;
  for (const FhirKey& name : kLeadingElements) {
    const std::optional<dom::element> found = FindMember(resource, name);
    if (found.has_value()) return resolver.Resolve(name.text, *found, true);
  }
  return WrongFhir("subject", "a reference to a patient", "none");
}

}  // namespace subrosa
