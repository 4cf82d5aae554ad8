#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/steward/steward.h"
#include "src/vault/epochs.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_rotation.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/key_text.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// The day on which the next epoch may be destroyed; 0 if none is scheduled.
int32_t NextDue(const KeyStatus& status) {
  for (const EpochStatus& epoch : status.epochs) {
    if (epoch.state == EpochState::kScheduled) return epoch.destroy_day;
  }
  return 0;
}

std::vector<EpochStatus> Due(const KeyStatus& status) {
  std::vector<EpochStatus> due;
  for (const EpochStatus& epoch : status.epochs) {
    if (epoch.is_due) due.push_back(epoch);
  }
  return due;
}

std::string NothingText(const KeyStatus& status) {
  const int32_t next = NextDue(status);
  return absl::StrCat(
      "Nothing is due",
      next == 0 ? ", and no epoch is scheduled: `subrosa keys rotate` comes "
                  "first"
                : absl::StrCat("; the next epoch is on ", DateText(next)),
      ".\n");
}

std::string PlanText(const std::vector<EpochStatus>& due) {
  std::string text =
      "This destroys for good, and closes every backup of the key store made "
      "under it:\n";
  for (const EpochStatus& epoch : due) {
    absl::StrAppend(
        &text, "  epoch ", epoch.epoch,
        epoch.state == EpochState::kDestroyed
            ? ", destroyed before and there again\n"
            : absl::StrCat(", due since ", DateText(epoch.destroy_day), "\n"));
  }
  return absl::StrCat(text, "Dry run: nothing was changed.\n");
}

std::string ResultText(const std::vector<RetiredEpoch>& retired,
                       const KeyStatus& after) {
  std::string text;
  for (const RetiredEpoch& each : retired) {
    absl::StrAppend(&text, "Destroyed epoch ", each.epoch, ": ",
                    each.evidence.facts, ".\nAssurance ",
                    AssuranceLetter(each.evidence.assurance), ": ",
                    AssuranceText(each.evidence.assurance), ".\n");
  }
  absl::StrAppend(&text, "The log says so.\n");
  for (const EpochStatus& epoch : after.epochs) {
    if (epoch.epoch == retired.back().epoch) {
      absl::StrAppend(&text, OutlookText(epoch));
    }
  }
  return text;
}

// `is_done` is false for a dry run.
std::string ResultJson(const std::vector<RetiredEpoch>& retired,
                       const KeyStatus& status, bool is_done) {
  Json epochs = Json::array();
  for (const RetiredEpoch& each : retired) {
    epochs.push_back(
        {{"epoch", each.epoch},
         {"assurance",
          is_done ? Json(AssuranceLetter(each.evidence.assurance)) : Json()},
         {"provider", is_done ? Json(each.evidence.provider) : Json()},
         {"facts", is_done ? Json(each.evidence.facts) : Json()}});
  }
  const Json json = {{"retired", is_done && !retired.empty()},
                     {"epochs", epochs},
                     {"next_due", DateOrNull(NextDue(status))}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Waits for the log also if nothing is due: an earlier call may have been
// killed once it was done.
absl::StatusOr<std::vector<RetiredEpoch>> Retire(Steward& steward) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RetiredEpoch> retired,
                           steward.Custody().Retire());
  SUBROSA_RETURN_IF_ERROR(
      Annotate(steward.AwaitCheckpoint(),
               "what is due is destroyed, but no checkpoint says so yet"));
  return retired;
}

}  // namespace

ExitCode KeysRetire(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  bool dry_run = false;
  CommandLine line(
      "keys retire",
      "Destroys the epochs that are due: every backup of the key store made "
      "under them is past retention, and is closed for good by it. The exit "
      "code is 3 if none is due.");
  line.AddFlag("--dry-run", &dry_run, "Only say what would be destroyed");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<KeyStatus> before = (*steward)->Custody().ReadStatus();
  if (!before.ok()) return Fail(before.status(), streams);
  const std::vector<EpochStatus> due = Due(*before);
  if (dry_run && !due.empty()) {
    std::vector<RetiredEpoch> planned;
    planned.reserve(due.size());
    for (const EpochStatus& epoch : due) planned.push_back({epoch.epoch, {}});
    return Print(
        home.json() ? ResultJson(planned, *before, false) : PlanText(due),
        streams);
  }
  std::vector<RetiredEpoch> retired;
  if (!dry_run) {
    absl::StatusOr<std::vector<RetiredEpoch>> done = Retire(**steward);
    if (!done.ok()) return Fail(done.status(), streams);
    retired = *std::move(done);
  }
  const absl::StatusOr<KeyStatus> after = (*steward)->Custody().ReadStatus();
  if (!after.ok()) return Fail(after.status(), streams);
  const ExitCode printed =
      Print(home.json()       ? ResultJson(retired, *after, true)
            : retired.empty() ? NothingText(*after)
                              : ResultText(retired, *after),
            streams);
  if (printed != ExitCode::kDone || !retired.empty()) return printed;
  return ExitCode::kNo;
}

}  // namespace subrosa
