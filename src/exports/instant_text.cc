#include "src/exports/instant_text.h"

#include <cstddef>

#include "absl/time/civil_time.h"

namespace subrosa {
namespace {

constexpr int32_t kMostOffsetMinutes = 14 * 60;

// A copy writes two instants of each record, and FormatTime takes as long as
// sealing it. Nor does it fill up years before 1000.
std::string OfFourDigitYear(const absl::CivilSecond& civil, int64_t nanos) {
  std::string text = "0000-00-00T00:00:00";
  const auto put = [&text](size_t at, int64_t number) {
    text[at] = static_cast<char>('0' + number / 10);
    text[at + 1] = static_cast<char>('0' + number % 10);
  };
  put(0, civil.year() / 100);
  put(2, civil.year() % 100);
  put(5, civil.month());
  put(8, civil.day());
  put(11, civil.hour());
  put(14, civil.minute());
  put(17, civil.second());
  if (nanos > 0) {
    text.push_back('.');
    for (int64_t unit = 100'000'000; nanos > 0; unit /= 10) {
      text.push_back(static_cast<char>('0' + nanos / unit));
      nanos %= unit;
    }
  }
  text.push_back('Z');
  return text;
}

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
  const absl::CivilSecond civil =
      absl::ToCivilSecond(time, absl::UTCTimeZone());
  if (civil.year() >= 0 && civil.year() <= 9999) {
    return OfFourDigitYear(
        civil, absl::ToInt64Nanoseconds(
                   time - absl::FromUnixSeconds(absl::ToUnixSeconds(time))));
  }
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

std::optional<int32_t> OffsetOf(const v1::Effective& effective) {
  if (!effective.has_utc_offset_minutes()) return std::nullopt;
  return effective.utc_offset_minutes();
}

}  // namespace subrosa
