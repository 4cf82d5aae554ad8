#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/recipients/receiving.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/law_arguments.h"
#include "tools/subrosa/recipient_arguments.h"
#include "tools/subrosa/recipient_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

absl::StatusOr<std::string> Show(const std::string& id,
                                 const HomeArguments& home) {
  SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay today, DayArgument(""));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Steward> steward,
                           OpenSteward(home));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<RecipientDemands> demands,
      ReadRecipientDemands(home.folder(), steward->entity()));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RecordedRecipient> versions,
                           steward->Recipients().ReadHistory(id));
  const RecordedRecipient& newest = versions.back();
  const RecipientStanding standing =
      StandingOf(newest.recipient, *demands, today, Handover::kElsewhere);
  if (home.json()) {
    nlohmann::ordered_json json = RecipientJson(newest);
    json.update(StandingJson(standing, demands->law));
    json["history"] = nlohmann::ordered_json::array();
    for (const RecordedRecipient& version : versions) {
      json["history"].push_back(RecipientJson(version));
    }
    return json.dump() + "\n";
  }
  std::string text =
      absl::StrCat(RecipientText(newest),
                   StandingText(newest.recipient, standing, demands->law));
  for (size_t i = versions.size() - 1; i > 0; --i) {
    absl::StrAppend(&text, "\nBefore that:\n", RecipientText(versions[i - 1]));
  }
  return text;
}

}  // namespace

ExitCode RecipientShow(absl::Span<const std::string> arguments,
                       const Streams& streams) {
  std::vector<std::string> ids;
  CommandLine line("recipient show",
                   "Shows one recipient, whether it may receive today, and "
                   "each earlier version. The exit code is 3 if there is no "
                   "such recipient.");
  line.AddArguments("id", &ids, "The recipient's slug");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (ids.size() != 1) {
    return UsageError("recipient show", "want one id", streams);
  }
  const absl::StatusOr<std::string> shown = Show(ids[0], home);
  if (!shown.ok()) return FailOrNo(shown.status(), streams);
  return Print(*shown, streams);
}

}  // namespace subrosa
