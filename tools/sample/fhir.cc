#include "tools/sample/fhir.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/sample/concerns.h"
#include "tools/sample/json_text.h"
#include "tools/sample/local_time.h"
#include "tools/sample/random.h"

namespace subrosa::sample {
namespace {

constexpr uint64_t kFhirStream = 0x66686972;
constexpr char kUcum[] = "http://unitsofmeasure.org";

// ,"name":"text"
void AppendText(absl::string_view name, absl::string_view text,
                std::string* out) {
  absl::StrAppend(out, ",\"", name, "\":");
  AppendJsonString(text, out);
}

// {"system":...,"code":...,"display":...}
void AppendCoding(absl::string_view system, const Code& code,
                  std::string* out) {
  absl::StrAppend(out, "{\"system\":\"", system, "\",\"code\":\"", code.code,
                  "\",\"display\":");
  AppendJsonString(code.display, out);
  out->push_back('}');
}

// {"coding":[...]} of one of HL7's small code systems, without display.
void AppendHl7(absl::string_view system, absl::string_view code,
               std::string* out) {
  absl::StrAppend(
      out, "{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/",
      system, "\",\"code\":\"", code, "\"}]}");
}

// {"coding":[...],"text":...} of a concern in both code systems.
void AppendConcept(const Concern& concern, std::string* out) {
  out->append("{\"coding\":[");
  AppendCoding(kIcd10Cm, concern.icd10cm, out);
  out->push_back(',');
  AppendCoding(kSnomedCt, concern.snomed, out);
  out->push_back(']');
  AppendText("text", concern.plain, out);
  out->push_back('}');
}

// {"resourceType":...,"id":"c-000001-1","meta":{"lastUpdated":...}
void AppendHead(const char* type, const Persona& who, uint32_t index,
                const LocalTime& updated, std::string* out) {
  absl::StrAppend(out, "{\"resourceType\":\"", type, "\",\"id\":\"");
  AppendAccountId(who.number, out);
  if (index > 0) absl::StrAppend(out, "-", index);
  out->append("\",\"meta\":{\"lastUpdated\":\"");
  AppendFhirTime(updated, out);
  out->append("\"}");
}

void AppendSubject(const Persona& who, std::string* out) {
  out->append(",\"subject\":{\"reference\":\"Patient/");
  AppendAccountId(who.number, out);
  out->append("\"}");
}

void AppendTime(absl::string_view name, const LocalTime& time,
                std::string* out) {
  absl::StrAppend(out, ",\"", name, "\":\"");
  AppendFhirTime(time, out);
  out->push_back('"');
}

// "valueQuantity":{...} from tenths of `unit`.
void AppendQuantity(int tenths, absl::string_view unit, std::string* out) {
  out->append("\"valueQuantity\":{\"value\":");
  AppendJsonNumber(tenths / 10.0, out);
  absl::StrAppend(out, ",\"unit\":\"", unit, "\",\"system\":\"", kUcum,
                  "\",\"code\":\"", unit, "\"}");
}

void AppendName(const Persona& who, std::string* out) {
  out->append("{\"use\":\"official\"");
  AppendText("family", who.family_name, out);
  out->append(",\"given\":[");
  AppendJsonString(who.given_name, out);
  out->append("]}");
}

const char* GenderCode(Gender gender) {
  switch (gender) {
    case Gender::kWoman:
      return "female";
    case Gender::kMan:
      return "male";
    case Gender::kNonbinary:
      return "other";
  }
  return "unknown";
}

uint32_t ConcernsOf(const Persona& who) { return who.body == nullptr ? 1 : 2; }

const Concern& ConcernAt(const Persona& who, uint32_t which) {
  return which == 0 ? *who.mind : *who.body;
}

void AppendCondition(const Persona& who, uint32_t index, const LocalTime& when,
                     const Concern& concern, Random& random, std::string* out) {
  AppendHead("Condition", who, index, when, out);
  out->append(",\"clinicalStatus\":");
  AppendHl7("condition-clinical", "active", out);
  out->append(",\"verificationStatus\":");
  AppendHl7("condition-ver-status", "confirmed", out);
  out->append(",\"category\":[");
  AppendHl7("condition-category", "problem-list-item", out);
  out->append("],\"code\":");
  AppendConcept(concern, out);
  AppendSubject(who, out);
  AppendTime("onsetDateTime", when, out);
  AppendTime("recordedDate", when, out);
  out->append(",\"note\":[{\"text\":");
  const uint32_t first = random.Below(4);
  const uint32_t second = (first + 1 + random.Below(3)) % 4;
  AppendJsonString(absl::StrCat("Reports ", concern.symptoms[first], " and ",
                                concern.symptoms[second], "."),
                   out);
  out->append("}]}\n");
}

void AppendMedicationRequest(const Persona& who, uint32_t index,
                             const LocalTime& when, const Concern& concern,
                             std::string* out) {
  AppendHead("MedicationRequest", who, index, when, out);
  out->append(",\"status\":\"active\",\"intent\":\"order\"");
  out->append(",\"medicationCodeableConcept\":{\"coding\":[");
  AppendCoding(kRxNorm, concern.medicine.rxnorm, out);
  out->push_back(']');
  AppendText("text", concern.medicine.text, out);
  out->push_back('}');
  AppendSubject(who, out);
  AppendTime("authoredOn", when, out);
  out->append(",\"requester\":{\"display\":");
  AppendJsonString(absl::StrCat("Dr. ", who.therapist), out);
  out->append("},\"reasonCode\":[");
  AppendConcept(concern, out);
  out->append("],\"dosageInstruction\":[{\"text\":");
  AppendJsonString(concern.medicine.dosage, out);
  out->append("}]}\n");
}

}  // namespace

Fhir::Fhir(const Span& span, uint32_t records_per_consumer)
    : span_(span),
      people_(span.seed, span.until_day),
      course_(span),
      records_per_consumer_(records_per_consumer) {}

const char* Fhir::TypeOf(const Persona& who, uint32_t index) {
  const uint32_t concerns = ConcernsOf(who);
  if (index == 0) return "Patient";
  if (index <= concerns) return "Condition";
  if (index <= 2 * concerns) return "MedicationRequest";
  return "Observation";
}

void Fhir::AppendResource(const Persona& who, uint32_t index,
                          std::string* out) const {
  const uint32_t concerns = ConcernsOf(who);
  if (index == 0) return AppendPatient(who, out);
  if (index > 2 * concerns) return AppendObservation(who, index, out);

  Random random(span_.seed ^ kFhirStream, who.number, index);
  const LocalTime when = {course_.DayOfRecord(index, records_per_consumer_),
                          random.Between(540, 1020), random.Between(0, 59)};
  const Concern& concern = ConcernAt(who, (index - 1) % concerns);
  if (index <= concerns) {
    AppendCondition(who, index, when, concern, random, out);
  } else {
    AppendMedicationRequest(who, index, when, concern, out);
  }
}

void Fhir::AppendPatient(const Persona& who, std::string* out) const {
  Random random(span_.seed ^ kFhirStream, who.number, 0);
  static constexpr const char* kStreets[] = {
      "Fern Street", "Heron Way", "Old Orchard Lane", "Tide Terrace"};
  const int record_number = random.Between(1000000, 9999999);
  const int phone = random.Between(10, 99);
  const int house = random.Between(2, 480);
  const char* street = random.Pick(kStreets);
  const int32_t first_day = course_.DayOfRecord(0, records_per_consumer_);
  AppendHead("Patient", who, 0, {first_day, 540, 0}, out);
  absl::StrAppend(out,
                  ",\"identifier\":[{\"system\":\"https://rosewater.example/"
                  "mrn\",\"value\":\"MRN-",
                  record_number, "\"}],\"active\":true");
  out->append(",\"name\":[");
  AppendName(who, out);
  // 555-0100 to 555-0199 are kept for fiction.
  absl::StrAppend(out, "],\"telecom\":[{\"system\":\"phone\",\"value\":\"",
                  "(206) 555-01", phone,
                  "\"},{\"system\":\"email\",\"value\":\"");
  AppendAccountId(who.number, out);
  absl::StrAppend(out, "@example.com\"}],\"gender\":\"", GenderCode(who.gender),
                  "\",\"birthDate\":\"");
  AppendDate(BornOn(who), out);
  absl::StrAppend(out, "\",\"address\":[{\"line\":[\"", house, " ", street,
                  "\"],\"city\":\"", who.town->name, "\",\"state\":\"",
                  who.town->state, "\",\"postalCode\":\"", who.town->zip,
                  "\"}]");
  if (IsMinorOn(who, span_.until_day)) {
    out->append(
        ",\"contact\":[{\"relationship\":[{\"coding\":[{\"system\":\"http://"
        "terminology.hl7.org/CodeSystem/v3-RoleCode\",\"code\":\"GUARD\","
        "\"display\":\"guardian\"}]}],\"name\":");
    AppendName(people_.GuardianOf(who), out);
    out->append("}]");
  }
  out->append("}\n");
}

void Fhir::AppendObservation(const Persona& who, uint32_t index,
                             std::string* out) const {
  Random random(span_.seed ^ kFhirStream, who.number, index);
  const int32_t day = course_.DayOfRecord(index, records_per_consumer_);
  const LocalTime when = {day, random.Between(420, 1260),
                          random.Between(0, 59)};

  const char* category = "vital-signs";
  Code code;
  std::string value;
  const uint32_t kind = random.Below(10);
  if (kind < 2) {
    category = "survey";
    const bool phq = kind == 0;
    code = phq ? Code{"44261-6",
                      "Patient Health Questionnaire 9 item (PHQ-9) total "
                      "score [Reported]"}
               : Code{"70274-6",
                      "Generalized anxiety disorder 7 item (GAD-7) total "
                      "score [Reported.PHQ]"};
    const int total = phq ? course_.PhqTotal(who, day, random)
                          : course_.GadTotal(who, day, random);
    AppendQuantity(total * 10, "{score}", &value);
  } else if (kind == 2) {
    category = "laboratory";
    if (random.Chance(50)) {
      code = {"4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood"};
      AppendQuantity(random.Around(48, 71), "%", &value);
    } else {
      code = {"3016-3", "Thyrotropin [Units/volume] in Serum or Plasma"};
      AppendQuantity(random.Around(4, 68), "m[IU]/L", &value);
    }
  } else if (kind < 5) {
    code = {"85354-9", "Blood pressure panel with all children optional"};
    value = "\"component\":[";
    for (const Vital vital : {Vital::kSystolic, Vital::kDiastolic}) {
      value.append(vital == Vital::kSystolic ? "{\"code\":{\"coding\":["
                                             : ",{\"code\":{\"coding\":[");
      AppendCoding(kLoinc, FactsOf(vital).loinc, &value);
      value.append("]},");
      AppendQuantity(course_.VitalTenths(vital, who, day, random),
                     FactsOf(vital).unit, &value);
      value.push_back('}');
    }
    value.push_back(']');
  } else {
    static constexpr Vital kAlone[] = {Vital::kHeartRate, Vital::kBodyWeight,
                                       Vital::kOxygenSaturation};
    const Vital vital = random.Pick(kAlone);
    code = FactsOf(vital).loinc;
    AppendQuantity(course_.VitalTenths(vital, who, day, random),
                   FactsOf(vital).unit, &value);
  }

  AppendHead("Observation", who, index, when, out);
  out->append(",\"status\":\"final\",\"category\":[");
  AppendHl7("observation-category", category, out);
  out->append("],\"code\":{\"coding\":[");
  AppendCoding(kLoinc, code, out);
  out->append("]}");
  AppendSubject(who, out);
  AppendTime("effectiveDateTime", when, out);
  absl::StrAppend(out, ",", value, "}\n");
}

}  // namespace subrosa::sample
