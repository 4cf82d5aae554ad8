#include "tools/subrosa/request_view_text.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "src/law/law_text.h"
#include "src/request/request_clocks.h"
#include "src/request/request_law.h"
#include "src/request/request_machine.h"
#include "src/request/request_text.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

std::string RefText(const RequestView& view) {
  return absl::BytesToHexString(view.kept.request_ref);
}

std::string TimeText(absl::Time at) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", at, absl::UTCTimeZone());
}

std::string DayText(absl::Time at) {
  return absl::FormatTime("%Y-%m-%d", at, absl::UTCTimeZone());
}

absl::string_view StateText(ClockState state) {
  switch (state) {
    case ClockState::kRunning:
      return "running";
    case ClockState::kWaiting:
      return "waiting";
    case ClockState::kMet:
      return "met";
    case ClockState::kElsewhere:
      return "elsewhere";
  }
  return "unknown";
}

// What is due first, for a list.
struct Due {
  std::string on;  // Empty: nothing is due.
  std::string rule;
  int64_t days_left = 0;  // Whole days; below zero once it is late.
};

Due DueOf(const RequestView& view, absl::Time now) {
  Due due;
  const RequestClock* strictest = StrictestOf(view.clocks);
  if (strictest == nullptr) return due;
  due.on = absl::FormatCivilTime(strictest->last_day);
  due.rule = strictest->rule->id;
  due.days_left = absl::ToInt64Hours(strictest->due_at - now) / 24;
  if (strictest->IsLate(now)) --due.days_left;
  return due;
}

// Whether a clock waits for what starts it: somebody's authentication.
bool IsAnyWaiting(const RequestView& view) {
  return std::any_of(view.clocks.begin(), view.clocks.end(),
                     [](const RequestClock& clock) {
                       return clock.state == ClockState::kWaiting;
                     });
}

std::string DueText(const RequestView& view, absl::Time now) {
  const Due due = DueOf(view, now);
  if (due.on.empty()) {
    if (!view.machine.IsOpen()) return "nothing is due";
    return IsAnyWaiting(view) ? "not started" : "no clock runs";
  }
  return absl::StrCat(
      "due ", due.on, " (", due.rule, "), ",
      due.days_left < 0 ? "LATE" : absl::StrCat(due.days_left, " days left"));
}

std::string ClockText(const RequestClock& clock, absl::Time now) {
  std::string text =
      absl::StrCat("  ", clock.rule->id, ", ", clock.rule->rule->citation(),
                   ": ", ClockStepSlug(clock.step));
  if (clock.state == ClockState::kWaiting) {
    return absl::StrCat(text, ", not started\n");
  }
  absl::StrAppend(&text, " by ", absl::FormatCivilTime(clock.last_day));
  if (clock.is_extended) absl::StrAppend(&text, ", extended");
  if (clock.state == ClockState::kMet) absl::StrAppend(&text, ", met");
  if (clock.state == ClockState::kElsewhere) {
    absl::StrAppend(&text, ", kept by the erasure");
  } else if (clock.IsLate(now)) {
    absl::StrAppend(&text, ", LATE");
  }
  return absl::StrCat(text, " (",
                      LawCertaintyText(clock.rule->rule->certainty()), ")\n");
}

std::string StepText(const v1::RequestEvent& event) {
  std::string text =
      absl::StrCat("  ", TimeText(absl::FromUnixSeconds(event.at().seconds())),
                   " ", RequestEventSlug(event.kind()));
  if (!event.part().empty()) absl::StrAppend(&text, " ", event.part());
  if (event.denial() != v1::DENIAL_REASON_UNSPECIFIED) {
    absl::StrAppend(&text, " ", DenialReasonSlug(event.denial()));
  }
  if (event.corrected_by() != v1::CORRECTION_WAY_UNSPECIFIED) {
    absl::StrAppend(&text, " by ", CorrectionWaySlug(event.corrected_by()));
  }
  return absl::StrCat(text, ", by the ", RequestActorSlug(event.by()), "\n");
}

