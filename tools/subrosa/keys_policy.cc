#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/steward/steward.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_policy.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/keys_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

constexpr uint64_t kNotGiven = UINT64_MAX;

std::string PolicyText(int64_t days) {
  return absl::StrCat(
      "Backups of the key store are kept for ", days,
      " days. An epoch may be destroyed ", days + 1,
      " days\nafter the keys were rotated out of it. Days that epochs were "
      "given before stand.\n");
}

}  // namespace

ExitCode KeysPolicy(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  uint64_t backup_days = kNotGiven;
  CommandLine line(
      "keys policy",
      "Says, or sets, how long backups of the key store are kept: an old "
      "epoch is destroyed no earlier. Deleting them after that is yours to "
      "do.");
  line.AddNumber("--backup-days", &backup_days,
                 "Days from now on, 1 to 3650, for rotations to come");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const bool is_given = backup_days != kNotGiven;
  if (is_given) {
    const absl::Status status =
        CheckKeyBackupDays(static_cast<int64_t>(backup_days));
    if (!status.ok()) {
      return UsageError("keys policy", std::string(status.message()), streams);
    }
  }

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  if (is_given) {
    const absl::Status set = (*steward)->Custody().SetKeyBackupDays(
        static_cast<int64_t>(backup_days));
    if (!set.ok()) return Fail(set, streams);
  }
  const absl::StatusOr<KeyStatus> status = (*steward)->Custody().ReadStatus();
  if (!status.ok()) return Fail(status.status(), streams);
  if (home.json()) {
    const nlohmann::ordered_json json = {
        {"changed", is_given}, {"key_backup_days", status->key_backup_days}};
    return Print(json.dump() + "\n", streams);
  }
  return Print(PolicyText(status->key_backup_days), streams);
}

}  // namespace subrosa
