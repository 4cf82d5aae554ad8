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
#include "src/vault/evidence_store.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_rotation.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/key_text.h"
#include "tools/subrosa/keys_command.h"
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

// What is due, or what was destroyed.
struct Work {
  std::vector<RetiredEpoch> epochs;
  std::vector<DestroyedEvidence> evidence;
  int64_t key_versions = 0;

  bool empty() const {
    return epochs.empty() && evidence.empty() && key_versions == 0;
  }
};

std::string VersionsText(int64_t versions) {
  return absl::StrCat(versions,
                      " versions of keys, of erased parts and renewed keys");
}

std::string PlanText(const std::vector<EpochStatus>& due, const Work& work) {
  std::string text;
  if (work.key_versions > 0) {
    absl::StrAppend(&text, "This destroys for good ",
                    VersionsText(work.key_versions), ".\n");
  }
  for (const DestroyedEvidence& each : work.evidence) {
    absl::StrAppend(&text, "This destroys the key of the evidence of ",
                    each.year, ", whose year is over.\n");
  }
  if (!due.empty()) {
    absl::StrAppend(&text,
                    "This destroys for good, and closes every backup of the "
                    "key store made under it:\n");
  }
  for (const EpochStatus& epoch : due) {
    absl::StrAppend(
        &text, "  epoch ", epoch.epoch,
        epoch.state == EpochState::kDestroyed
            ? ", destroyed before and there again\n"
            : absl::StrCat(", due since ", DateText(epoch.destroy_day), "\n"));
  }
  return absl::StrCat(text, "Dry run: nothing was changed.\n");
}

std::string ResultText(const Work& done, const KeyStatus& after) {
  std::string text;
  if (done.key_versions > 0) {
    absl::StrAppend(&text, "Destroyed ", VersionsText(done.key_versions),
                    ".\n");
  }
  for (const DestroyedEvidence& each : done.evidence) {
    absl::StrAppend(&text, "Destroyed the key of the evidence of ", each.year,
                    ", and ", each.items, " items that were kept under it.\n");
  }
  for (const RetiredEpoch& each : done.epochs) {
    absl::StrAppend(&text, "Destroyed epoch ", each.epoch, ": ",
                    each.evidence.facts, ".\nAssurance ",
                    AssuranceLetter(each.evidence.assurance), ": ",
                    AssuranceText(each.evidence.assurance), ".\n");
  }
  absl::StrAppend(&text, "The log says so.\n");
  for (const EpochStatus& epoch : after.epochs) {
    if (!done.epochs.empty() && epoch.epoch == done.epochs.back().epoch) {
      absl::StrAppend(&text, OutlookText(epoch));
    }
  }
  return text;
}

// `is_done` is false for a dry run.
std::string ResultJson(const Work& work, const KeyStatus& status,
                       bool is_done) {
  Json epochs = Json::array();
  for (const RetiredEpoch& each : work.epochs) {
    epochs.push_back(
        {{"epoch", each.epoch},
         {"assurance",
          is_done ? Json(AssuranceLetter(each.evidence.assurance)) : Json()},
         {"provider", is_done ? Json(each.evidence.provider) : Json()},
         {"facts", is_done ? Json(each.evidence.facts) : Json()}});
  }
  Json evidence = Json::array();
  for (const DestroyedEvidence& each : work.evidence) {
    evidence.push_back(
        {{"year", each.year}, {"items", is_done ? Json(each.items) : Json()}});
  }
  const Json json = {{"retired", is_done && !work.empty()},
                     {"epochs", epochs},
                     {"evidence", evidence},
                     {"key_versions", work.key_versions},
                     {"next_due", DateOrNull(NextDue(status))}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Waits for the log also if nothing is due: an earlier call may have been
// killed once it was done.
absl::StatusOr<Work> Retire(Steward& steward) {
  Work done;
  SUBROSA_ASSIGN_OR_RETURN(done.key_versions, steward.Parts().DestroyDue());
  SUBROSA_ASSIGN_OR_RETURN(done.epochs, steward.Custody().Retire());
  SUBROSA_ASSIGN_OR_RETURN(done.evidence, steward.Evidence().DestroyDue());
  SUBROSA_RETURN_IF_ERROR(
      Annotate(steward.AwaitCheckpoint(),
               "what is due is destroyed, but no checkpoint says so yet"));
  return done;
}

}  // namespace

ExitCode KeysRetire(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  bool dry_run = false;
  CommandLine line(
      "keys retire",
      "Destroys the epochs that are due: every backup of the key store made "
      "under them is past retention, and is closed for good by it. Destroys "
      "the keys that erased parts and renewals left, once their day has come, "
      "and those of evidence whose year is over, too. The exit code is 3 if "
      "nothing is due.");
  line.AddFlag("--dry-run", &dry_run, "Only say what would be destroyed");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<KeyStatus> before = (*steward)->Custody().ReadStatus();
  if (!before.ok()) return Fail(before.status(), streams);
  const absl::StatusOr<std::vector<int32_t>> years =
      (*steward)->Evidence().ListDue();
  if (!years.ok()) return Fail(years.status(), streams);
  const std::vector<EpochStatus> due = Due(*before);
  Work work;
  if (dry_run) {
    for (const EpochStatus& epoch : due) {
      work.epochs.push_back({epoch.epoch, {}});
    }
    work.key_versions = before->versions.due;
    for (const int32_t year : *years) work.evidence.push_back({year, 0});
    if (!work.empty()) {
      return Print(
          home.json() ? ResultJson(work, *before, false) : PlanText(due, work),
          streams);
    }
  } else {
    absl::StatusOr<Work> done = Retire(**steward);
    if (!done.ok()) return Fail(done.status(), streams);
    work = *std::move(done);
  }
  const absl::StatusOr<KeyStatus> after = (*steward)->Custody().ReadStatus();
  if (!after.ok()) return Fail(after.status(), streams);
  const ExitCode printed = Print(home.json()    ? ResultJson(work, *after, true)
                                 : work.empty() ? NothingText(*after)
                                                : ResultText(work, *after),
                                 streams);
  if (printed != ExitCode::kDone || !work.empty()) return printed;
  return ExitCode::kNo;
}

}  // namespace subrosa
