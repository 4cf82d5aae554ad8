#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/law/law_book.h"
#include "src/law/law_coverage.h"
#include "src/law/law_text.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/law_arguments.h"
#include "tools/subrosa/law_command.h"

namespace subrosa {
namespace {

constexpr char kUtcSeconds[] = "%Y-%m-%dT%H:%M:%SZ";

// The last moment that is in time, in the pack's zone.
std::string LastMoment(const LawEntry& entry, absl::Time end) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(entry.pack->time_zone(), &zone)) {
    zone = absl::UTCTimeZone();
  }
  return absl::FormatTime("%Y-%m-%d %H:%M:%S %Z", end - absl::Seconds(1), zone);
}

std::string ExplainText(const LawEntry& entry, const DueTimes* due,
                        const std::vector<std::string>& tests) {
  const v1::LawRule& rule = *entry.rule;
  std::string text =
      absl::StrCat(entry.id, "\n  ", entry.pack->title(), ", ", rule.citation(),
                   "\n  ", rule.text(), "\n\n  ", DemandName(rule), ":\n");
  for (const std::string& line : DemandLines(rule)) {
    absl::StrAppend(&text, "    ", line, "\n");
  }
  absl::StrAppend(
      &text, "  holds from ", rule.from(),
      rule.until().empty() ? "" : absl::StrCat(" until ", rule.until()),
      "\n  acted on by: ", RoomText(rule.room()),
      tests.empty() ? " (no test)" : "", "\n");
  for (const std::string& test : tests) {
    absl::StrAppend(&text, "    tested by ", test, "\n");
  }
  absl::StrAppend(&text, "  our knowledge of the text: ",
                  LawCertaintyText(rule.certainty()), ", looked at ",
                  entry.pack->as_of(), "\n");
  if (!rule.open_question().empty()) {
    absl::StrAppend(&text, "  not verified: ", rule.open_question(), "\n");
  }
  if (due != nullptr) {
    absl::StrAppend(&text, "  due until ", LastMoment(entry, due->first));
    if (due->extended != due->first) {
      absl::StrAppend(&text, "; if extended, until ",
                      LastMoment(entry, due->extended));
    }
    absl::StrAppend(&text, "\n");
  }
  absl::StrAppend(&text, "\nThis informs; it is no legal advice.\n");
  return text;
}

}  // namespace

ExitCode LawExplain(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  std::vector<std::string> rules;
  std::string start;
  CommandLine line("law explain", "Says what a rule demands.");
  line.AddArguments("rule", &rules, "Its name: wa-mhmda/respond");
  line.AddOption("--start", &start,
                 "What started its clock, in RFC 3339: says when it is due");
  const LawArguments law(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (rules.size() != 1) {
    return UsageError("law explain", "rule: want exactly one", streams);
  }
  absl::Time started;
  std::string ignored;
  if (!start.empty() &&
      !absl::ParseTime(absl::RFC3339_full, start, &started, &ignored)) {
    return UsageError("law explain", "--start: want a time in RFC 3339",
                      streams);
  }

  const absl::StatusOr<LawBook> book = law.Read();
  if (!book.ok()) return Fail(book.status(), streams);
  const LawEntry* const entry = book->Find(rules[0]);
  if (entry == nullptr) {
    return FailOrNo(absl::NotFoundError("rule: no pack has one of this name; "
                                        "`subrosa law list` lists them"),
                    streams);
  }
  const absl::StatusOr<LawCoverage> coverage = LawCoverage::BuiltIn();
  if (!coverage.ok()) return Fail(coverage.status(), streams);
  DueTimes due;
  if (!start.empty()) {
    const absl::StatusOr<DueTimes> times = book->DueTimesOf(*entry, started);
    if (!times.ok()) return Fail(times.status(), streams);
    due = *times;
  }
  const std::vector<std::string> tests = coverage->TestsOf(entry->id);
  if (!law.json()) {
    return Print(ExplainText(*entry, start.empty() ? nullptr : &due, tests),
                 streams);
  }
  nlohmann::ordered_json json = RuleJson(*entry);
  json["tests"] = tests;
  if (!start.empty()) {
    json["due"] = absl::FormatTime(kUtcSeconds, due.first, absl::UTCTimeZone());
    json["due_if_extended"] =
        absl::FormatTime(kUtcSeconds, due.extended, absl::UTCTimeZone());
  }
  return Print(json.dump() + "\n", streams);
}

}  // namespace subrosa
