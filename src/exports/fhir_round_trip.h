// For tests: what was read of FHIR, written as a Bundle and read again.
#ifndef SUBROSA_SRC_EXPORTS_FHIR_ROUND_TRIP_H_
#define SUBROSA_SRC_EXPORTS_FHIR_ROUND_TRIP_H_

#include <string>
#include <vector>

#include "subrosa/v1/record.pb.h"

namespace subrosa {

// The patient of the Bundles that are written here.
inline constexpr char kRoundTripSubject[] =
    "0b9c7f0e-6d0f-4a3e-9a55-2f3f0a7f1c11";

// A Bundle of `records`, whose payloads are FhirResources. `written` gets those
// that have a form in FHIR, in order.
std::string BundleOf(const std::vector<v1::HealthRecord>& records,
                     std::vector<v1::HealthRecord>* written);

// `record` without what a Bundle does not give back (docs/formats/copy.md,
// "FHIR Bundle"): whom it is about, the resource's text and its digest.
std::string KeptOf(v1::HealthRecord record);

// Writes `records` as a Bundle, reads it, and expects each that has a form back
// as it was. Returns how many have one.
size_t ExpectRoundTrip(const std::vector<v1::HealthRecord>& records);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_FHIR_ROUND_TRIP_H_
