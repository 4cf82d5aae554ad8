#include "src/ingest/time_text.h"

#include "absl/time/civil_time.h"

namespace subrosa {
namespace {

constexpr int64_t kSecondsPerDay = 86400;
constexpr int64_t kMaxDurationSeconds = 315576000000;
constexpr int32_t kMaxOffsetMinutes = 1080;
// 0001-01-01T00:00:00Z and 10000-01-01T00:00:00Z.
constexpr int64_t kFirstSecond = -62135596800;
constexpr int64_t kEndSecond = 253402300800;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Takes exactly `digits` digits off the front of `text`.
bool TakeNumber(size_t digits, absl::string_view* text, int32_t* number) {
  if (text->size() < digits) return false;
  *number = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (!IsDigit((*text)[i])) return false;
    *number = *number * 10 + ((*text)[i] - '0');
  }
  text->remove_prefix(digits);
  return true;
}

bool TakeChar(char c, absl::string_view* text) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

// Takes ".digits", if it stands there: one to nine digits.
bool TakeFraction(absl::string_view* text, int32_t* nanos) {
  *nanos = 0;
  if (!TakeChar('.', text)) return true;
  int32_t scale = 100000000;
  size_t digits = 0;
  for (; digits < text->size() && IsDigit((*text)[digits]); ++digits) {
    if (digits == 9) return false;
    *nanos += ((*text)[digits] - '0') * scale;
    scale /= 10;
  }
  text->remove_prefix(digits);
  return digits > 0;
}

bool TakeOffset(absl::string_view* text, std::optional<int32_t>* minutes) {
  if (TakeChar('Z', text)) return true;
  if (text->empty() || (text->front() != '+' && text->front() != '-')) {
    return false;
  }
  const int32_t sign = text->front() == '-' ? -1 : 1;
  text->remove_prefix(1);
  int32_t hour, minute;
  if (!TakeNumber(2, text, &hour) || !TakeChar(':', text) ||
      !TakeNumber(2, text, &minute) || minute > 59 ||
      hour * 60 + minute > kMaxOffsetMinutes) {
    return false;
  }
  *minutes = sign * (hour * 60 + minute);
  return true;
}

constexpr int kDays[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

constexpr bool IsLeapYear(int year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// Days from 1970-01-01 to a day of the Gregorian calendar, whose years begin
// with March here, so that the leap day is a year's last. Three times a sample,
// so without the general arithmetic of civil time.
constexpr int64_t DaysBefore(int year, int month, int day) {
  const int64_t shifted_year = month > 2 ? year : year - 1;
  const int shifted_month = month > 2 ? month - 3 : month + 9;
  const int day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
  return shifted_year * 365 + shifted_year / 4 - shifted_year / 100 +
         shifted_year / 400 + day_of_year - 719'468;
}

// Takes what follows the day: "T23:59:59.5-08:00", and nothing after it.
bool TakeTimeOfDay(absl::string_view text, TextTime* time) {
  int32_t hour, minute, second;
  if (!TakeChar('T', &text) || !TakeNumber(2, &text, &hour) ||
      !TakeChar(':', &text) || !TakeNumber(2, &text, &minute) ||
      !TakeChar(':', &text) || !TakeNumber(2, &text, &second) ||
      !TakeFraction(&text, &time->nanos) ||
      !TakeOffset(&text, &time->utc_offset_minutes) || !text.empty()) {
    return false;
  }
  if (hour > 23 || minute > 59 || second > 59) return false;
  time->seconds += hour * 3600 + minute * 60 + second -
                   60 * time->utc_offset_minutes.value_or(0);
  return time->seconds >= kFirstSecond && time->seconds < kEndSecond;
}

}  // namespace

std::optional<int64_t> SecondsOfDay(int year, int month, int day) {
  if (year < 1 || month < 1 || month > 12 || day < 1) return std::nullopt;
  const int last_day = month == 2 && IsLeapYear(year) ? 29 : kDays[month];
  if (day > last_day) return std::nullopt;
  return DaysBefore(year, month, day) * kSecondsPerDay;
}

std::optional<TextTime> ParseRfc3339(absl::string_view text) {
  // A day alone is FHIR's; RFC 3339 has the time of day too.
  return text.size() > 10 ? ParseFhirDateTime(text) : std::nullopt;
}

std::optional<TextTime> ParseFhirDateTime(absl::string_view text) {
  int32_t year, month = 1, day = 1;
  if (!TakeNumber(4, &text, &year)) return std::nullopt;
  bool has_day = false;
  if (TakeChar('-', &text)) {
    if (!TakeNumber(2, &text, &month)) return std::nullopt;
    if (TakeChar('-', &text)) {
      if (!TakeNumber(2, &text, &day)) return std::nullopt;
      has_day = true;
    }
  }
  const std::optional<int64_t> seconds = SecondsOfDay(year, month, day);
  if (!seconds.has_value()) return std::nullopt;
  TextTime time;
  time.seconds = *seconds;
  if (text.empty()) return time;
  if (!has_day || !TakeTimeOfDay(text, &time)) return std::nullopt;
  return time;
}

std::optional<TextTime> ParseFhirPeriodEnd(absl::string_view text) {
  std::optional<TextTime> time = ParseFhirDateTime(text);
  if (!time.has_value() || text.size() > 10) return time;
  const absl::CivilDay first =
      absl::CivilDay(1970, 1, 1) + time->seconds / kSecondsPerDay;
  absl::CivilDay next = first + 1;
  if (text.size() == 4) next = absl::CivilDay(first.year() + 1);
  if (text.size() == 7) next = absl::CivilDay(first.year(), first.month() + 1);
  time->seconds = (next - absl::CivilDay(1970, 1, 1)) * kSecondsPerDay - 1;
  return time;
}

std::optional<TextDuration> ParseDuration(absl::string_view text) {
  const int32_t sign = TakeChar('-', &text) ? -1 : 1;
  TextDuration duration;
  size_t digits = 0;
  for (; digits < text.size() && IsDigit(text[digits]); ++digits) {
    duration.seconds = duration.seconds * 10 + (text[digits] - '0');
    if (duration.seconds > kMaxDurationSeconds) return std::nullopt;
  }
  text.remove_prefix(digits);
  if (digits == 0 || !TakeFraction(&text, &duration.nanos) || text != "s") {
    return std::nullopt;
  }
  if (duration.seconds == kMaxDurationSeconds && duration.nanos > 0) {
    return std::nullopt;
  }
  duration.seconds *= sign;
  duration.nanos *= sign;
  return duration;
}

}  // namespace subrosa
