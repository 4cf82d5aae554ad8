#include "src/law/law_file.h"

#include <map>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/slug.h"
#include "src/base/status_macros.h"
#include "src/base/textproto_file.h"
#include "src/law/demand_check.h"

namespace subrosa {
namespace {

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

absl::Status CheckText(absl::string_view path, absl::string_view text) {
  return text.empty() ? Wrong(path, "text", "none") : absl::OkStatus();
}

absl::Status CheckDay(absl::string_view path, absl::string_view text) {
  return Annotate(ParseLawDay(text).status(), path);
}

// "US", "US-WA".
absl::Status CheckJurisdiction(absl::string_view text) {
  const bool ok =
      text == "US" ||
      (text.size() == 5 && text.substr(0, 3) == "US-" &&
       absl::ascii_isupper(text[3]) && absl::ascii_isupper(text[4]));
  return ok ? absl::OkStatus()
            : Wrong("jurisdiction", "US, or US- and a state's two letters",
                    "something else");
}

absl::Status CheckHead(const v1::LawPack& pack) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("id", pack.id()));
  SUBROSA_RETURN_IF_ERROR(CheckText("title", pack.title()));
  SUBROSA_RETURN_IF_ERROR(CheckJurisdiction(pack.jurisdiction()));
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(pack.time_zone(), &zone)) {
    return Wrong("time_zone", "an IANA name, as America/Los_Angeles",
                 "what this system does not know");
  }
  SUBROSA_RETURN_IF_ERROR(CheckDay("as_of", pack.as_of()));
  for (int i = 0; i < pack.leaves_out_size(); ++i) {
    const std::string path = absl::StrCat("leaves_out[", i, "]");
    SUBROSA_RETURN_IF_ERROR(CheckText(absl::StrCat(path, ".citation"),
                                      pack.leaves_out(i).citation()));
    SUBROSA_RETURN_IF_ERROR(
        CheckText(absl::StrCat(path, ".text"), pack.leaves_out(i).text()));
  }
  return pack.rule().empty() ? Wrong("rule", "at least one", "none")
                             : absl::OkStatus();
}

absl::Status CheckDates(const v1::LawRule& rule) {
  SUBROSA_RETURN_IF_ERROR(CheckDay("from", rule.from()));
  const std::string& since = rule.contents().collected_since();
  if (!since.empty()) {
    SUBROSA_RETURN_IF_ERROR(CheckDay("contents.collected_since", since));
  }
  if (rule.until().empty()) return absl::OkStatus();
  SUBROSA_RETURN_IF_ERROR(CheckDay("until", rule.until()));
  // Of one form, so that they compare as text.
  return rule.until() > rule.from()
             ? absl::OkStatus()
             : Wrong("until", "a day after `from`", "one that is not");
}

absl::Status CheckRule(const v1::LawRule& rule) {
  SUBROSA_RETURN_IF_ERROR(CheckSlug("id", rule.id()));
  SUBROSA_RETURN_IF_ERROR(CheckText("citation", rule.citation()));
  SUBROSA_RETURN_IF_ERROR(CheckText("text", rule.text()));
  if (rule.certainty() == v1::TEXT_CERTAINTY_UNSPECIFIED) {
    return Wrong("certainty", "how well the text is known", "nothing");
  }
  if (rule.room() == v1::ROOM_UNSPECIFIED) {
    return Wrong("room", "where the rule acts", "nothing");
  }
  SUBROSA_RETURN_IF_ERROR(CheckDates(rule));
  return CheckDemand(rule);
}

absl::Status CheckFollows(const v1::LawRule& rule,
                          const std::map<std::string, v1::LawRule>& rules) {
  if (rule.follows().empty()) return absl::OkStatus();
  const auto before = rules.find(rule.follows());
  if (before == rules.end()) {
    return Wrong("follows", "the id of a rule of this pack", "another");
  }
  return before->second.until() == rule.from()
             ? absl::OkStatus()
             : Wrong("from",
                     absl::StrCat("the `until` of ", rule.follows(),
                                  ", whose place it takes"),
                     "another day: days are left out, or under both");
}

absl::Status CheckHoliday(const v1::Holiday& holiday) {
  SUBROSA_RETURN_IF_ERROR(CheckText("name", holiday.name()));
  if (holiday.month() < 1 || holiday.month() > 12) {
    return Wrong("month", "1 to 12", absl::StrCat(holiday.month()));
  }
  const bool is_fixed = holiday.day() != 0;
  if (is_fixed == (holiday.weekday() != 0)) {
    return Wrong("day", "either a day or a weekday", "both or neither");
  }
  if (is_fixed) {
    // 29 February is no holiday that we know how to observe in other years.
    const absl::CivilDay day(2027, holiday.month(), holiday.day());
    return day.month() == holiday.month() && day.day() == holiday.day()
               ? absl::OkStatus()
               : Wrong("day", "a day that the month has every year",
                       absl::StrCat(holiday.day()));
  }
  if (holiday.weekday() < 1 || holiday.weekday() > 7) {
    return Wrong("weekday", "1 to 7", absl::StrCat(holiday.weekday()));
  }
  return (holiday.nth() >= 1 && holiday.nth() <= 4) || holiday.nth() == -1
             ? absl::OkStatus()
             : Wrong("nth", "1 to 4, or -1", absl::StrCat(holiday.nth()));
}

}  // namespace

absl::StatusOr<absl::CivilDay> ParseLawDay(absl::string_view text) {
  absl::CivilDay day;
  if (text.size() != 10 || !absl::ParseCivilTime(text, &day) ||
      absl::FormatCivilTime(day) != text || day.year() < 1900 ||
      day.year() > 2200) {
    return absl::InvalidArgumentError(
        "want a day as 2026-01-31, of the years 1900 to 2200, got something "
        "else");
  }
  return day;
}

absl::StatusOr<v1::LawPack> ParsePack(absl::string_view name,
                                      absl::string_view text) {
  TextprotoFile file(name, text);
  v1::LawPack pack;
  SUBROSA_RETURN_IF_ERROR(file.Read(kMaxLawFileBytes, &pack));
  SUBROSA_RETURN_IF_ERROR(file.At(CheckHead(pack)));
  std::map<std::string, v1::LawRule> rules;
  for (int i = 0; i < pack.rule_size(); ++i) {
    const v1::LawRule& rule = pack.rule(i);
    SUBROSA_RETURN_IF_ERROR(file.At(pack, "rule", i, CheckRule(rule)));
    if (!rules.emplace(rule.id(), rule).second) {
      return file.At(pack, "rule", i,
                     Wrong("id", "one that no other rule has", rule.id()));
    }
  }
  for (int i = 0; i < pack.rule_size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(
        file.At(pack, "rule", i, CheckFollows(pack.rule(i), rules)));
  }
  return pack;
}

absl::StatusOr<v1::HolidayCalendar> ParseCalendar(absl::string_view name,
                                                  absl::string_view text) {
  TextprotoFile file(name, text);
  v1::HolidayCalendar calendar;
  SUBROSA_RETURN_IF_ERROR(file.Read(kMaxLawFileBytes, &calendar));
  SUBROSA_RETURN_IF_ERROR(file.At(CheckSlug("id", calendar.id())));
  SUBROSA_RETURN_IF_ERROR(file.At(CheckText("title", calendar.title())));
  SUBROSA_RETURN_IF_ERROR(file.At(CheckText("citation", calendar.citation())));
  for (int i = 0; i < calendar.holiday_size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(
        file.At(calendar, "holiday", i, CheckHoliday(calendar.holiday(i))));
  }
  return calendar;
}

}  // namespace subrosa
