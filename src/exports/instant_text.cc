#include "src/exports/instant_text.h"

namespace subrosa {
namespace {

constexpr int32_t kMostOffsetMinutes = 14 * 60;

}  // namespace

std::string InstantText(const google::protobuf::Timestamp& instant,
                        std::optional<int32_t> utc_offset_minutes) {
  const absl::Time time = absl::FromUnixSeconds(instant.seconds()) +
                          absl::Nanoseconds(instant.nanos());
  if (!utc_offset_minutes.has_value() ||
      *utc_offset_minutes > kMostOffsetMinutes ||
      *utc_offset_minutes < -kMostOffsetMinutes) {
    return InstantText(time);
  }
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*S%Ez", time,
                          absl::FixedTimeZone(*utc_offset_minutes * 60));
}

std::string InstantText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::optional<int32_t> OffsetOf(const v1::Effective& effective) {
  if (!effective.has_utc_offset_minutes()) return std::nullopt;
  return effective.utc_offset_minutes();
}

}  // namespace subrosa
