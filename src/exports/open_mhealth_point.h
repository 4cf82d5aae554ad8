// Records of wearables and of the body as data points of Open mHealth
// (https://www.openmhealth.org/schemas), for a consumer's copy
// (docs/formats/copy.md, "Open mHealth").
#ifndef SUBROSA_SRC_EXPORTS_OPEN_MHEALTH_POINT_H_
#define SUBROSA_SRC_EXPORTS_OPEN_MHEALTH_POINT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// True if records with a payload of `type` may have a form in Open mHealth: a
// HealthSample, a VitalSample, a SleepSession.
bool HasOpenMHealthForm(const google::protobuf::Descriptor& type);

// Appends the data point for `record`, an object of JSON in one line without
// its end. It is the user `subject`'s, a pseudonym of 1 to 64 letters, digits
// and dashes. The same record gives the same point.
//
// A sample that was read of Open mHealth keeps its schema and version; one of
// Apple Health or Health Connect, a VitalSample by its LOINC code and a
// SleepSession get the schema that says the same (OpenMHealthForm). Units and
// numbers are never converted.
//
// The point's id is the record's, or RecordUuid if it has none. `payload` is
// what is written, and `record.payload` is not looked at. So the caller may
// have taken out of it what nobody may be handed.
//
// False, with `out` as it was, if the record has no such form: no schema that
// says the same, a unit or time that the schema does not take, a value that is
// no number, or a part that it must have and that is not there.
bool AppendOpenMHealthPoint(absl::string_view subject,
                            const v1::HealthRecord& record,
                            const google::protobuf::Message& payload,
                            std::string* out);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_OPEN_MHEALTH_POINT_H_
