// Instants of records as the formats of other people write them.
#ifndef SUBROSA_SRC_EXPORTS_INSTANT_TEXT_H_
#define SUBROSA_SRC_EXPORTS_INSTANT_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// RFC 3339: "2024-05-01T06:30:00.5+02:00", as many digits of fraction as it
// takes. With "Z" where the offset is not known, or beyond 14 hours, which
// FHIR does not take.
std::string InstantText(
    const google::protobuf::Timestamp& instant,
    std::optional<int32_t> utc_offset_minutes = std::nullopt);

// The same in UTC.
std::string InstantText(absl::Time time);

// The offset that `effective` says; absent if it says none.
std::optional<int32_t> OffsetOf(const v1::Effective& effective);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_INSTANT_TEXT_H_
