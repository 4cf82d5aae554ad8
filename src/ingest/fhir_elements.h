// The elements of R4's types that are taken out of a resource, by what they
// become. The mapper reads these, and what writes resources (src/exports)
// writes these: an element that is added here is read and written.
// Not for other headers: it draws in simdjson.
#ifndef SUBROSA_SRC_INGEST_FHIR_ELEMENTS_H_
#define SUBROSA_SRC_INGEST_FHIR_ELEMENTS_H_

#include "absl/strings/string_view.h"
#include "src/ingest/fhir_element.h"

namespace subrosa {

// An element of the objects in the list `list`.
struct FhirElementBelow {
  FhirKey list;
  FhirKey name;
};

// What a resource is about: the first of these that is no plain text (a Goal's
// description is its code; elsewhere it is text), or else the medicine that
// this one refers to.
inline constexpr FhirKey kFhirCodes[] = {"code", "medicationCodeableConcept",
                                         "vaccineCode", "type", "description"};
inline constexpr FhirKey kFhirMedicationReference = "medicationReference";

// Reasons: by code, and by the words of what is referred to.
inline constexpr FhirKey kFhirReasonCodes[] = {"reasonCode"};
inline constexpr FhirKey kFhirReasonReferences[] = {"reasonReference",
                                                    "addresses"};
inline constexpr FhirElementBelow kFhirReasonReferencesBelow[] = {
    {"diagnosis", "condition"},  // Of an Encounter.
};
inline constexpr FhirElementBelow kFhirReasonCodesBelow[] = {
    {"protocolApplied", "targetDisease"},  // Of an Immunization.
};

// The value: every element whose name starts so, and what types other than
// Observation have for one, as code and as text.
inline constexpr absl::string_view kFhirValuePrefix = "value";
inline constexpr FhirKey kFhirValueCodes[] = {"conclusionCode", "outcome",
                                              "policyRule"};
inline constexpr FhirKey kFhirValueTexts[] = {"conclusion", "description"};

// The status, as text and as code.
inline constexpr FhirKey kFhirStatus = "status";
inline constexpr FhirKey kFhirClinicalStatus = "clinicalStatus";

inline constexpr FhirKey kFhirCategories[] = {"category", "class", "scope"};

// Parts that hold a code and a value, and the questions of a form, at any
// depth.
inline constexpr FhirKey kFhirComponent = "component";
inline constexpr FhirKey kFhirItem = "item";
inline constexpr FhirKey kFhirItemLinkId = "linkId";
inline constexpr FhirKey kFhirItemText = "text";
inline constexpr FhirKey kFhirItemAnswer = "answer";

// Parts that hold a code and words. `below` is the object of the part that
// holds both; empty if it is the part itself.
struct FhirCodedPart {
  FhirKey name;
  bool is_list;
  FhirKey below;
  FhirKey code;
  FhirKey text;
};
inline constexpr FhirCodedPart kFhirCodedParts[] = {
    // Of an AllergyIntolerance.
    {"reaction", true, "", "manifestation", "severity"},
    // Of a CarePlan.
    {"activity", true, "detail", "code", "description"},
    // Of a MedicationRequest, and of a MedicationStatement.
    {"dosageInstruction", true, "", "route", "text"},
    {"dosage", true, "", "route", "text"},
    // Of a FamilyMemberHistory.
    {"condition", true, "", "code", ""},
    // Of a Consent.
    {"provision", false, "", "code", "type"},
};

// The elements that say when it happened, the most telling first. Those that
// end in "eriod" are periods.
inline constexpr FhirKey kFhirEffective[] = {
    "effectiveDateTime",
    "effectivePeriod",
    "effectiveInstant",
    "onsetDateTime",
    "onsetPeriod",
    "performedDateTime",
    "performedPeriod",
    "occurrenceDateTime",
    "occurrencePeriod",
    "period",
    "authoredOn",
    "authored",
    "started",
    "start",
    "startDate",
    "whenHandedOver",
    "servicedDate",
    "servicedPeriod",
    "billablePeriod",
    "dateTime",
    "sent",
    "date",
    "created",
};

// The element that says when what one of these started was over.
struct FhirEnd {
  FhirKey start;
  FhirKey end;
};
inline constexpr FhirEnd kFhirEnds[] = {
    {"onsetDateTime", "abatementDateTime"},
    {"start", "end"},
};

// The elements that say when it was recorded, the surest first; and the one of
// its meta that does, where none of these is there.
inline constexpr FhirKey kFhirRecorded[] = {"recordedDate", "issued",
                                            "recorded", "dateAsserted"};
inline constexpr FhirKey kFhirMeta = "meta";
inline constexpr FhirKey kFhirMetaLastUpdated = "lastUpdated";

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_FHIR_ELEMENTS_H_
