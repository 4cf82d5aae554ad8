#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"
#include "src/recipients/receiving.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/steward.h"
#include "subrosa/v1/recipient.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/law_arguments.h"
#include "tools/subrosa/recipient_arguments.h"
#include "tools/subrosa/recipient_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

struct Checked {
  v1::Recipient recipient;
  RecipientStanding standing;
};

std::string CheckText(const std::vector<Checked>& checked,
                      const RecipientDemands& demands) {
  std::string text = checked.empty() ? "No recipients.\n" : "";
  for (const Checked& each : checked) {
    text += StandingText(each.recipient, each.standing, demands.law);
  }
  absl::StrAppend(
      &text, "By the packs of the policy: ", absl::StrJoin(demands.packs, ", "),
      ".\nThis informs; it is no legal advice.\n");
  return text;
}

std::string CheckJson(const std::vector<Checked>& checked,
                      const RecipientDemands& demands, absl::CivilDay day) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Checked& each : checked) {
    nlohmann::ordered_json json = {{"id", each.recipient.id()}};
    json.update(StandingJson(each.standing, demands.law));
    list.push_back(json);
  }
  const nlohmann::ordered_json json = {{"on", absl::FormatCivilTime(day)},
                                       {"packs", demands.packs},
                                       {"recipients", list}};
  return json.dump() + "\n";
}

}  // namespace

ExitCode RecipientCheck(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  std::string on;
  bool sealed = false;
  CommandLine line(
      "recipient check",
      "Says of each recipient that is not ended whether it may receive, and if "
      "not, why. The exit code is 3 if one may not. Whether a consumer allows "
      "it is another question.");
  line.AddOption("--on", &on, "The day, as 2026-01-31 [today]");
  line.AddFlag("--sealed", &sealed,
               "Ask also for a key to seal shared data to");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<absl::CivilDay> day = DayArgument(on);
  if (!day.ok()) {
    return UsageError("recipient check", "--on: want a day as 2026-01-31",
                      streams);
  }
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::unique_ptr<RecipientDemands>> demands =
      ReadRecipientDemands(home.folder(), (*steward)->entity());
  if (!demands.ok()) return Fail(demands.status(), streams);
  const absl::StatusOr<std::vector<RecordedRecipient>> recipients =
      (*steward)->Recipients().ReadAllOn(*day);
  if (!recipients.ok()) return Fail(recipients.status(), streams);

  std::vector<Checked> checked;
  bool all_may = true;
  for (const RecordedRecipient& recorded : *recipients) {
    const v1::Recipient& recipient = recorded.recipient;
    // Days of one form compare as text.
    if (!recipient.ended_on().empty() &&
        recipient.ended_on() <= absl::FormatCivilTime(*day)) {
      continue;
    }
    checked.push_back({recipient, StandingOf(recipient, **demands, *day,
                                             sealed ? Handover::kSealed
                                                    : Handover::kElsewhere)});
    all_may = all_may && checked.back().standing.faults.empty();
  }
  const ExitCode printed =
      Print(home.json() ? CheckJson(checked, **demands, *day)
                        : CheckText(checked, **demands),
            streams);
  if (printed != ExitCode::kDone || all_may) return printed;
  return ExitCode::kNo;
}

}  // namespace subrosa
