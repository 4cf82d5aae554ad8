#include "tests/year/year_report.h"

#include <cstdio>
#include <limits>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/law/law_book.h"
#include "src/notice/metrics_report.h"
#include "src/request/request_clocks.h"
#include "src/request/request_machine.h"
#include "src/request/request_tally.h"
#include "src/request/request_text.h"
#include "src/request/request_traits.h"
#include "src/steward/home.h"
#include "subrosa/v1/certificate.pb.h"
#include "subrosa/v1/erasure.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

using Json = nlohmann::json;

void PrintLine(const Json& json) { std::printf("%s\n", json.dump().c_str()); }

Json ClockOf(const RequestClock& clock, absl::Time now) {
  constexpr const char* kStates[] = {"running", "waiting", "met", "elsewhere"};
  Json json = {{"state", kStates[static_cast<int>(clock.state)]}};
  if (clock.started_at != absl::InfiniteFuture()) {
    json["due_on"] = absl::FormatCivilTime(clock.last_day);
    json["due_at"] = absl::ToUnixSeconds(clock.due_at);
    json["extended"] = clock.is_extended;
    json["late"] = clock.IsLate(now);
  }
  return json;
}

Json RequestOf(const RequestView& view, absl::Time now) {
  Json json = {{"ref", absl::BytesToHexString(view.kept.request_ref)},
               {"kind", RequestKindSlug(view.machine.kind())},
               {"status", RequestStatusSlug(view.machine.status())},
               {"open", view.machine.IsOpen()},
               {"silent", view.machine.CountSilent()},
               {"revision", view.kept.revision},
               {"consumer", view.request().consumer()},
               {"contact", view.request().requester().contact()},
               {"permission", view.request().requester().permission()},
               {"clocks", Json::object()},
               {"parts", Json::object()},
               {"steps", Json::array()}};
  for (const RequestClock& clock : view.clocks) {
    json["clocks"][clock.rule->id] = ClockOf(clock, now);
  }
  for (const auto& [slug, part] : view.machine.parts()) {
    json["parts"][slug] = RequestPartStatusSlug(part.status);
  }
  bool has_reason = false;
  for (const v1::RequestEvent& event : view.request().event()) {
    json["steps"].push_back(
        {RequestEventSlug(event.kind()), event.at().seconds(), event.part()});
    has_reason |= !event.reason().empty() || event.has_authentication();
  }
  json["says_why"] = has_reason;
  return json;
}

const char* PartyText(v1::PartyState state) {
  switch (state) {
    case v1::PARTY_STATE_DONE:
      return "done";
    case v1::PARTY_STATE_ACCEPTED:
      return "accepted";
    case v1::PARTY_STATE_REFUSED:
      return "refused";
    default:
      return "silent";
  }
}

}  // namespace

absl::Status YearReport::PrintRequests(
    const std::map<int64_t, std::string>& refs) {
  std::map<std::string, int64_t> numbers;
  for (const auto& [number, ref] : refs) numbers[ref] = number;
  const absl::Time now = clock_.Now();
  SUBROSA_RETURN_IF_ERROR(desk_.VisitAll([&](const RequestView& view) {
    Json json = RequestOf(view, now);
    const auto number = numbers.find(view.kept.request_ref);
    json["request"] = number == numbers.end() ? 0 : number->second;
    PrintLine(json);
    return absl::OkStatus();
  }));
  Json due = Json::array();
  SUBROSA_RETURN_IF_ERROR(desk_.VisitDue(
      std::numeric_limits<int64_t>::max(), [&](const RequestView& view) {
        due.push_back(numbers[view.kept.request_ref]);
        return absl::OkStatus();
      }));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t open, desk_.CountOpen());
  PrintLine({{"due", due}, {"open", open}});
  return absl::OkStatus();
}

absl::Status YearReport::PrintCounts() {
  SUBROSA_ASSIGN_OR_RETURN(const RequestTally tally, desk_.Tally(1970, 9999));
  for (const auto& [kind, counted] : tally.kinds()) {
    PrintLine({{"tally", RequestKindSlug(kind)},
               {"received", counted.received},
               {"open", counted.open},
               {"late", counted.late},
               {"completed", counted.completed},
               {"completed_in_part", counted.completed_in_part},
               {"denied", counted.denied},
               {"denied_on", counted.denied_on},
               {"taken_back", counted.taken_back},
               {"extended", counted.extended},
               {"appeals", counted.appeals},
               {"appeals_granted", counted.appeals_granted},
               {"mean_days", counted.MeanDays()},
               {"median_days", counted.MedianDays()}});
  }
  return absl::OkStatus();
}

absl::Status YearReport::PrintMetrics() {
  SUBROSA_ASSIGN_OR_RETURN(const LawBook law, LawBook::BuiltIn());
  const absl::Time now = clock_.Now();
  for (const char* const rule : {"ca-ccpa/metrics", "ca-delete-act/metrics"}) {
    const auto now_in = absl::ToCivilYear(now, absl::UTCTimeZone());
    for (const absl::CivilYear year : {now_in - 1, now_in}) {
      MetricsCounter counter(*law.Find(rule), year);
      SUBROSA_RETURN_IF_ERROR(
          desk_.VisitCounts([&](const RequestTraits& traits, int64_t requests) {
            counter.Add(traits, requests);
            return absl::OkStatus();
          }));
      SUBROSA_ASSIGN_OR_RETURN(const MetricsReport report,
                               counter.Finish(law, steward_.entity(), {}));
      PrintLine({{"metrics", rule},
                 {"year", year.year()},
                 {"report", Json::parse(MetricsJson(report))}});
    }
  }
  return absl::OkStatus();
}

absl::Status YearReport::PrintErasures(
    const std::vector<std::string>& consumers,
    const std::string& certificates) {
  for (const std::string& consumer : consumers) {
    Json json = {{"erasure", consumer},
                 {"held", steward_.CountRows(consumer).ok()},
                 {"kept", false}};
    const absl::StatusOr<v1::StoredErasure> erasure = erasures_.Find(consumer);
    if (!erasure.ok() && !absl::IsNotFound(erasure.status())) {
      return erasure.status();
    }
    if (erasure.ok()) {
      json["kept"] = true;
      json["parties"] = Json::object();
      for (const v1::ErasureParty& party : erasure->party()) {
        json["parties"][party.party().id()] = PartyText(party.party().state());
      }
      SUBROSA_ASSIGN_OR_RETURN(const std::string file,
                               erasures_.Certificate(consumer));
      SUBROSA_RETURN_IF_ERROR(ReplaceFile(
          absl::StrCat(certificates, "/", consumer, ".txt"), file, 0600));
    }
    PrintLine(json);
  }
  SUBROSA_ASSIGN_OR_RETURN(const HomeLog log, ReadHomeLog(steward_.folder()));
  PrintLine({{"vkey", log.log_keys.back().vkey},
             {"log", LogFolderOf(steward_.folder())}});
  return absl::OkStatus();
}

}  // namespace subrosa
