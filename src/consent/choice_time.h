// Instants of choices, as messages carry them. Internal to the room.
#ifndef SUBROSA_SRC_CONSENT_CHOICE_TIME_H_
#define SUBROSA_SRC_CONSENT_CHOICE_TIME_H_

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"

namespace subrosa {

inline absl::Time TimeOf(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) +
         absl::Nanoseconds(timestamp.nanos());
}

// To the second: a choice is no stopwatch.
inline google::protobuf::Timestamp TimestampOf(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(time));
  return timestamp;
}

// Whether it lies in the years 0001 to 9999 and counts its nanoseconds forward,
// as google.protobuf.Timestamp has to.
inline bool IsTimestamp(const google::protobuf::Timestamp& timestamp) {
  return timestamp.seconds() >= -62135596800 &&
         timestamp.seconds() <= 253402300799 && timestamp.nanos() >= 0 &&
         timestamp.nanos() <= 999999999;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_CHOICE_TIME_H_
