// What became of a year's requests, as statutes have it published: by the kinds
// of request that a rule of a pack lists, of the state's residents and of all.
//
// Source: rules "ca-ccpa/metrics" (11 CCR 7102(a)) and "ca-delete-act/metrics"
// (Cal. Civ. Code 1798.99.85). The one asks for whole and part together and for
// median or mean days, the other for each apart: both are given.
#ifndef SUBROSA_SRC_NOTICE_METRICS_REPORT_H_
#define SUBROSA_SRC_NOTICE_METRICS_REPORT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/law/law_book.h"
#include "src/request/request_tally.h"
#include "src/request/request_traits.h"

namespace subrosa {

// Of one kind that the rule lists.
struct MetricsRow {
  std::string key;   // "delete".
  std::string text;  // "requests to delete".
  KindTally residents;
  KindTally all;
};

// A browser's signals to opt out, which are no requests of the list: they are
// counted apart, and a footnote says so.
struct SignalCount {
  int64_t residents = 0;
  int64_t all = 0;
};

struct MetricsReport {
  std::string entity;
  int64_t year = 0;
  std::string rule;
  std::string citation;
  std::string certainty;     // In words.
  std::string jurisdiction;  // "US-CA".
  std::vector<MetricsRow> rows;
  SignalCount signals;
  // The last day on which to publish it; empty: the packs name none.
  std::string publish_by;
  // From how many consumers on it has to be published; 0: any.
  int64_t from_consumers = 0;
};

// Counts requests by what they have in common. Thread-compatible; memory does
// not grow with their number.
class MetricsCounter {
 public:
  // `rule` lists the kinds. Days and years are in UTC.
  MetricsCounter(const LawEntry& rule, absl::CivilYear year);

  // There are `requests` more of `traits` (RequestDesk::VisitCounts).
  void Add(const RequestTraits& traits, int64_t requests);

  // INTERNAL if a rule of the packs is not of the shape that is expected.
  absl::StatusOr<MetricsReport> Finish(const LawBook& law,
                                       const std::string& entity,
                                       const SignalCount& signals) const;

 private:
  const LawEntry& rule_;
  const absl::CivilYear year_;
  RequestTally residents_;
  RequestTally all_;
};

// For a terminal, for a site (with a chart, and a style for print), for a
// spreadsheet, and for programs (docs/formats/json.md).
std::string MetricsText(const MetricsReport& report);
std::string MetricsHtml(const MetricsReport& report);
std::string MetricsCsv(const MetricsReport& report);
std::string MetricsJson(const MetricsReport& report);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_METRICS_REPORT_H_
