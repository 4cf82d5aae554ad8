// The body of a data point of Open mHealth. Not for other headers: it draws in
// simdjson.
#ifndef SUBROSA_SRC_INGEST_OPEN_MHEALTH_BODY_H_
#define SUBROSA_SRC_INGEST_OPEN_MHEALTH_BODY_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "src/ingest/open_mhealth_types.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {

// Takes what `body`, of version `version` of `type`, says into `sample`, and
// when it holds into `record`. `path` is where the body stands. Members that
// the schema does not know are its own to allow: they stay in the text alone.
//
// INVALID_ARGUMENT, `path…: want …, got …`, for a required member that is
// missing, and for one of another kind, unit or word than the schema's.
absl::Status MapOpenMHealthBody(const OpenMHealthType& type, int version,
                                simdjson::dom::object body,
                                absl::string_view path,
                                v1::HealthSample* sample,
                                v1::HealthRecord* record);

// When the body of a type that is not mapped holds, if it says so in the way of
// those that are.
void SetTimeIfKnown(simdjson::dom::object body, v1::HealthRecord* record);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_OPEN_MHEALTH_BODY_H_
