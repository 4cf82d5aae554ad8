// Instants of requests, as messages carry them. Internal to the room.
#ifndef SUBROSA_SRC_REQUEST_REQUEST_TIME_H_
#define SUBROSA_SRC_REQUEST_REQUEST_TIME_H_

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace subrosa {

// To the second: no statute counts finer.
inline absl::Time RequestTimeOf(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds());
}

inline google::protobuf::Timestamp RequestTimestampOf(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(time));
  return timestamp;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_TIME_H_
