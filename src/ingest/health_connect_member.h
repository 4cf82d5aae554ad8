// The members of a record of Health Connect. Not for other headers: it draws in
// simdjson.
#ifndef SUBROSA_SRC_INGEST_HEALTH_CONNECT_MEMBER_H_
#define SUBROSA_SRC_INGEST_HEALTH_CONNECT_MEMBER_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "simdjson.h"
#include "src/ingest/health_connect_types.h"
#include "src/ingest/time_text.h"
#include "subrosa/v1/sample.pb.h"

namespace subrosa {

// Takes what `record` says of `member` into `sample`.
//
// INVALID_ARGUMENT, `member…: want …, got …`, if it is required and missing, or
// of another kind or unit.
absl::Status MapConnectMember(const ConnectMember& member,
                              simdjson::dom::object record,
                              v1::HealthSample* sample);

// The time `key` of `object`, which stands at `path`.
absl::StatusOr<TextTime> NeedConnectTime(simdjson::dom::object object,
                                         absl::string_view path,
                                         absl::string_view key);

void AddSampleDetail(absl::string_view key, absl::string_view value,
                     v1::HealthSample* sample);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_HEALTH_CONNECT_MEMBER_H_
