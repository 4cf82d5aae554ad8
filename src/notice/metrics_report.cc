#include "src/notice/metrics_report.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"
#include "src/law/deadline.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

KindTally SumOf(const v1::ContentItem& item, const RequestTally& tally) {
  KindTally sum;
  for (const int kind : item.request()) {
    const auto found = tally.kinds().find(static_cast<v1::RequestKind>(kind));
    if (found != tally.kinds().end()) sum.Add(found->second);
  }
  return sum;
}

}  // namespace

MetricsCounter::MetricsCounter(const LawEntry& rule, absl::CivilYear year)
    : rule_(rule), year_(year) {}

void MetricsCounter::Add(const RequestTraits& traits, int64_t requests) {
  if (traits.received_year != year_.year()) return;
  all_.Add(traits, requests);
  if (traits.residence == rule_.pack->jurisdiction()) {
    residents_.Add(traits, requests);
  }
}

absl::StatusOr<MetricsReport> MetricsCounter::Finish(
    const LawBook& law, const std::string& entity,
    const SignalCount& signals) const {
  MetricsReport report;
  report.entity = entity;
  report.year = year_.year();
  report.rule = rule_.id;
  report.citation = rule_.rule->citation();
  report.certainty = std::string(CertaintyText(rule_.rule->certainty()));
  report.jurisdiction = rule_.pack->jurisdiction();
  report.signals = signals;
  for (const v1::ContentItem& item : rule_.rule->contents().item()) {
    if (item.request().empty()) continue;
    report.rows.push_back(
        {item.key(), item.text(), SumOf(item, residents_), SumOf(item, all_)});
  }
  if (report.rows.empty()) {
    return absl::InternalError(absl::StrCat("law: want kinds of requests that ",
                                            rule_.id, " counts, got none"));
  }
  for (const LawEntry& entry : law.entries()) {
    if (entry.pack != rule_.pack) continue;
    if (entry.rule->threshold().duty() == "publish-metrics") {
      report.from_consumers = entry.rule->threshold().value();
    }
    if (entry.rule->deadline().step() != v1::CLOCK_STEP_PUBLISH) continue;
    // The year has ended once the next has begun.
    SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay day,
                             LastDayOf(entry.rule->deadline().within(),
                                       absl::CivilDay(year_ + 1), nullptr));
    report.publish_by = absl::FormatCivilTime(day);
  }
  return report;
}

}  // namespace subrosa
