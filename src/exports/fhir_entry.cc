#include "src/exports/fhir_entry.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/exports/fhir_own.h"
#include "src/exports/fhir_types.h"
#include "src/exports/name_uuid.h"
#include "src/exports/payload_as.h"
#include "src/ingest/fhir_consumer.h"
#include "subrosa/v1/body.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::Message;

// What is not UTF-8 is replaced, never refused: the copy is the consumer's.
std::string Dump(const FhirJson& json) {
  return json.dump(-1, ' ', false, FhirJson::error_handler_t::replace);
}

template <typename Payload>
FhirJson OwnJson(const v1::HealthRecord& record, const Message& payload,
                 FhirJson (*make)(const v1::HealthRecord&, const Payload&)) {
  Payload copy;
  return make(record, PayloadAs(payload, &copy));
}

FhirJson OwnResource(const v1::HealthRecord& record, const Message& payload) {
  const Descriptor& type = *payload.GetDescriptor();
  if (PayloadIs<v1::Condition>(type)) {
    return OwnJson<v1::Condition>(record, payload, FhirConditionJson);
  }
  if (PayloadIs<v1::Medication>(type)) {
    return OwnJson<v1::Medication>(record, payload, FhirMedicationJson);
  }
  if (PayloadIs<v1::VitalSample>(type)) {
    return OwnJson<v1::VitalSample>(record, payload, FhirVitalJson);
  }
  return nullptr;
}

}  // namespace

bool HasFhirForm(const Descriptor& type) {
  return PayloadIs<v1::FhirResource>(type) || PayloadIs<v1::Condition>(type) ||
         PayloadIs<v1::Medication>(type) || PayloadIs<v1::VitalSample>(type);
}

FhirEntryWriter::FhirEntryWriter(absl::string_view subject)
    : subject_(subject) {}

std::string FhirEntryWriter::PatientEntry() const {
  return absl::StrCat("{\"fullUrl\":\"urn:uuid:", subject_,
                      "\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"",
                      subject_, "\"}}");
}

bool FhirEntryWriter::Append(const v1::HealthRecord& record,
                             const Message& payload, std::string* out) {
  const Descriptor& type = *payload.GetDescriptor();
  if (!HasFhirForm(type)) return false;
  const size_t start = out->size();
  absl::StrAppend(out, "{\"fullUrl\":\"urn:uuid:",
                  RecordUuid(subject_, record, payload), "\",\"resource\":");
  if (PayloadIs<v1::FhirResource>(type)) {
    v1::FhirResource copy;
    if (!AppendResource(PayloadAs(payload, &copy), out)) {
      out->resize(start);
      return false;
    }
  } else {
    FhirJson resource = OwnResource(record, payload);
    if (resource.is_null()) {
      out->resize(start);
      return false;
    }
    if (IsFhirId(record.id())) resource["id"] = record.id();
    resource["subject"]["reference"] = absl::StrCat("urn:uuid:", subject_);
    out->append(Dump(resource));
  }
  out->push_back('}');
  return true;
}

bool FhirEntryWriter::AppendResource(const v1::FhirResource& payload,
                                     std::string* out) {
  const FhirTypeRule* const rule = FindFhirTypeRule(payload.resource_type());
  if (rule == nullptr) return false;
  absl::StrAppend(out, "{\"resourceType\":\"", rule->type, "\"");
  if (IsFhirId(payload.resource_id())) {
    absl::StrAppend(out, ",\"id\":\"", payload.resource_id(), "\"");
  }
  absl::StrAppend(out, ",\"", rule->subject,
                  "\":{\"reference\":\"urn:uuid:", subject_, "\"}");
  if (!projection_.Append(*rule, payload.json(), out)) return false;
  bool has_medicine = projection_.Wrote("medication[x]");
  if (projection_.refers_to_medicine()) {
    if (has_medicine) return false;  // A choice has one member.
    // What it refers to is not in the Bundle, and what it says is known.
    const FhirJson medicine = FhirConceptJson(payload.code());
    has_medicine = !medicine.empty();
    if (has_medicine) {
      absl::StrAppend(out, ",\"medicationCodeableConcept\":", Dump(medicine));
    }
  }
  for (const absl::string_view name : rule->required) {
    if (name == "medication[x]" ? !has_medicine : !projection_.Wrote(name)) {
      return false;
    }
  }
  out->push_back('}');
  return true;
}

}  // namespace subrosa
