#include "tools/subrosa/time_guess.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/ingest/table_time.h"
#include "subrosa/v1/mapping.pb.h"

namespace subrosa {
namespace {

// A format fits a column if this share of its sample is written so.
constexpr double kFits = 0.98;

// In the order in which they are tried; where two fit, the first is taken.
constexpr absl::string_view kTimeFormats[] = {
    "rfc3339",           "%Y-%m-%d",       "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S.%f",
    "%m/%d/%Y",          "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p", "%d/%m/%Y",       "%d/%m/%Y %H:%M",
    "%d.%m.%Y",          "%d.%m.%Y %H:%M", "%d %b %Y",
    "%d-%b-%Y"};

v1::TimeUse TimeUseOf(absl::string_view format, const std::string& zone) {
  v1::TimeUse use;
  use.set_format(std::string(format));
  if (format != "rfc3339") use.set_zone(zone.empty() ? "UTC" : zone);
  return use;
}

std::string TextOf(const v1::TimeUse& use) {
  // Formats and IANA names have nothing to escape.
  return absl::StrCat(
      "format: \"", use.format(), "\"",
      use.zone().empty() ? "" : absl::StrCat(" zone: \"", use.zone(), "\""));
}

bool Fits(const std::vector<std::string>& values, const v1::TimeUse& use) {
  const absl::StatusOr<TableTime> time = TableTime::Make(use);
  if (!time.ok() || values.empty()) return false;
  const auto fitting = std::count_if(
      values.begin(), values.end(),
      [&](const auto& value) { return time->Parse(value).has_value(); });
  return static_cast<double>(fitting) >=
         kFits * static_cast<double>(values.size());
}

}  // namespace

absl::optional<TimeGuess> GuessTime(const std::vector<std::string>& values,
                                    const std::string& zone) {
  TimeGuess guess;
  for (const absl::string_view format : kTimeFormats) {
    const v1::TimeUse use = TimeUseOf(format, zone);
    if (!Fits(values, use)) continue;
    if (guess.text.empty()) {
      guess.text = TextOf(use);
      if (zone.empty() && !use.zone().empty()) {
        guess.unsure = "in which zone did the clock hang? (--zone)";
      }
      continue;
    }
    guess.unsure = absl::StrCat("the sample also fits ", format);
    break;
  }
  if (guess.text.empty()) return absl::nullopt;
  return guess;
}

}  // namespace subrosa
