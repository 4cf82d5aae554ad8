#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "src/audit/leaf.h"
#include "src/audit/log_reader.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/law/law_book.h"
#include "src/notice/metrics_report.h"
#include "src/request/request_desk.h"
#include "src/request/request_traits.h"
#include "src/steward/home.h"
#include "src/steward/steward.h"
#include "src/vault/signal_counts.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/report_command.h"
#include "tools/subrosa/request_arguments.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

// For a year in which signals were not counted as they were taken. What the log
// says of a choice names nobody, and anyone who has its entries counts the
// same.
absl::StatusOr<SignalCount> CountSignalsInLog(Steward& steward,
                                              absl::CivilYear year,
                                              absl::string_view jurisdiction) {
  SUBROSA_RETURN_IF_ERROR(steward.AwaitCheckpoint());
  SUBROSA_ASSIGN_OR_RETURN(LogReader log, steward.ReadLog());
  SignalCount count;
  SUBROSA_RETURN_IF_ERROR(log.VisitEntries(
      0, log.checkpoint().size,
      [&](uint64_t, absl::string_view entry) -> absl::Status {
        SUBROSA_ASSIGN_OR_RETURN(const Leaf leaf, ParseLeaf(entry));
        if (leaf.kind != LeafKind::kChoice || leaf.numbers.empty() ||
            leaf.numbers[0] != v1::CHOICE_KIND_SIGNAL ||
            CivilDayOf(static_cast<int32_t>(leaf.day)).year() != year.year()) {
          return absl::OkStatus();
        }
        ++count.all;
        if (leaf.jurisdiction == jurisdiction) ++count.residents;
        return absl::OkStatus();
      }));
  return count;
}

absl::StatusOr<SignalCount> CountSignals(const HomeArguments& home,
                                         const OpenDesk& open, Steward& steward,
                                         absl::CivilYear year,
                                         const std::string& jurisdiction) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Vault> vault,
      OpenVault(home.folder(), *open.home.provider, steward.clock()));
  SUBROSA_ASSIGN_OR_RETURN(const std::optional<SignalsOfYear> counted,
                           SignalCounts(vault->records())
                               .Read(static_cast<int32_t>(year.year()),
                                     DayOf(steward.clock().Now())));
  if (!counted.has_value()) {
    return CountSignalsInLog(steward, year, jurisdiction);
  }
  SignalCount count;
  count.all = counted->all;
  const auto residents = counted->by_jurisdiction.find(jurisdiction);
  if (residents != counted->by_jurisdiction.end()) {
    count.residents = residents->second;
  }
  return count;
}

absl::StatusOr<MetricsReport> MakeReport(const HomeArguments& home,
                                         const std::string& rule_id,
                                         absl::CivilYear year) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Steward> steward,
                           OpenSteward(home));
  SUBROSA_ASSIGN_OR_RETURN(const OpenDesk open, OpenRequestDesk(home));
  const LawEntry* const rule = open.law->Find(rule_id);
  if (rule == nullptr) {
    return absl::InternalError("law: want the rule on metrics, got none");
  }
  MetricsCounter counter(*rule, year);
  SUBROSA_RETURN_IF_ERROR(open.desk->VisitCounts(
      [&](const RequestTraits& traits, int64_t requests) {
        counter.Add(traits, requests);
        return absl::OkStatus();
      }));
  SUBROSA_ASSIGN_OR_RETURN(
      const SignalCount signals,
      CountSignals(home, open, *steward, year, rule->pack->jurisdiction()));
  return counter.Finish(*open.law, steward->entity(), signals);
}

}  // namespace

ExitCode ReportMetrics(absl::Span<const std::string> arguments,
                       const Streams& streams) {
  uint64_t year = static_cast<uint64_t>(
      absl::ToCivilYear(absl::Now(), absl::UTCTimeZone()).year() - 1);
  int rule = 0;
  bool html = false;
  bool csv = false;
  CommandLine line("report metrics",
                   "Writes what became of a year's requests as California has "
                   "it published: by kind, of its residents and of all, with "
                   "median and mean days; opt-out signals are counted apart.");
  line.AddNumber("--year", &year, "The year [the last one]");
  line.AddChoice("--for", &rule, {{"ca", 0}, {"brokers", 1}},
                 "ca: 11 CCR 7102; brokers: the Delete Act [ca]");
  line.AddFlag("--html", &html, "As a page with charts");
  line.AddFlag("--csv", &csv, "As comma-separated values");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if ((html ? 1 : 0) + (csv ? 1 : 0) + (home.json() ? 1 : 0) > 1) {
    return UsageError(
        "report metrics",
        "want one of --html, --csv and --format json, got several", streams);
  }
  if (year < 1970 || year > 9998) {
    return UsageError("report metrics", "--year: want 1970 to 9998", streams);
  }
  const absl::StatusOr<MetricsReport> report =
      MakeReport(home, rule == 0 ? "ca-ccpa/metrics" : "ca-delete-act/metrics",
                 absl::CivilYear(static_cast<int64_t>(year)));
  if (!report.ok()) return Fail(report.status(), streams);
  return Print(html          ? MetricsHtml(*report)
               : csv         ? MetricsCsv(*report)
               : home.json() ? MetricsJson(*report)
                             : MetricsText(*report),
               streams);
}

}  // namespace subrosa
