#include "src/exports/fhir_types.h"

namespace subrosa {
namespace {

using Names = absl::string_view;

constexpr Names kStatus[] = {"status"};
constexpr Names kStatusAndCode[] = {"status", "code"};
constexpr Names kStatusAndIntent[] = {"status", "intent"};
constexpr Names kStatusAndMedication[] = {"status", "medication[x]"};
constexpr Names kVerification[] = {"verificationStatus"};
constexpr Names kIntent[] = {"intent"};
constexpr Names kConsent[] = {"status", "scope", "category"};
constexpr Names kPolicy[] = {"policy"};
constexpr Names kEncounter[] = {"status", "class"};
constexpr Names kFamily[] = {"status", "relationship"};
constexpr Names kRelationship[] = {"relationship"};
constexpr Names kGoal[] = {"lifecycleStatus", "description"};
constexpr Names kLifecycle[] = {"lifecycleStatus"};
constexpr Names kImmunization[] = {"status", "vaccineCode", "occurrence[x]"};
constexpr Names kBesideImmunization[] = {"isSubpotent", "occurrenceString"};
constexpr Names kRequest[] = {"status", "intent", "medication[x]"};
constexpr Names kBesideRequest[] = {"intent", "doNotPerform"};
constexpr Names kAbsent[] = {"dataAbsentReason"};

// Sorted by type.
constexpr FhirTypeRule kRules[] = {
    {"AllergyIntolerance", "patient", {}, kVerification},
    {"CarePlan", "subject", kStatusAndIntent, kIntent},
    {"Condition", "subject", {}, kVerification},
    {"Consent", "patient", kConsent, kPolicy},
    {"DiagnosticReport", "subject", kStatusAndCode, {}},
    {"Encounter", "subject", kEncounter, {}},
    {"FamilyMemberHistory", "patient", kFamily, kRelationship},
    {"Goal", "subject", kGoal, kLifecycle},
    {"Immunization", "patient", kImmunization, kBesideImmunization},
    {"MedicationRequest", "subject", kRequest, kBesideRequest},
    {"MedicationStatement", "subject", kStatusAndMedication, {}},
    {"Observation", "subject", kStatusAndCode, kAbsent},
    {"Procedure", "subject", kStatus, {}},
    {"QuestionnaireResponse", "subject", kStatus, {}},
};

}  // namespace

const FhirTypeRule* FindFhirTypeRule(absl::string_view type) {
  for (const FhirTypeRule& rule : kRules) {
    if (rule.type == type) return &rule;
  }
  return nullptr;
}

absl::Span<const FhirTypeRule> FhirTypeRules() { return kRules; }

}  // namespace subrosa
