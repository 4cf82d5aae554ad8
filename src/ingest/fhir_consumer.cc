#include "src/ingest/fhir_consumer.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
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
constexpr absl::string_view kPatientElements[] = {
    "subject", "patient", "beneficiary", "individual", "for", "candidate",
};

bool IsAboutNobody(absl::string_view type) {
  return std::binary_search(std::begin(kAboutNobody), std::end(kAboutNobody),
                            type);
}

// "Patient/ID" of "https://server/fhir/Patient/ID/_history/3".
absl::string_view WithoutServerAndVersion(absl::string_view reference) {
  const size_t version = reference.find("/_history/");
  if (version != absl::string_view::npos) {
    reference = reference.substr(0, version);
  }
  if (!absl::StartsWith(reference, "http://") &&
      !absl::StartsWith(reference, "https://")) {
    return reference;
  }
  const size_t id_slash = reference.rfind('/');
  const size_t type_slash = reference.rfind('/', id_slash - 1);
  return reference.substr(type_slash + 1);
}

// The patient's id; empty if `reference` is to what is about nobody.
absl::StatusOr<absl::string_view> ResolvePatient(absl::string_view path,
                                                 absl::string_view reference) {
  constexpr absl::string_view kWant = "Patient/ID";
  if (absl::StartsWith(reference, "#")) {
    return WrongFhir(path, kWant, "a reference to a contained resource");
  }
  if (absl::StartsWith(reference, "urn:")) {
    return WrongFhir(path, kWant, "a URN");
  }
  reference = WithoutServerAndVersion(reference);
  const size_t slash = reference.find('/');
  if (slash == absl::string_view::npos) {
    return WrongFhir(
        path, kWant,
        absl::StrContains(reference, '?') ? "a search" : "another form");
  }
  const absl::string_view type = reference.substr(0, slash);
  if (IsAboutNobody(type)) return absl::string_view();
  if (type != "Patient") {
    return WrongFhir(path, kWant, "a reference to something else");
  }
  const absl::string_view id = reference.substr(slash + 1);
  if (!IsFhirId(id)) {
    return WrongFhir(path, kWant, "an id that is none of FHIR's");
  }
  return id;
}

}  // namespace

bool IsFhirId(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxIdBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                  c == '-' || c == '.';
         });
}

absl::StatusOr<absl::string_view> ConsumerOf(absl::string_view type,
                                             const FhirMembers& resource) {
  if (type == "Patient") {
    const absl::string_view id = FindText(resource, "id");
    if (!IsFhirId(id)) return WrongFhir("id", "an id of FHIR", "none");
    return id;
  }
  if (IsAboutNobody(type)) return absl::string_view();
  for (const absl::string_view name : kPatientElements) {
    std::optional<dom::element> found = FindMember(resource, name);
    if (!found.has_value()) continue;
    dom::array several;
    if (found->get(several) == simdjson::SUCCESS) {
      if (several.size() != 1) {
        return WrongFhir(name, "one reference", absl::StrCat(several.size()));
      }
      found = *several.begin();
    }
    dom::object reference;
    if (found->get(reference) != simdjson::SUCCESS) {
      return WrongFhir(name, "a reference", "something else");
    }
    const absl::string_view text = FindText(reference, "reference");
    const std::string path = absl::StrCat(name, ".reference");
    if (text.empty()) return WrongFhir(path, "Patient/ID", "none");
    return ResolvePatient(path, text);
  }
  if (type == "Device") return absl::string_view();
  return WrongFhir("subject", "a reference to a patient", "none");
}

}  // namespace subrosa
