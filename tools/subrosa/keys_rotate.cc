#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
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
#include "tools/subrosa/keys_command.h"
#include "tools/subrosa/progress.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

// What there is to move.
struct Plan {
  uint32_t from_epoch = 0;
  bool is_interrupted = false;  // A rotation was begun, and not finished.
  int64_t consumers = 0;        // Under that epoch.
  int64_t all_consumers = 0;
  int32_t destroy_day = 0;
};

Plan PlanOf(const KeyStatus& status) {
  Plan plan;
  const auto from = std::find_if(
      status.epochs.begin(), status.epochs.end(), [](const auto& epoch) {
        return epoch.state == EpochState::kDecryptOnly ||
               epoch.state == EpochState::kEnabled;
      });
  plan.from_epoch = from->epoch;
  plan.is_interrupted = from->state == EpochState::kDecryptOnly;
  plan.consumers = from->consumers;
  for (const EpochStatus& epoch : status.epochs) {
    plan.all_consumers += epoch.consumers;
  }
  plan.destroy_day = status.holds_from_if_rotated;
  return plan;
}

std::string PlanText(const Plan& plan) {
  return absl::StrCat(
      plan.is_interrupted
          ? "This goes on with a rotation that was interrupted, and moves the "
            "keys and directory\nentries"
          : "This opens the next epoch and moves the keys and directory "
            "entries",
      " of ", plan.consumers, " consumers into it, out of epoch ",
      plan.from_epoch, ".\nErasures before it hold in every backup from ",
      DateText(plan.destroy_day),
      " on, when `subrosa keys retire` is run.\n"
      "Dry run: nothing was changed.\n");
}

std::string PlanJson(const Plan& plan) {
  const nlohmann::ordered_json json = {
      {"rotated", false},
      {"interrupted", plan.is_interrupted},
      {"from_epoch", plan.from_epoch},
      {"to_epoch", nullptr},
      {"consumers", plan.consumers},
      {"holds_from", DateText(plan.destroy_day)}};
  return json.dump() + "\n";
}

std::string ResultText(const Plan& plan, const RotationResult& result,
                       const EpochStatus& old) {
  return absl::StrCat(
      "Rotated",
      plan.is_interrupted ? " what an interrupted rotation left" : "",
      " out of epoch ", result.from_epoch, " into epoch ", result.to_epoch,
      ": ", result.consumer_keys, " keys and ", result.directory_entries,
      " directory entries",
      result.index_entries > 0
          ? absl::StrCat(", and ", result.index_entries, " index entries")
          : "",
      ".\nThe log says so.\n", "Erasures made before it was begun (",
      DateText(old.outlook.erasures_before), ") hold in every backup from ",
      DateText(old.outlook.holds_from),
      " on,\nwhen `subrosa keys retire` is run.\n",
      plan.is_interrupted
          ? "For erasures since then, run this again: it begins a new "
            "rotation.\n"
          : "");
}

std::string ResultJson(const Plan& plan, const RotationResult& result,
                       const EpochStatus& old) {
  const nlohmann::ordered_json json = {
      {"rotated", true},
      {"interrupted", plan.is_interrupted},
      {"from_epoch", result.from_epoch},
      {"to_epoch", result.to_epoch},
      {"consumers", result.consumer_keys},
      {"holds_from", DateOrNull(old.outlook.holds_from)}};
  return json.dump() + "\n";
}

absl::StatusOr<EpochStatus> FindEpoch(KeyCustody custody, uint32_t number) {
  SUBROSA_ASSIGN_OR_RETURN(const KeyStatus status, custody.ReadStatus());
  for (const EpochStatus& epoch : status.epochs) {
    if (epoch.epoch == number) return epoch;
  }
  return absl::DataLossError(
      absl::StrCat("key store: want epoch ", number, ", got none"));
}

absl::StatusOr<RotationResult> Rotate(Steward& steward, const Plan& plan,
                                      const Streams& streams) {
  RotationResult result;
  {
    Progress progress(streams);
    SUBROSA_ASSIGN_OR_RETURN(
        result, steward.Custody().Rotate([&](int64_t rows) {
          const int64_t total = 2 * plan.all_consumers;
          progress.ShowPercent("keys", std::min(rows, total), total);
        }));
  }
  SUBROSA_RETURN_IF_ERROR(
      Annotate(steward.AwaitCheckpoint(),
               "the keys are rotated, but no checkpoint says so yet"));
  return result;
}

}  // namespace

ExitCode KeysRotate(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  bool dry_run = false;
  CommandLine line(
      "keys rotate",
      "Moves every consumer's key and directory entry into a new epoch, while "
      "services go on. Once the backups of the key store made until now are "
      "past retention, `keys retire` destroys the old epoch, and they are "
      "closed for good. A rotation that was interrupted goes on.");
  line.AddFlag("--dry-run", &dry_run, "Only say what would be done");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<KeyStatus> status = (*steward)->Custody().ReadStatus();
  if (!status.ok()) return Fail(status.status(), streams);
  const Plan plan = PlanOf(*status);
  if (dry_run) {
    return Print(home.json() ? PlanJson(plan) : PlanText(plan), streams);
  }
  const absl::StatusOr<RotationResult> result =
      Rotate(**steward, plan, streams);
  if (!result.ok()) return Fail(result.status(), streams);
  const absl::StatusOr<EpochStatus> old =
      FindEpoch((*steward)->Custody(), result->from_epoch);
  if (!old.ok()) return Fail(old.status(), streams);
  return Print(home.json() ? ResultJson(plan, *result, *old)
                           : ResultText(plan, *result, *old),
               streams);
}

}  // namespace subrosa
