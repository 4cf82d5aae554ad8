#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/erasure/time_retirement.h"
#include "src/steward/steward.h"
#include "src/vault/epochs.h"
#include "src/vault/evidence_store.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_rotation.h"
#include "src/vault/open_items.h"
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

std::string VersionsText(int64_t versions) {
  return absl::StrCat(versions,
                      " versions of keys, of erased parts and renewed keys");
}

std::string OpenText(const OpenItems& open) {
  return absl::StrCat(open.requests, " requests and ", open.erasures,
                      " erasures that are open");
}

// Years whose key stays, and what to do about it.
std::string KeptText(const std::vector<OpenItems>& kept) {
  std::string text;
  for (const OpenItems& each : kept) {
    absl::StrAppend(&text, "Kept the key of the evidence of ", each.year,
                    ", whose year is over, for ", OpenText(each),
                    " under it.\n");
  }
  if (kept.empty()) return text;
  return absl::StrCat(
      text,
      "Erasures wait for their backups (`subrosa keys rotate`), or for what "
      "`subrosa erasure list` says; what does not open is found by `subrosa "
      "store check`.\n");
}

std::string PlanText(const std::vector<EpochStatus>& due,
                     const TimeRetirement& work) {
  std::string text;
  if (work.key_versions > 0) {
    absl::StrAppend(&text, "This destroys for good ",
                    VersionsText(work.key_versions), ".\n");
  }
  for (const DestroyedEvidence& each : work.evidence) {
    absl::StrAppend(&text, "This destroys the key of the evidence of ",
                    each.year, ", whose year is over.\n");
  }
  for (const OpenItems& each : work.kept) {
    absl::StrAppend(&text, "The key of the evidence of ", each.year,
                    ", whose year is over, stays as long as there are ",
                    OpenText(each),
                    " under it: what can be is sealed anew under a later year "
                    "first.\n");
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

std::string ResultText(const TimeRetirement& done, const KeyStatus& after) {
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
  if (!done.empty()) absl::StrAppend(&text, "The log says so.\n");
  if (done.moved_requests + done.moved_erasures > 0) {
    absl::StrAppend(&text,
                    "Sealed anew under a later year, as their own is "
                    "over: ",
                    done.moved_requests, " requests and ", done.moved_erasures,
                    " erasures that are open.\n");
  }
  absl::StrAppend(&text, KeptText(done.kept));
  for (const EpochStatus& epoch : after.epochs) {
    if (!done.epochs.empty() && epoch.epoch == done.epochs.back().epoch) {
      absl::StrAppend(&text, OutlookText(epoch));
    }
  }
  return text;
}

// `is_done` is false for a dry run.
std::string ResultJson(const TimeRetirement& work, const KeyStatus& status,
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
  Json kept = Json::array();
  for (const OpenItems& each : work.kept) {
    kept.push_back({{"year", each.year},
                    {"requests", each.requests},
                    {"erasures", each.erasures}});
  }
  const Json json = {{"retired", is_done && !work.empty()},
                     {"epochs", epochs},
                     {"evidence", evidence},
                     {"key_versions", work.key_versions},
                     {"next_due", DateOrNull(NextDue(status))},
                     {"moved_requests", work.moved_requests},
                     {"moved_erasures", work.moved_erasures},
                     {"kept_years", kept}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

ExitCode KeysRetire(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  bool dry_run = false;
  bool clock_is_right = false;
  CommandLine line(
      "keys retire",
      "Destroys the epochs that are due: every backup of the key store made "
      "under them is past retention, and is closed for good by it. Destroys "
      "the keys that erased parts and renewals left, once their day has come, "
      "and those of evidence whose year is over, too; what is open outlasts "
      "its year. The exit code is 3 if nothing is due, or a key stays for what "
      "is open.");
  line.AddFlag("--dry-run", &dry_run, "Only say what would be destroyed");
  line.AddFlag("--clock-is-right", &clock_is_right,
               "The home did rest for so long: the clock is right, though far "
               "ahead of the last day by which anything was let go");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (dry_run && clock_is_right) {
    return UsageError("keys retire",
                      "want --dry-run or --clock-is-right, got both", streams);
  }

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  TimeRetirement work;
  if (dry_run) {
    const absl::StatusOr<KeyStatus> before = (*steward)->Custody().ReadStatus();
    if (!before.ok()) return Fail(before.status(), streams);
    const absl::StatusOr<std::vector<int32_t>> years =
        (*steward)->Evidence().ListDue();
    if (!years.ok()) return Fail(years.status(), streams);
    absl::StatusOr<std::vector<OpenItems>> kept = ListOpenPastYear(**steward);
    if (!kept.ok()) return Fail(kept.status(), streams);
    const std::vector<EpochStatus> due = Due(*before);
    for (const EpochStatus& epoch : due) {
      work.epochs.push_back({epoch.epoch, {}});
    }
    work.key_versions = before->versions.due;
    for (const int32_t year : *years) work.evidence.push_back({year, 0});
    work.kept = *std::move(kept);
    if (!work.empty() || !work.kept.empty()) {
      return Print(
          home.json() ? ResultJson(work, *before, false) : PlanText(due, work),
          streams);
    }
  } else {
    absl::StatusOr<TimeRetirement> done =
        RetireByTime(**steward, clock_is_right ? ClockTrust::kOfficer
                                               : ClockTrust::kChecked);
    if (!done.ok()) return Fail(done.status(), streams);
    work = *std::move(done);
  }
  const absl::StatusOr<KeyStatus> after = (*steward)->Custody().ReadStatus();
  if (!after.ok()) return Fail(after.status(), streams);
  const ExitCode printed =
      Print(home.json() ? ResultJson(work, *after, true)
                        : absl::StrCat(work.empty() ? NothingText(*after) : "",
                                       ResultText(work, *after)),
            streams);
  if (printed != ExitCode::kDone) return printed;
  return work.empty() || !work.kept.empty() ? ExitCode::kNo : ExitCode::kDone;
}

}  // namespace subrosa