nlohmann::ordered_json ClockJson(const RequestClock& clock, absl::Time now) {
  nlohmann::ordered_json json = {
      {"rule", clock.rule->id},
      {"citation", clock.rule->rule->citation()},
      {"certainty", LawCertaintyText(clock.rule->rule->certainty())},
      {"step", ClockStepSlug(clock.step)},
      {"state", std::string(StateText(clock.state))}};
  if (clock.state == ClockState::kWaiting) return json;
  json["due_on"] = absl::FormatCivilTime(clock.last_day);
  json["extended"] = clock.is_extended;
  json["late"] = clock.state != ClockState::kElsewhere && clock.IsLate(now);
  if (clock.extendable_until != absl::InfinitePast()) {
    json["extendable_until"] = TimeText(clock.extendable_until);
    json["due_on_if_extended"] =
        absl::FormatCivilTime(clock.last_day_if_extended);
  }
  return json;
}

nlohmann::ordered_json StepJson(const v1::RequestEvent& event) {
  nlohmann::ordered_json json = {
      {"step", RequestEventSlug(event.kind())},
      {"at", TimeText(absl::FromUnixSeconds(event.at().seconds()))},
      {"by", RequestActorSlug(event.by())}};
  if (!event.part().empty()) json["part"] = event.part();
  if (event.denial() != v1::DENIAL_REASON_UNSPECIFIED) {
    json["denial"] = DenialReasonSlug(event.denial());
  }
  if (event.corrected_by() != v1::CORRECTION_WAY_UNSPECIFIED) {
    json["corrected_by"] = CorrectionWaySlug(event.corrected_by());
  }
  if (!event.reason().empty()) json["reason"] = event.reason();
  return json;
}

// What is said of the requester and of what they ask about, by name; what is
// empty was not said.
std::vector<std::pair<const char*, std::string>> SaidIn(
    const v1::Request& request) {
  const v1::Requester& requester = request.requester();
  return {{"requester", RequesterKindSlug(requester.kind())},
          {"permission", requester.permission()},
          {"contact", requester.contact()},
          {"locale", requester.locale()},
          {"from_day", request.from_day()},
          {"to_day", request.to_day()},
          {"recorded_residence", request.recorded_residence()}};
}

}  // namespace

std::string RequestLine(const RequestView& view, absl::Time now) {
  return absl::StrCat(
      RefText(view), "  ", RequestKindSlug(view.machine.kind()), ", ",
      RequestStatusSlug(view.machine.status()), ", ", DueText(view, now),
      view.machine.CountSilent() > 0
          ? absl::StrCat(", ", view.machine.CountSilent(), " silent")
          : "",
      "\n");
}

nlohmann::ordered_json RequestLineJson(const RequestView& view,
                                       absl::Time now) {
  const Due due = DueOf(view, now);
  nlohmann::ordered_json json = {
      {"reference", RefText(view)},
      {"kind", RequestKindSlug(view.machine.kind())},
      {"status", RequestStatusSlug(view.machine.status())},
      {"residence", view.request().residence()},
      {"received_at", TimeText(view.machine.received_at())},
      {"silent_parts", view.machine.CountSilent()}};
  if (!due.on.empty()) {
    json["due_on"] = due.on;
    json["rule"] = due.rule;
    json["days_left"] = due.days_left;
  }
  return json;
}

std::string RequestCsv(const RequestView& view, absl::Time now) {
  const Due due = DueOf(view, now);
  return absl::StrCat(
      RefText(view), ",", RequestKindSlug(view.machine.kind()), ",",
      RequestStatusSlug(view.machine.status()), ",", view.request().residence(),
      ",", DayText(view.machine.received_at()), ",", due.on, ",", due.rule, ",",
      due.on.empty() ? "" : absl::StrCat(due.days_left), ",",
      view.machine.CountSilent(), "\n");
}

