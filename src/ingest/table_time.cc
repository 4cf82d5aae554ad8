#include "src/ingest/table_time.h"

#include <algorithm>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr size_t kMaxFormatBytes = 64;
constexpr int64_t kMaxUnixSeconds = 253402300799;  // The end of 9999.
constexpr int kMaxOffsetMinutes = 1080;
constexpr absl::string_view kDirectives = "YmdbHIpMSfz";
constexpr absl::string_view kNumbers = "YmdHIMSf";
constexpr absl::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

absl::Status Wrong(absl::string_view field, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": want ", want, ", got ", got));
}

bool IsNumber(char directive) {
  return directive != 0 && absl::StrContains(kNumbers, directive);
}

// Takes `least` to `most` digits.
bool TakeDigits(size_t least, size_t most, absl::string_view* text,
                int* number) {
  size_t digits = 0;
  *number = 0;
  while (digits < most && digits < text->size() &&
         absl::ascii_isdigit(static_cast<unsigned char>((*text)[digits]))) {
    *number = *number * 10 + ((*text)[digits++] - '0');
  }
  text->remove_prefix(digits);
  return digits >= least;
}

// Takes "Z", "+01:00" or "+0100".
bool TakeOffset(absl::string_view* text, std::optional<int32_t>* minutes) {
  if (absl::ConsumePrefix(text, "Z")) return true;
  if (text->empty()) return false;
  const char sign = text->front();
  if (sign != '+' && sign != '-') return false;
  text->remove_prefix(1);
  int hour, minute;
  if (!TakeDigits(2, 2, text, &hour)) return false;
  absl::ConsumePrefix(text, ":");
  if (!TakeDigits(2, 2, text, &minute) || minute > 59) return false;
  const int whole = hour * 60 + minute;
  if (whole > kMaxOffsetMinutes) return false;
  *minutes = sign == '-' ? -whole : whole;
  return true;
}

std::optional<TextTime> FromUnix(absl::string_view text, bool milliseconds) {
  int64_t number;
  // SimpleAtoi would pass over white space.
  if (text.find_first_not_of("-0123456789") != absl::string_view::npos ||
      !absl::SimpleAtoi(text, &number)) {
    return std::nullopt;
  }
  TextTime time;
  time.seconds = number;
  if (milliseconds) {
    time.seconds = number / 1000;
    int64_t rest = number % 1000;
    if (rest < 0) {
      rest += 1000;
      --time.seconds;
    }
    time.nanos = static_cast<int32_t>(rest * 1000000);
  }
  if (time.seconds > kMaxUnixSeconds || time.seconds < -kMaxUnixSeconds) {
    return std::nullopt;
  }
  return time;
}

}  // namespace

struct TableTime::Fields {
  int year = 0, month = 0, day = 0;
  int hour = 0, minute = 0, second = 0;
  int32_t nanos = 0;
  bool is_half_day = false;  // `hour` is one of twelve.
  bool is_afternoon = false;
  std::optional<int32_t> utc_offset_minutes;
};

absl::StatusOr<TableTime> TableTime::Make(const v1::TimeUse& use) {
  TableTime time;
  if (use.format() == "rfc3339") {
    time.kind_ = Kind::kRfc3339;
    time.has_offset_ = true;
  } else if (use.format() == "unix-seconds") {
    time.kind_ = Kind::kUnixSeconds;
    time.has_offset_ = true;
  } else if (use.format() == "unix-milliseconds") {
    time.kind_ = Kind::kUnixMilliseconds;
    time.has_offset_ = true;
  } else {
    SUBROSA_RETURN_IF_ERROR(time.Compile(use.format()));
  }
  if (time.has_offset_) {
    if (use.zone().empty() &&
        use.repeated_hour() == v1::REPEATED_HOUR_UNSPECIFIED) {
      return time;
    }
    return Wrong("zone", "none, since the format says the instant", "one");
  }
  if (use.zone().empty()) {
    return Wrong("zone", "an IANA name, since the format has no offset",
                 "none");
  }
  // Names only: the library would take a path to any file.
  if (absl::StartsWith(use.zone(), "/") || absl::StrContains(use.zone(), '.') ||
      absl::StrContains(use.zone(), ':') ||
      !absl::LoadTimeZone(use.zone(), &time.zone_)) {
    return Wrong("zone", "an IANA name that this system knows (package tzdata)",
                 "another");
  }
  if (!v1::RepeatedHour_IsValid(use.repeated_hour())) {
    return Wrong("repeated_hour", "one of the known meanings", "another");
  }
  time.repeated_hour_ = use.repeated_hour();
  return time;
}

