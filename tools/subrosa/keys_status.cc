#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"
#include "src/steward/steward.h"
#include "src/vault/epochs.h"
#include "src/vault/key_custody.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/key_text.h"
#include "tools/subrosa/keys_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

Json VersionsJson(const KeyVersionStatus& versions) {
  return {{"resealing", versions.resealing},
          {"waiting", versions.waiting},
          {"due", versions.due},
          {"next_day", DateOrNull(versions.next_day)}};
}

std::string StatusJson(const KeyStatus& status) {
  Json epochs = Json::array();
  for (const EpochStatus& epoch : status.epochs) {
    const bool is_destroyed = epoch.state == EpochState::kDestroyed;
    epochs.push_back(
        {{"epoch", epoch.epoch},
         {"state", EpochStateName(epoch.state)},
         {"opened", DateText(epoch.opened_day)},
         {"consumers", epoch.consumers},
         {"destroy_not_before",
          DateOrNull(is_destroyed ? 0 : epoch.destroy_day)},
         {"destroyed", DateOrNull(is_destroyed ? epoch.destroy_day : 0)},
         {"due", epoch.is_due},
         {"erasures_before", DateOrNull(epoch.outlook.erasures_before)},
         {"holds_from", DateOrNull(epoch.outlook.holds_from)}});
  }
  const Json json = {
      {"key_backup_days", status.key_backup_days},
      {"epochs", epochs},
      {"evidence_years", status.evidence_years},
      {"versions", VersionsJson(status.versions)},
      {"holds_from_if_rotated", DateText(status.holds_from_if_rotated)}};
  return json.dump() + "\n";
}

std::string ObjectText(const EpochStatus& epoch) {
  switch (epoch.state) {
    case EpochState::kEnabled:
      return "new keys go into it";
    case EpochState::kDecryptOnly:
      return "a rotation was begun: run `subrosa keys rotate`";
    case EpochState::kScheduled:
      return absl::StrCat("to be destroyed, not before ",
                          DateText(epoch.destroy_day),
                          epoch.is_due ? ": due" : "");
    case EpochState::kDestroyed:
      break;
  }
  return epoch.is_due
             ? "destroyed, and THERE AGAIN: run `subrosa keys retire`"
             : absl::StrCat("destroyed on ", DateText(epoch.destroy_day));
}

// Of the destroyed epochs the last one says it all.
std::string OutlooksText(const KeyStatus& status) {
  std::string destroyed;
  std::string others;
  int32_t told = 0;
  for (const EpochStatus& epoch : status.epochs) {
    const std::string text = OutlookText(epoch);
    if (epoch.state == EpochState::kDestroyed) {
      destroyed = text;
    } else if (epoch.outlook.erasures_before > told) {
      others += text;
    }
    told = std::max(told, epoch.outlook.erasures_before);
  }
  return destroyed + others;
}

// Nothing where no part was erased of late.
std::string VersionsText(const KeyVersionStatus& versions) {
  const int64_t all = versions.resealing + versions.waiting + versions.due;
  if (all == 0) return "";
  std::string text =
      absl::StrCat("Of erased parts and renewed keys, ", all,
                   " versions of keys before are left: ", versions.resealing,
                   " have records to reseal,\n", versions.waiting,
                   " wait for their day, and ", versions.due, " are due");
  absl::StrAppend(&text, versions.next_day == 0
                             ? ".\n"
                             : absl::StrCat("; the first day is ",
                                            DateText(versions.next_day),
                                            " (`subrosa keys retire`).\n"));
  return text;
}

std::string StatusText(const KeyStatus& status) {
  std::string text = absl::StrFormat("%5s  %-12s  %-10s  %9s\n", "epoch",
                                     "state", "opened", "consumers");
  for (const EpochStatus& epoch : status.epochs) {
    absl::StrAppend(
        &text,
        absl::StrFormat("%5d  %-12s  %-10s  %9d  %s\n", epoch.epoch,
                        EpochStateName(epoch.state), DateText(epoch.opened_day),
                        epoch.consumers, ObjectText(epoch)));
  }
  return absl::StrCat(
      text, "\n", VersionsText(status.versions), OutlooksText(status),
      "Later erasures hold in no backup yet. If the keys are rotated today, "
      "those made\nbefore that hold from ",
      DateText(status.holds_from_if_rotated),
      " on.\nBackups of the key store are kept for ", status.key_backup_days,
      " days (`subrosa keys policy`).\n",
      status.evidence_years.empty()
          ? ""
          : absl::StrCat("Evidence is kept until the ends of ",
                         absl::StrJoin(status.evidence_years, ", "), ".\n"));
}

}  // namespace

ExitCode KeysStatus(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  CommandLine line("keys status",
                   "Lists the epochs of keys: how many consumers each has, "
                   "when it may be destroyed, and from when on erasures hold "
                   "in every backup. Changes nothing.");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<KeyStatus> status = (*steward)->Custody().ReadStatus();
  if (!status.ok()) return Fail(status.status(), streams);
  return Print(home.json() ? StatusJson(*status) : StatusText(*status),
               streams);
}

}  // namespace subrosa