std::string RequestText(const RequestView& view, absl::Time now) {
  const v1::Request& request = view.request();
  std::string text = absl::StrCat("Request ", RefText(view), ": ",
                                  RequestKindSlug(view.machine.kind()), ", ",
                                  RequestStatusSlug(view.machine.status()),
                                  "\n", DueText(view, now), "\n");
  if (!request.consumer().empty()) {
    absl::StrAppend(&text, "consumer: ", request.consumer(), "\n");
  }
  for (const auto& [name, value] : SaidIn(request)) {
    if (!value.empty()) absl::StrAppend(&text, name, ": ", value, "\n");
  }
  absl::StrAppend(
      &text, "residence: ",
      request.residence().empty() ? "not known" : request.residence(), "; by ",
      RequestChannelSlug(request.channel()), "\n");
  if (request.place_of_collection_size() > 0) {
    absl::StrAppend(&text, "collected in: ",
                    absl::StrJoin(request.place_of_collection(), ", "), "\n");
  }
  absl::StrAppend(&text, "clocks:\n");
  if (view.clocks.empty()) {
    absl::StrAppend(&text, "  no pack of the policy sets one\n");
  }
  for (const LeftOutOf& left : view.left_out) {
    absl::StrAppend(&text, "  ", left.pack->id(), " does not cover ",
                    LeftOutText(*left.left_out), "\n");
  }
  for (const RequestClock& clock : view.clocks) {
    absl::StrAppend(&text, ClockText(clock, now));
  }
  if (!view.machine.parts().empty()) absl::StrAppend(&text, "parts:\n");
  for (const auto& [slug, part] : view.machine.parts()) {
    absl::StrAppend(&text, "  ", slug, ": ", RequestPartStatusSlug(part.status),
                    " since ", DayText(part.changed_at),
                    part.is_told() ? "" : ", not reached yet", "\n");
  }
  absl::StrAppend(&text, "steps:\n");
  for (const v1::RequestEvent& event : request.event()) {
    absl::StrAppend(&text, StepText(event));
  }
  return text;
}

nlohmann::ordered_json RequestJson(const RequestView& view, absl::Time now) {
  nlohmann::ordered_json json = RequestLineJson(view, now);
  const v1::Request& request = view.request();
  json["channel"] = RequestChannelSlug(request.channel());
  if (!request.consumer().empty()) json["consumer"] = request.consumer();
  for (const auto& [name, value] : SaidIn(request)) {
    if (!value.empty()) json[name] = value;
  }
  json["places_of_collection"] = nlohmann::ordered_json::array();
  for (const std::string& place : request.place_of_collection()) {
    json["places_of_collection"].push_back(place);
  }
  json["clocks"] = nlohmann::ordered_json::array();
  for (const RequestClock& clock : view.clocks) {
    json["clocks"].push_back(ClockJson(clock, now));
  }
  json["parts"] = nlohmann::ordered_json::array();
  for (const auto& [slug, part] : view.machine.parts()) {
    json["parts"].push_back(
        {{"part", slug},
         {"kind",
          part.kind == v1::REQUEST_PART_KIND_STORE ? "store" : "recipient"},
         {"status", RequestPartStatusSlug(part.status)},
         {"reached", part.is_told()},
         {"sent_at", TimeText(part.sent_at)}});
  }
  json["not_covered"] = nlohmann::ordered_json::array();
  for (const LeftOutOf& left : view.left_out) {
    json["not_covered"].push_back({{"pack", left.pack->id()},
                                   {"citation", left.left_out->citation()},
                                   {"text", left.left_out->text()}});
  }
  json["steps"] = nlohmann::ordered_json::array();
  for (const v1::RequestEvent& event : request.event()) {
    json["steps"].push_back(StepJson(event));
  }
  return json;
}

}  // namespace subrosa
