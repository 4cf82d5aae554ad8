#include "src/request/request_clocks.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/law/deadline.h"

namespace subrosa {
namespace {

bool Happened(absl::Time at) { return at != absl::Time(); }

absl::Time OrNever(absl::Time at) {
  return Happened(at) ? at : absl::InfiniteFuture();
}

// When a part was told, the last time: what an erasure could not reach was sent
// nothing until it was.
absl::Time NoticeTo(const RequestPart& part) {
  return std::max(part.sent_at, part.told_at);
}

// Of the recipients that were told, and did not answer: the first's time; else
// of those that did. Who was not reached was told nothing.
absl::Time FirstNotice(const RequestMachine& machine) {
  absl::Time silent = absl::InfiniteFuture();
  absl::Time answered = absl::InfiniteFuture();
  for (const auto& [slug, part] : machine.parts()) {
    if (part.kind != v1::REQUEST_PART_KIND_RECIPIENT || !part.is_told()) {
      continue;
    }
    absl::Time& first = part.IsSilent() ? silent : answered;
    first = std::min(first, NoticeTo(part));
  }
  return silent != absl::InfiniteFuture() ? silent : answered;
}

// When the last part of `kind` had done what was asked; never while one has
// not, or there is none.
absl::Time DoneBy(const RequestMachine& machine, v1::RequestPartKind kind) {
  absl::Time last = absl::InfinitePast();
  for (const auto& [slug, part] : machine.parts()) {
    if (part.kind != kind) continue;
    if (part.status != v1::REQUEST_PART_STATUS_DONE) {
      return absl::InfiniteFuture();
    }
    last = std::max(last, part.changed_at);
  }
  return last == absl::InfinitePast() ? absl::InfiniteFuture() : last;
}

// When the last recipient was told; never while one was not. There may be none
// to tell, which the answer alone shows: then it is when the stores were done.
absl::Time AllToldBy(const RequestMachine& machine) {
  absl::Time last = absl::InfinitePast();
  for (const auto& [slug, part] : machine.parts()) {
    if (part.kind != v1::REQUEST_PART_KIND_RECIPIENT) continue;
    if (!part.is_told()) return absl::InfiniteFuture();
    last = std::max(last, part.told_at);
  }
  if (last != absl::InfinitePast()) return last;
  return Happened(machine.answered_at())
             ? DoneBy(machine, v1::REQUEST_PART_KIND_STORE)
             : absl::InfiniteFuture();
}

absl::Time StartOf(v1::ClockStart start, const RequestMachine& machine) {
  switch (start) {
    case v1::CLOCK_START_RECEIPT:
      return OrNever(machine.received_at());
    case v1::CLOCK_START_AUTHENTICATION:
      return OrNever(machine.authenticated_at());
    case v1::CLOCK_START_NOTICE:
      return FirstNotice(machine);
    default:
      return absl::InfiniteFuture();
  }
}

// When what a clock asks for was done.
absl::Time MetAt(v1::ClockStep step, const RequestMachine& machine) {
  const absl::Time answered = OrNever(machine.answered_at());
  switch (step) {
    case v1::CLOCK_STEP_ACKNOWLEDGE:
      return std::min(OrNever(machine.acknowledged_at()), answered);
    case v1::CLOCK_STEP_DELETE_LIVE:
      return std::min(DoneBy(machine, v1::REQUEST_PART_KIND_STORE), answered);
    case v1::CLOCK_STEP_RECIPIENTS_DELETE:
      return std::min(DoneBy(machine, v1::REQUEST_PART_KIND_RECIPIENT),
                      answered);
    case v1::CLOCK_STEP_NOTIFY_RECIPIENTS:
      return std::min(AllToldBy(machine), answered);
    case v1::CLOCK_STEP_CEASE:
    case v1::CLOCK_STEP_RESPOND:
      return answered;
    default:
      return absl::InfiniteFuture();
  }
}

absl::CivilDay LastDayBefore(absl::Time due_at, absl::TimeZone zone) {
  return absl::ToCivilDay(due_at - absl::Seconds(1), zone);
}

absl::StatusOr<RequestClock> ClockOf(const RequestLaw& law,
                                     const DatedRule& rule, absl::Time start,
                                     absl::Time met_at,
                                     absl::Time extended_at) {
  RequestClock clock;
  clock.rule = rule.entry;
  clock.step = rule.rule().deadline().step();
  if (start == absl::InfiniteFuture()) {
    clock.state = met_at == absl::InfiniteFuture() ? ClockState::kWaiting
                                                   : ClockState::kMet;
    clock.met_at = met_at;
    return clock;
  }
  clock.started_at = start;
  SUBROSA_ASSIGN_OR_RETURN(const DueTimes due,
                           law.book().DueTimesOf(*rule.entry, start));
  clock.last_day_if_extended = LastDayBefore(due.extended, rule.zone);
  const bool has_extension = rule.rule().deadline().has_extension();
  // Told after the first period it extends nothing.
  clock.is_extended = has_extension && extended_at < due.first;
  clock.due_at = clock.is_extended ? due.extended : due.first;
  clock.last_day = LastDayBefore(clock.due_at, rule.zone);
  clock.met_at = met_at;
  clock.state = met_at != absl::InfiniteFuture() ? ClockState::kMet
                : clock.step == v1::CLOCK_STEP_DELETE_BACKUPS
                    ? ClockState::kElsewhere
                    : ClockState::kRunning;
  if (has_extension && !clock.is_extended &&
      clock.state == ClockState::kRunning) {
    clock.extendable_until = due.first;
  }
  return clock;
}

// The clocks of the decision on an appeal, which is a request of its own.
absl::Status AddAppealClocks(const RequestLaw& law, const v1::Request& request,
                             const RequestMachine& machine,
                             std::vector<RequestClock>* clocks) {
  if (!Happened(machine.appealed_at())) return absl::OkStatus();
  const absl::Time decided = machine.status() == v1::REQUEST_STATUS_APPEALED
                                 ? absl::InfiniteFuture()
                                 : OrNever(machine.appeal_decided_at());
  for (const DatedRule* rule : law.RulesFor(request, machine.appealed_at())) {
    const v1::Deadline& deadline = rule->rule().deadline();
    if (!NamesKind(deadline.request(), v1::REQUEST_KIND_APPEAL)) continue;
    SUBROSA_ASSIGN_OR_RETURN(clocks->emplace_back(),
                             ClockOf(law, *rule, machine.appealed_at(), decided,
                                     absl::InfiniteFuture()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<RequestClock>> ClocksOf(
    const RequestLaw& law, const v1::Request& request,
    const RequestMachine& machine) {
  std::vector<RequestClock> clocks;
  const absl::Time extended_at = OrNever(machine.extended_at());
  for (const DatedRule* rule : law.RulesFor(request, machine.received_at())) {
    const v1::Deadline& deadline = rule->rule().deadline();
    if (!NamesKind(deadline.request(), machine.kind())) continue;
    SUBROSA_ASSIGN_OR_RETURN(
        clocks.emplace_back(),
        ClockOf(law, *rule, StartOf(deadline.start(), machine),
                MetAt(deadline.step(), machine), extended_at));
  }
  SUBROSA_RETURN_IF_ERROR(AddAppealClocks(law, request, machine, &clocks));
  const auto order = [](const RequestClock& clock) {
    return std::make_tuple(clock.state, clock.due_at, clock.rule->id);
  };
  std::sort(clocks.begin(), clocks.end(),
            [&](const RequestClock& a, const RequestClock& b) {
              return order(a) < order(b);
            });
  return clocks;
}

const RequestClock* StrictestOf(const std::vector<RequestClock>& clocks) {
  return clocks.empty() || clocks.front().state != ClockState::kRunning
             ? nullptr
             : &clocks.front();
}

absl::Status CheckExtension(const std::vector<RequestClock>& clocks,
                            absl::Time at) {
  std::string rules;
  for (const RequestClock& clock : clocks) {
    if (at < clock.extendable_until) return absl::OkStatus();
    if (clock.state == ClockState::kWaiting &&
        clock.rule->rule->deadline().has_extension()) {
      return absl::OkStatus();
    }
    absl::StrAppend(&rules, rules.empty() ? "" : ", ", clock.rule->id);
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "request.event.at: want a time within the first period of a clock that "
      "may be extended, got none such (",
      rules.empty() ? "no pack of the policy sets one" : rules, ")"));
}

absl::StatusOr<std::vector<std::string>> FindLateParts(
    const RequestLaw& law, const v1::Request& request,
    const RequestMachine& machine, absl::Time now) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RequestClock> clocks,
                           ClocksOf(law, request, machine));
  absl::Time request_due = absl::InfiniteFuture();
  std::vector<const LawEntry*> of_recipients;
  for (const RequestClock& clock : clocks) {
    if (clock.step == v1::CLOCK_STEP_RECIPIENTS_DELETE) {
      of_recipients.push_back(clock.rule);
    } else if (clock.state == ClockState::kRunning &&
               clock.step != v1::CLOCK_STEP_ACKNOWLEDGE) {
      request_due = std::min(request_due, clock.due_at);
    }
  }
  std::vector<std::string> late;
  for (const auto& [slug, part] : machine.parts()) {
    if (!part.IsSilent() || part.status == v1::REQUEST_PART_STATUS_OVERDUE) {
      continue;
    }
    absl::Time due_at = absl::InfiniteFuture();
    if (part.kind == v1::REQUEST_PART_KIND_RECIPIENT && part.is_told()) {
      for (const LawEntry* rule : of_recipients) {
        SUBROSA_ASSIGN_OR_RETURN(const DueTimes due,
                                 law.book().DueTimesOf(*rule, NoticeTo(part)));
        due_at = std::min(due_at, due.first);
      }
    }
    if (due_at == absl::InfiniteFuture()) due_at = request_due;
    if (now >= due_at) late.push_back(slug);
  }
  return late;
}

}  // namespace subrosa
