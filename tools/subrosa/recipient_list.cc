#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"
#include "src/recipients/contract_items.h"
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

std::string ListText(const std::vector<RecordedRecipient>& recipients) {
  if (recipients.empty()) return "No recipients.\n";
  std::string text;
  for (const RecordedRecipient& recorded : recipients) {
    const v1::Recipient& recipient = recorded.recipient;
    const std::string& email = recipient.contact().email();
    absl::StrAppend(&text, recipient.id(), "  ", recipient.name(), ", ",
                    RecipientRoleName(recipient.role()), ", ",
                    email.empty() ? recipient.contact().url() : email,
                    recipient.ended_on().empty() ? "" : ", ended on ",
                    recipient.ended_on(), "\n");
  }
  return text;
}

std::string ListJson(const std::vector<RecordedRecipient>& recipients,
                     absl::CivilDay day) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const RecordedRecipient& recorded : recipients) {
    list.push_back(RecipientJson(recorded));
  }
  const nlohmann::ordered_json json = {{"on", absl::FormatCivilTime(day)},
                                       {"recipients", list}};
  return json.dump() + "\n";
}

}  // namespace

ExitCode RecipientList(absl::Span<const std::string> arguments,
                       const Streams& streams) {
  std::string on;
  CommandLine line("recipient list",
                   "Lists the recipients, ended ones among them, as they were "
                   "recorded on a day.");
  line.AddOption("--on", &on, "The day, as 2026-01-31 [today]");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<absl::CivilDay> day = DayArgument(on);
  if (!day.ok()) {
    return UsageError("recipient list", "--on: want a day as 2026-01-31",
                      streams);
  }
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::vector<RecordedRecipient>> recipients =
      (*steward)->Recipients().ReadAllOn(*day);
  if (!recipients.ok()) return Fail(recipients.status(), streams);
  return Print(
      home.json() ? ListJson(*recipients, *day) : ListText(*recipients),
      streams);
}

}  // namespace subrosa
