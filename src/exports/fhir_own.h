// The service's own records that have codes, as resources of FHIR R4.
#ifndef SUBROSA_SRC_EXPORTS_FHIR_OWN_H_
#define SUBROSA_SRC_EXPORTS_FHIR_OWN_H_

#include "nlohmann/json.hpp"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/concept.pb.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// Members stay in the order in which they came.
using FhirJson = nlohmann::ordered_json;

// A CodeableConcept; an empty object for an empty concept.
FhirJson FhirConceptJson(const v1::CodedConcept& concept);

// Each is a resource with its type and without its id and subject. Null if the
// payload lacks what R4 needs: what it is about.
FhirJson FhirConditionJson(const v1::HealthRecord& record,
                           const v1::Condition& condition);
FhirJson FhirMedicationJson(const v1::HealthRecord& record,
                            const v1::Medication& medication);
FhirJson FhirVitalJson(const v1::HealthRecord& record,
                       const v1::VitalSample& sample);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_FHIR_OWN_H_
