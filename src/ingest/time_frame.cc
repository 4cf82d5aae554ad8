#include "src/ingest/time_frame.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/record_finisher.h"
#include "src/ingest/sample_json.h"
#include "src/ingest/sample_units.h"
#include "src/ingest/time_text.h"

namespace subrosa {
namespace {

namespace dom = ::simdjson::dom;

using ::google::protobuf::Timestamp;

constexpr absl::string_view kPartsOfDay[] = {"morning", "afternoon", "evening",
                                             "night"};
constexpr size_t kDateBytes = 10;
// No span of a life is longer.
constexpr double kMaxSeconds = 150 * 365.25 * 86400;
constexpr int64_t kNanos = 1000000000;

absl::StatusOr<TextTime> NeedTime(dom::object object, absl::string_view path,
                                  absl::string_view key) {
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view text,
                           NeedText(object, path, key));
  const std::optional<TextTime> time = ParseRfc3339(text);
  if (time.has_value()) return *time;
  return WrongSample(absl::StrCat(path, ".", key), "a time of RFC 3339",
                     "another string");
}

absl::StatusOr<int64_t> NeedNanos(dom::object interval,
                                  absl::string_view path) {
  SUBROSA_ASSIGN_OR_RETURN(const dom::object duration,
                           NeedObject(interval, path, "duration"));
  const std::string at = absl::StrCat(path, ".duration");
  SUBROSA_ASSIGN_OR_RETURN(const double value,
                           NeedNumber(duration, at, "value"));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view unit,
                           NeedText(duration, at, "unit"));
  const absl::string_view ucum = OpenMHealthUnit(UnitKind::kDuration, unit);
  if (ucum.empty()) {
    return WrongSample(absl::StrCat(at, ".unit"), "a unit of time",
                       "another string");
  }
  const double seconds = value * SecondsOfUnit(ucum);
  if (!(seconds >= 0 && seconds <= kMaxSeconds)) {
    return WrongSample(at, "0 to 150 years", "a duration outside");
  }
  return std::llround(seconds * static_cast<double>(kNanos));
}

void AddNanos(int64_t nanos, Timestamp* time) {
  const int64_t sum = time->nanos() + nanos % kNanos;
  int64_t seconds = time->seconds() + nanos / kNanos;
  int64_t rest = sum % kNanos;
  if (rest < 0) rest += kNanos;
  seconds += (sum - rest) / kNanos;
  time->set_seconds(seconds);
  time->set_nanos(static_cast<int32_t>(rest));
}

void SetTimestamp(const TextTime& from, Timestamp* to) {
  to->set_seconds(from.seconds);
  to->set_nanos(from.nanos);
}

absl::Status SetPartOfDay(dom::object interval, absl::string_view path,
                          v1::Effective* effective) {
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view date,
                           NeedText(interval, path, "date"));
  SUBROSA_ASSIGN_OR_RETURN(const absl::string_view part,
                           NeedText(interval, path, "part_of_day"));
  const std::optional<TextTime> start = ParseFhirDateTime(date);
  const std::optional<TextTime> end = ParseFhirPeriodEnd(date);
  if (date.size() != kDateBytes || !start.has_value() || !end.has_value()) {
    return WrongSample(absl::StrCat(path, ".date"), "a date", "another string");
  }
  bool is_known = false;
  for (const absl::string_view known : kPartsOfDay) is_known |= part == known;
  if (!is_known) {
    return WrongSample(absl::StrCat(path, ".part_of_day"),
                       "morning, afternoon, evening or night",
                       "another string");
  }
  SetTimestamp(*start, effective->mutable_start());
  SetTimestamp(*end, effective->mutable_end());
  effective->set_given_start(absl::StrCat(date, " ", part));
  return absl::OkStatus();
}

absl::Status SetInterval(dom::object interval, absl::string_view path,
                         TimeFrameRule rule, v1::Effective* effective) {
  const bool has_start = FindMember(interval, "start_date_time").has_value();
  const bool has_end = FindMember(interval, "end_date_time").has_value();
  const bool has_duration = FindMember(interval, "duration").has_value();
  const bool has_part = FindMember(interval, "date").has_value() ||
                        FindMember(interval, "part_of_day").has_value();
  if (has_part && !has_start && !has_end && !has_duration &&
      rule.takes_part_of_day) {
    return SetPartOfDay(interval, path, effective);
  }
  if (has_part || has_start + has_end + has_duration != 2) {
    return WrongSample(path,
                       rule.takes_part_of_day
                           ? "two of start, end and duration, or a date and a "
                             "part of the day"
                           : "two of start, end and duration",
                       "others");
  }
  if (has_start) {
    SUBROSA_ASSIGN_OR_RETURN(const TextTime start,
                             NeedTime(interval, path, "start_date_time"));
    SetStart(start, effective);
    effective->set_given_start(
        std::string(FindText(interval, "start_date_time")));
  }
  if (has_end) {
    SUBROSA_ASSIGN_OR_RETURN(const TextTime end,
                             NeedTime(interval, path, "end_date_time"));
    SetTimestamp(end, effective->mutable_end());
    effective->set_given_end(std::string(FindText(interval, "end_date_time")));
    if (!has_start && end.utc_offset_minutes.has_value()) {
      effective->set_utc_offset_minutes(*end.utc_offset_minutes);
    }
  }
  if (!has_duration) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const int64_t nanos, NeedNanos(interval, path));
  if (has_start) {
    *effective->mutable_end() = effective->start();
    AddNanos(nanos, effective->mutable_end());
  } else {
    *effective->mutable_start() = effective->end();
    AddNanos(-nanos, effective->mutable_start());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SetTimeFrame(dom::object frame, absl::string_view path,
                          TimeFrameRule rule, v1::Effective* effective) {
  const bool is_instant = FindMember(frame, "date_time").has_value();
  const bool is_interval = FindMember(frame, "time_interval").has_value();
  if (is_instant == is_interval || (is_instant && rule.needs_interval)) {
    return WrongSample(path,
                       rule.needs_interval ? "a time_interval"
                                           : "a date_time or a time_interval",
                       is_instant    ? is_interval ? "both" : "a date_time"
                       : is_interval ? "both"
                                     : "neither");
  }
  if (is_interval) {
    SUBROSA_ASSIGN_OR_RETURN(const dom::object interval,
                             NeedObject(frame, path, "time_interval"));
    return SetInterval(interval, absl::StrCat(path, ".time_interval"), rule,
                       effective);
  }
  SUBROSA_ASSIGN_OR_RETURN(const TextTime time,
                           NeedTime(frame, path, "date_time"));
  SetStart(time, effective);
  effective->set_given_start(std::string(FindText(frame, "date_time")));
  return absl::OkStatus();
}

}  // namespace subrosa
