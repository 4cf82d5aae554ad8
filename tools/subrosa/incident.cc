// What `subrosa incident` can do: breaches of which people, a regulator or the
// press may have to be told.
#include "src/request/incident.h"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/base/new_file.h"
#include "src/base/status_macros.h"
#include "src/law/law_text.h"
#include "src/request/request_text.h"
#include "subrosa/v1/incident.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/command_table.h"
#include "tools/subrosa/incident_command.h"
#include "tools/subrosa/incident_folder.h"
#include "tools/subrosa/request_arguments.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// An incident, and what is due of it today.
struct DueIncident {
  v1::Incident incident;
  std::vector<IncidentClock> clocks;
  std::optional<SubstituteNotice> to_all;
  absl::CivilDay today = CivilDayOf(DayOf(absl::Now()));

  // What is due first; null if all is met, or nothing is due.
  const IncidentClock* next() const {
    return clocks.empty() || clocks.front().is_met ? nullptr : &clocks.front();
  }
};

absl::StatusOr<DueIncident> DueOf(const OpenDesk& open, v1::Incident incident) {
  DueIncident due;
  SUBROSA_ASSIGN_OR_RETURN(
      due.clocks, IncidentClocksOf(*open.law, open.policy->proto(), incident));
  SUBROSA_ASSIGN_OR_RETURN(
      due.to_all,
      SubstituteNoticeOf(*open.law, open.policy->proto(), incident));
  due.incident = std::move(incident);
  return due;
}

Json ToJson(const DueIncident& due) {
  Json json = {{"incident", due.incident.id()},
               {"discovered_on", due.incident.discovered_on()},
               {"consumers", due.incident.consumers()},
               {"clocks", Json::array()}};
  for (const IncidentClock& clock : due.clocks) {
    json["clocks"].push_back(
        {{"rule", clock.rule->id},
         {"citation", clock.rule->rule->citation()},
         {"certainty", LawCertaintyText(clock.rule->rule->certainty())},
         {"step", ClockStepSlug(clock.step)},
         {"due_on", absl::FormatCivilTime(clock.last_day)},
         {"met", clock.is_met},
         {"late", clock.IsLate(due.today)}});
  }
  if (due.to_all.has_value()) {
    json["substitute_notice"] = {
        {"rule", due.to_all->rule->id},
        {"citation", due.to_all->rule->rule->citation()},
        {"certainty", LawCertaintyText(due.to_all->rule->rule->certainty())},
        {"since", due.incident.substitute_notice_on()},
        {"until", due.to_all->until.has_value()
                      ? absl::FormatCivilTime(*due.to_all->until)
                      : ""}};
  }
  return json;
}

std::string LineOf(const DueIncident& due) {
  const IncidentClock* const next = due.next();
  return absl::StrCat(
      due.incident.id(), "  discovered ", due.incident.discovered_on(), ", ",
      next == nullptr ? std::string("nothing is due")
                      : absl::StrCat(ClockStepSlug(next->step), " by ",
                                     absl::FormatCivilTime(next->last_day),
                                     next->IsLate(due.today) ? ", LATE" : ""),
      "\n");
}

std::string TextOf(const DueIncident& due) {
  std::string text = LineOf(due);
  for (const IncidentClock& clock : due.clocks) {
    absl::StrAppend(
        &text, "  ", clock.rule->id, ", ", clock.rule->rule->citation(), ": ",
        ClockStepSlug(clock.step), " by ",
        absl::FormatCivilTime(clock.last_day), clock.is_met ? ", done" : "",
        clock.IsLate(due.today) ? ", LATE" : "", " (",
        LawCertaintyText(clock.rule->rule->certainty()), ")\n");
  }
  if (!due.to_all.has_value()) return text;
  const LawEntry& rule = *due.to_all->rule;
  absl::StrAppend(&text, "  ", rule.id, ", ", rule.rule->citation(), ": ",
                  rule.rule->text(), "; ",
                  due.incident.substitute_notice_on().empty()
                      ? std::string("it does not stand yet")
                      : absl::StrCat("it stands since ",
                                     due.incident.substitute_notice_on()));
  if (due.to_all->until.has_value()) {
    absl::StrAppend(&text, ", and has to until ",
                    absl::FormatCivilTime(*due.to_all->until));
  }
  absl::StrAppend(&text, " (", LawCertaintyText(rule.rule->certainty()), ")\n");
  return text;
}

ExitCode PrintDue(const absl::StatusOr<DueIncident>& due, bool json,
                  const Streams& streams) {
  if (!due.ok()) return Fail(due.status(), streams);
  return Print(json ? ToJson(*due).dump() + "\n" : TextOf(*due), streams);
}

constexpr Command kSubcommands[] = {
    {"open", "record one, or what is known of it now: its clocks start",
     IncidentOpen},
    {"list", "what is due first", IncidentList},
    {"show", "one incident and its clocks", IncidentShow},
    {"notice", "the notice to people, filled in as far as it is known",
     IncidentNoticeCommand},
};

}  // namespace

ExitCode IncidentCommand(absl::Span<const std::string> arguments,
                         const Streams& streams) {
  return RunFromTable({"subrosa incident",
                       "Breaches of security: who has to be told by when, by "
                       "the packs of the policy. Whether something is one is "
                       "for you and your counsel to say.",
                       kSubcommands},
                      arguments, streams);
}

