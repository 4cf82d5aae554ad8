#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
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

absl::StatusOr<RecipientChange> End(const std::string& id,
                                    absl::CivilDay ended_on, bool dry_run,
                                    const HomeArguments& home) {
  SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay today, DayArgument(""));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Steward> steward,
                           OpenSteward(home));
  RecipientRegistry registry = steward->Recipients();
  if (!dry_run) return registry.End(id, ended_on, today);
  SUBROSA_ASSIGN_OR_RETURN(RecordedRecipient recorded, registry.Find(id));
  recorded.recipient.set_ended_on(absl::FormatCivilTime(ended_on));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RecipientChange> changes,
                           registry.Plan({recorded.recipient}, today));
  return changes[0];
}

}  // namespace

ExitCode RecipientEnd(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  std::vector<std::string> ids;
  std::string on;
  bool dry_run = false;
  CommandLine line("recipient end",
                   "Gives a recipient nothing more from a day on. It stays in "
                   "the lists of who received what; what it has, it has. The "
                   "exit code is 3 if there is no such recipient.");
  line.AddArguments("id", &ids, "The recipient's slug");
  line.AddOption("--on", &on,
                 "The first day on which it is given nothing, as 2026-01-31",
                 Need::kRequired);
  line.AddFlag("--dry-run", &dry_run, "Only say what would be recorded");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<absl::CivilDay> day = DayArgument(on);
  if (ids.size() != 1 || !day.ok()) {
    return UsageError(
        "recipient end",
        ids.size() != 1 ? "want one id" : "--on: want a day as 2026-01-31",
        streams);
  }
  const absl::StatusOr<RecipientChange> change =
      End(ids[0], *day, dry_run, home);
  if (!change.ok()) return FailOrNo(change.status(), streams);
  if (home.json()) {
    const nlohmann::ordered_json json = {
        {"recorded", !dry_run},
        {"id", ids[0]},
        {"change", RecipientChangeName(*change)},
        {"ended_on", on}};
    return Print(json.dump() + "\n", streams);
  }
  return Print(absl::StrCat(ids[0], " is given nothing from ", on, " on.\n",
                            dry_run ? "Dry run: nothing was recorded.\n" : ""),
               streams);
}

}  // namespace subrosa
