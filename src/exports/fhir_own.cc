#include "src/exports/fhir_own.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "src/exports/instant_text.h"
#include "src/exports/number_json.h"
#include "src/ingest/time_text.h"

namespace subrosa {
namespace {

constexpr char kUcum[] = "http://unitsofmeasure.org";
constexpr char kClinicalStatus[] =
    "http://terminology.hl7.org/CodeSystem/condition-clinical";

// R4's condition-clinical, whose binding is required.
constexpr const char* kClinicalStatuses[] = {
    "active", "recurrence", "relapse", "inactive", "remission", "resolved"};

// As it was given, if R4 takes that: else a partial date would become a time
// that nobody said.
std::string StartText(const v1::Effective& effective) {
  if (ParseFhirDateTime(effective.given_start()).has_value()) {
    return effective.given_start();
  }
  return InstantText(effective.start(), OffsetOf(effective));
}

std::string EndText(const v1::Effective& effective) {
  if (ParseFhirPeriodEnd(effective.given_end()).has_value()) {
    return effective.given_end();
  }
  return InstantText(effective.end(), OffsetOf(effective));
}

// "effectiveDateTime", or "effectivePeriod" where it has an end.
void AddEffective(const v1::HealthRecord& record, FhirJson* resource) {
  const v1::Effective& effective = record.effective();
  if (!effective.has_start()) return;
  if (!effective.has_end()) {
    (*resource)["effectiveDateTime"] = StartText(effective);
    return;
  }
  (*resource)["effectivePeriod"] = {{"start", StartText(effective)},
                                    {"end", EndText(effective)}};
}

FhirJson QuantityJson(const v1::Quantity& quantity) {
  FhirJson json = FhirJson::object();
  json["value"] = NumberJson(quantity.value());
  const absl::string_view comparator = ComparatorOf(quantity);
  if (!comparator.empty()) json["comparator"] = std::string(comparator);
  if (!quantity.given_unit().empty()) json["unit"] = quantity.given_unit();
  if (!quantity.unit().empty()) {
    if (quantity.given_unit().empty()) json["unit"] = quantity.unit();
    json["system"] = kUcum;
    json["code"] = quantity.unit();
  }
  return json;
}

FhirJson NoteJson(const std::string& text) {
  return FhirJson::array({{{"text", text}}});
}

}  // namespace

FhirJson FhirConceptJson(const v1::CodedConcept& concept) {
  FhirJson json = FhirJson::object();
  for (const v1::Coding& coding : concept.coding()) {
    FhirJson one;
    one["system"] = coding.system();
    one["code"] = coding.code();
    if (!coding.display().empty()) one["display"] = coding.display();
    json["coding"].push_back(one);
  }
  if (!concept.text().empty()) json["text"] = concept.text();
  return json;
}

FhirJson FhirConditionJson(const v1::HealthRecord& record,
                           const v1::Condition& condition) {
  FhirJson resource;
  resource["resourceType"] = "Condition";
  FhirJson code = FhirConceptJson(condition.condition());
  if (code.empty()) return nullptr;
  for (const char* const status : kClinicalStatuses) {
    if (condition.clinical_status() != status) continue;
    FhirJson coding = {{"system", kClinicalStatus}, {"code", status}};
    resource["clinicalStatus"]["coding"].push_back(coding);
  }
  resource["code"] = std::move(code);
  const v1::Effective& effective = record.effective();
  if (effective.has_start()) {
    resource["onsetDateTime"] = StartText(effective);
    if (effective.has_end()) resource["abatementDateTime"] = EndText(effective);
  }
  resource["recordedDate"] = InstantText(record.collected_at());
  if (!condition.note().empty()) resource["note"] = NoteJson(condition.note());
  return resource;
}

FhirJson FhirMedicationJson(const v1::HealthRecord& record,
                            const v1::Medication& medication) {
  FhirJson resource;
  resource["resourceType"] = "MedicationStatement";
  resource["status"] = "unknown";
  FhirJson medicine = FhirConceptJson(medication.medicine());
  if (medicine.empty()) return nullptr;
  resource["medicationCodeableConcept"] = std::move(medicine);
  AddEffective(record, &resource);
  resource["dateAsserted"] = InstantText(record.collected_at());
  for (const v1::CodedConcept& reason : medication.reasons()) {
    FhirJson json = FhirConceptJson(reason);
    if (!json.empty()) resource["reasonCode"].push_back(std::move(json));
  }
  if (!medication.dosage().empty()) {
    resource["dosage"] = NoteJson(medication.dosage());
  }
  return resource;
}

FhirJson FhirVitalJson(const v1::HealthRecord& record,
                       const v1::VitalSample& sample) {
  FhirJson resource;
  resource["resourceType"] = "Observation";
  resource["status"] = "unknown";
  FhirJson code = FhirConceptJson(sample.type());
  if (code.empty() || !sample.has_value() || !HasNumber(sample.value())) {
    return nullptr;
  }
  resource["code"] = std::move(code);
  AddEffective(record, &resource);
  resource["issued"] = InstantText(record.collected_at());
  resource["valueQuantity"] = QuantityJson(sample.value());
  return resource;
}

}  // namespace subrosa