absl::Status TableTime::Compile(absl::string_view format) {
  constexpr absl::string_view kWant =
      "rfc3339, unix-seconds, unix-milliseconds, or a pattern with %Y, %m or "
      "%b, and %d";
  if (format.empty() || format.size() > kMaxFormatBytes) {
    return Wrong("format", kWant, absl::StrCat(format.size(), " bytes"));
  }
  std::string seen;
  for (size_t at = 0; at < format.size(); ++at) {
    Part part;
    if (format[at] != '%') {
      part.literal = format[at];
    } else if (++at == format.size()) {
      return Wrong("format", "a letter after %", "none");
    } else if (format[at] == '%') {
      part.literal = '%';
    } else if (absl::StrContains(kDirectives, format[at])) {
      part.directive = format[at];
      if (absl::StrContains(seen, format[at])) {
        return Wrong("format", "each part once",
                     absl::StrCat("%", format.substr(at, 1), " twice"));
      }
      seen.push_back(format[at]);
    } else {
      return Wrong("format", "a directive that mapping.proto lists",
                   "another after %");
    }
    if (!parts_.empty() && IsNumber(parts_.back().directive)) {
      parts_.back().fixed_width =
          IsNumber(part.directive) ||
          (part.literal != 0 &&
           absl::ascii_isdigit(static_cast<unsigned char>(part.literal)));
    }
    parts_.push_back(part);
  }
  const auto has = [&seen](char c) { return absl::StrContains(seen, c); };
  if (!has('Y') || has('m') == has('b') || !has('d')) {
    return Wrong("format", kWant, "a pattern without all of them");
  }
  if (has('I') != has('p') || (has('H') && has('I'))) {
    return Wrong("format", "%H, or %I and %p", "another hour");
  }
  const bool has_hour = has('H') || has('I');
  if ((has('M') && !has_hour) || (has('S') && !has('M')) ||
      (has('f') && !has('S')) || (has('z') && !has_hour)) {
    return Wrong("format", "hour before minute before second", "a gap");
  }
  has_offset_ = has('z');
  return absl::OkStatus();
}

bool TableTime::Take(const Part& part, absl::string_view* text,
                     Fields* fields) {
  const size_t least = part.fixed_width ? 2 : 1;
  switch (part.directive) {
    case 'Y':
      return TakeDigits(4, 4, text, &fields->year);
    case 'm':
      return TakeDigits(least, 2, text, &fields->month);
    case 'd':
      return TakeDigits(least, 2, text, &fields->day);
    case 'b':
      for (int month = 0; month < 12; ++month) {
        if (absl::StartsWithIgnoreCase(*text, kMonths.substr(3 * month, 3))) {
          fields->month = month + 1;
          text->remove_prefix(3);
          return true;
        }
      }
      return false;
    case 'H':
      return TakeDigits(least, 2, text, &fields->hour) && fields->hour <= 23;
    case 'I':
      fields->is_half_day = true;
      return TakeDigits(least, 2, text, &fields->hour) && fields->hour >= 1 &&
             fields->hour <= 12;
    case 'p':
      fields->is_afternoon = absl::StartsWithIgnoreCase(*text, "PM");
      if (!fields->is_afternoon && !absl::StartsWithIgnoreCase(*text, "AM")) {
        return false;
      }
      text->remove_prefix(2);
      return true;
    case 'M':
      return TakeDigits(2, 2, text, &fields->minute) && fields->minute <= 59;
    case 'S':
      return TakeDigits(2, 2, text, &fields->second) && fields->second <= 59;
    case 'f': {
      const size_t before = text->size();
      if (!TakeDigits(1, 9, text, &fields->nanos)) return false;
      for (size_t i = before - text->size(); i < 9; ++i) fields->nanos *= 10;
      return true;
    }
    case 'z':
      return TakeOffset(text, &fields->utc_offset_minutes);
    default:
      if (text->empty() || text->front() != part.literal) return false;
      text->remove_prefix(1);
      return true;
  }
}

std::optional<TextTime> TableTime::Parse(absl::string_view text) const {
  switch (kind_) {
    case Kind::kRfc3339:
      return ParseRfc3339(text);
    case Kind::kUnixSeconds:
      return FromUnix(text, /*milliseconds=*/false);
    case Kind::kUnixMilliseconds:
      return FromUnix(text, /*milliseconds=*/true);
    case Kind::kPattern:
      break;
  }
  Fields fields;
  for (const Part& part : parts_) {
    if (!Take(part, &text, &fields)) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  if (fields.is_half_day) {
    fields.hour = fields.hour % 12 + (fields.is_afternoon ? 12 : 0);
  }
  return InZone(fields);
}

std::optional<TextTime> TableTime::InZone(const Fields& fields) const {
  const absl::CivilSecond civil(fields.year, fields.month, fields.day,
                                fields.hour, fields.minute, fields.second);
  // The library carries the 31st of April over into May.
  if (fields.year < 1 || civil.month() != fields.month ||
      civil.day() != fields.day) {
    return std::nullopt;
  }
  TextTime time;
  time.nanos = fields.nanos;
  if (has_offset_) {
    time.utc_offset_minutes = fields.utc_offset_minutes;
    time.seconds = (civil - absl::CivilSecond(1970, 1, 1)) -
                   60 * fields.utc_offset_minutes.value_or(0);
    return time;
  }
  const absl::TimeZone::TimeInfo info = zone_.At(civil);
  absl::Time instant = info.pre;
  if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) return std::nullopt;
  if (info.kind == absl::TimeZone::TimeInfo::REPEATED) {
    if (repeated_hour_ == v1::REPEATED_HOUR_UNSPECIFIED) return std::nullopt;
    if (repeated_hour_ == v1::REPEATED_HOUR_SECOND) instant = info.post;
  }
  time.seconds = absl::ToUnixSeconds(instant);
  // Old local mean times have offsets with seconds, which a record cannot say.
  const int offset_seconds = zone_.At(instant).offset;
  if (offset_seconds % 60 == 0) time.utc_offset_minutes = offset_seconds / 60;
  return time;
}

}  // namespace subrosa