ExitCode IncidentOpen(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  std::vector<std::string> files;
  bool replace = false;
  CommandLine line("incident open",
                   "Records an incident: one subrosa.v1.Incident as textproto, "
                   "which names nobody whom it concerns. Prints its clocks.");
  line.AddArguments("file", &files, "The incident");
  line.AddFlag("--replace", &replace,
               "In place of what was recorded of it before");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() != 1) {
    return UsageError("incident open", "want one file", streams);
  }
  const absl::StatusOr<std::string> text =
      ReadFile(files[0], kMaxIncidentBytes);
  if (!text.ok()) return Fail(text.status(), streams);
  const absl::StatusOr<v1::Incident> incident = ParseIncident(files[0], *text);
  if (!incident.ok()) return Fail(incident.status(), streams);
  const absl::StatusOr<OpenDesk> open = OpenRequestDesk(home);
  if (!open.ok()) return Fail(open.status(), streams);
  const absl::Status put =
      IncidentFolder(home.folder()).Put(*incident, *text, replace);
  if (absl::IsAlreadyExists(put)) {
    Fail(put, streams);
    return ExitCode::kNo;
  }
  if (!put.ok()) return Fail(put, streams);
  return PrintDue(DueOf(*open, *incident), home.json(), streams);
}

ExitCode IncidentList(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  CommandLine line("incident list",
                   "Lists incidents, what is due first at the top; as JSON one "
                   "object a line.");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<OpenDesk> open = OpenRequestDesk(home);
  if (!open.ok()) return Fail(open.status(), streams);
  const absl::StatusOr<std::vector<v1::Incident>> incidents =
      IncidentFolder(home.folder()).ReadAll();
  if (!incidents.ok()) return Fail(incidents.status(), streams);
  std::vector<DueIncident> all;
  for (const v1::Incident& incident : *incidents) {
    absl::StatusOr<DueIncident> due = DueOf(*open, incident);
    if (!due.ok()) return Fail(due.status(), streams);
    all.push_back(*std::move(due));
  }
  const auto order = [](const DueIncident& due) {
    return std::make_tuple(
        due.next() == nullptr ? absl::CivilDay::max() : due.next()->last_day,
        due.incident.id());
  };
  std::sort(all.begin(), all.end(),
            [&](const DueIncident& a, const DueIncident& b) {
              return order(a) < order(b);
            });
  std::string text;
  for (const DueIncident& due : all) {
    text += home.json() ? ToJson(due).dump() + "\n" : LineOf(due);
  }
  return Print(text, streams);
}

ExitCode IncidentShow(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  std::vector<std::string> ids;
  CommandLine line("incident show",
                   "One incident: who has to be told by when. The exit code is "
                   "3 if there is none of that id.");
  line.AddArguments("id", &ids, "The incident's id");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (ids.size() != 1) {
    return UsageError("incident show", "want one id", streams);
  }
  const absl::StatusOr<OpenDesk> open = OpenRequestDesk(home);
  if (!open.ok()) return Fail(open.status(), streams);
  const absl::StatusOr<v1::Incident> incident =
      IncidentFolder(home.folder()).Read(ids[0]);
  if (!incident.ok()) return FailOrNo(incident.status(), streams);
  return PrintDue(DueOf(*open, *incident), home.json(), streams);
}

ExitCode IncidentNoticeCommand(absl::Span<const std::string> arguments,
                               const Streams& streams) {
  std::vector<std::string> ids;
  std::string path;
  CommandLine line("incident notice",
                   "Writes the notice to those whom an incident concerns, with "
                   "all that the rule asks for, as far as it is known. What is "
                   "missing is said; the exit code is 3 then, and if there is "
                   "no incident of that id.");
  line.AddArguments("id", &ids, "The incident's id");
  line.AddOption("--to", &path, "File to make; it must not exist",
                 Need::kRequired);
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (ids.size() != 1) {
    return UsageError("incident notice", "want one id", streams);
  }
  const absl::StatusOr<OpenDesk> open = OpenRequestDesk(home);
  if (!open.ok()) return Fail(open.status(), streams);
  const absl::StatusOr<v1::Incident> incident =
      IncidentFolder(home.folder()).Read(ids[0]);
  if (!incident.ok()) return FailOrNo(incident.status(), streams);
  const absl::StatusOr<IncidentNotice> notice =
      WriteIncidentNotice(*open->law, open->policy->proto(), *incident);
  if (!notice.ok()) return Fail(notice.status(), streams);
  const auto write = [&]() -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(NewFile file, NewFile::Create(path));
    SUBROSA_RETURN_IF_ERROR(file.Append(notice->text));
    return file.Publish();
  };
  if (const absl::Status written = write(); !written.ok()) {
    return Fail(written, streams);
  }
  std::string text;
  if (home.json()) {
    text = Json{{"notice", path}, {"missing", notice->missing}}.dump() + "\n";
  } else if (notice->missing.empty()) {
    text = "The notice says all that the rule asks for.\n";
  }
  for (const std::string& missing : notice->missing) {
    if (!home.json()) absl::StrAppend(&text, "Missing: ", missing, "\n");
  }
  const ExitCode printed = Print(text, streams);
  if (printed != ExitCode::kDone) return printed;
  return notice->missing.empty() ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace subrosa
