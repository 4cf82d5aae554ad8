#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/request/request_desk.h"
#include "src/request/request_tally.h"
#include "src/request/request_text.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/request_arguments.h"
#include "tools/subrosa/request_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

constexpr const char* kGrounds[] = {"not-verifiable", "not-by-a-consumer",
                                    "exempt", "other"};

int64_t DeniedOn(const KindTally& tally, const char* ground) {
  const auto found = tally.denied_on.find(ground);
  return found == tally.denied_on.end() ? 0 : found->second;
}

std::string Decimal(double days) { return absl::StrFormat("%.1f", days); }

std::string TallyText(const std::string& name, const KindTally& tally) {
  std::string text = absl::StrCat(
      name, ": ", tally.received, " received, ", tally.completed,
      " complied with, ", tally.completed_in_part, " in part, ", tally.denied,
      " denied, ", tally.taken_back, " taken back, ", tally.open, " open (",
      tally.late, " late)\n  days to the answer: median ",
      Decimal(tally.MedianDays()), ", mean ", Decimal(tally.MeanDays()),
      "; extended ", tally.extended, "; appeals ", tally.appeals, ", granted ",
      tally.appeals_granted, "\n");
  if (tally.denied == 0) return text;
  absl::StrAppend(&text, "  denied as");
  for (const char* ground : kGrounds) {
    absl::StrAppend(&text, ground == kGrounds[0] ? " " : ", ", ground, " ",
                    DeniedOn(tally, ground));
  }
  return text + "\n";
}

nlohmann::ordered_json TallyJson(const std::string& name,
                                 const KindTally& tally) {
  nlohmann::ordered_json grounds = nlohmann::ordered_json::object();
  for (const char* ground : kGrounds) grounds[ground] = DeniedOn(tally, ground);
  return {{"kind", name},
          {"received", tally.received},
          {"completed", tally.completed},
          {"completed_in_part", tally.completed_in_part},
          {"denied", tally.denied},
          {"denied_on", grounds},
          {"taken_back", tally.taken_back},
          {"open", tally.open},
          {"late", tally.late},
          {"median_days", tally.MedianDays()},
          {"mean_days", tally.MeanDays()},
          {"extended", tally.extended},
          {"appeals", tally.appeals},
          {"appeals_granted", tally.appeals_granted}};
}

constexpr absl::string_view kCsvHead =
    "kind,received,completed,completed_in_part,denied,not_verifiable,"
    "not_by_a_consumer,exempt,other,taken_back,open,late,median_days,mean_days,"
    "extended,appeals,appeals_granted\n";

std::string TallyCsv(const std::string& name, const KindTally& tally) {
  std::string line =
      absl::StrCat(name, ",", tally.received, ",", tally.completed, ",",
                   tally.completed_in_part, ",", tally.denied);
  for (const char* ground : kGrounds) {
    absl::StrAppend(&line, ",", DeniedOn(tally, ground));
  }
  return absl::StrCat(line, ",", tally.taken_back, ",", tally.open, ",",
                      tally.late, ",", Decimal(tally.MedianDays()), ",",
                      Decimal(tally.MeanDays()), ",", tally.extended, ",",
                      tally.appeals, ",", tally.appeals_granted, "\n");
}

}  // namespace

ExitCode ReportRequests(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  uint64_t year = static_cast<uint64_t>(
      absl::ToCivilYear(absl::Now(), absl::UTCTimeZone()).year());
  bool csv = false;
  CommandLine line("report requests",
                   "Counts the requests that were received in a year, by kind: "
                   "complied with in whole and in part, denied and on which "
                   "ground, days to the answer (11 CCR 7102).");
  line.AddNumber("--year", &year, "The year [this one]");
  line.AddFlag("--csv", &csv, "As comma-separated values");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if ((csv && home.json()) || year < 1970 || year > 9998) {
    return UsageError("report requests",
                      csv && home.json()
                          ? "want --csv or --format json, got both"
                          : "--year: want 1970 to 9998",
                      streams);
  }
  const absl::StatusOr<OpenDesk> open = OpenRequestDesk(home);
  if (!open.ok()) return Fail(open.status(), streams);
  const absl::StatusOr<RequestTally> tally =
      open->desk->Tally(static_cast<int64_t>(year), static_cast<int64_t>(year));
  if (!tally.ok()) return Fail(tally.status(), streams);

  std::vector<std::pair<std::string, KindTally>> rows;
  for (const auto& [kind, of_kind] : tally->kinds()) {
    rows.emplace_back(RequestKindSlug(kind), of_kind);
  }
  rows.emplace_back("all", tally->Total());
  if (home.json()) {
    nlohmann::ordered_json kinds = nlohmann::ordered_json::array();
    for (const auto& [name, of_kind] : rows) {
      kinds.push_back(TallyJson(name, of_kind));
    }
    return Print(
        nlohmann::ordered_json{{"year", year}, {"kinds", kinds}}.dump() + "\n",
        streams);
  }
  std::string text = csv ? std::string(kCsvHead)
                         : absl::StrCat("Requests received in ", year, "\n");
  for (const auto& [name, of_kind] : rows) {
    text += csv ? TallyCsv(name, of_kind) : TallyText(name, of_kind);
  }
  return Print(text, streams);
}

}  // namespace subrosa
