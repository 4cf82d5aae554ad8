#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/audit/log_state.h"
#include "src/audit/sequencer.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/steward/home.h"
#include "tools/subrosa/audit_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

// As long as an erasure waits.
constexpr absl::Duration kCheckpointPatience = absl::Seconds(30);

enum class Act { kAnnounce, kRetire };

struct Rotation {
  std::string vkey;                  // The newest key's.
  std::vector<std::string> retired;  // The vkeys that sign no more.
  uint64_t size = 0;                 // Of the log that holds the announcement.
};

// What stands before anything is done: the keys that still sign.
std::vector<LogKey> Signing(const HomeLog& log) {
  std::vector<LogKey> keys;
  for (const LogKey& key : log.log_keys) {
    if (!key.retired) keys.push_back(key);
  }
  return keys;
}

absl::StatusOr<Rotation> Announce(const std::string& folder, OpenHome& home,
                                  Sequencer& sequencer) {
  Rotation rotation;
  SUBROSA_ASSIGN_OR_RETURN(rotation.vkey, sequencer.RotateKey());
  SUBROSA_ASSIGN_OR_RETURN(const OutboxPosition issued,
                           home.vault->ReadIssued());
  const absl::StatusOr<LogStatus> log =
      home.sequencer->WaitFor(issued, kCheckpointPatience);
  if (!log.ok()) {
    return Annotate(log.status(),
                    absl::StrCat("the key ", rotation.vkey, " of ", folder,
                                 " is made, but no checkpoint holds its "
                                 "announcement yet"));
  }
  rotation.size = log->size;
  return rotation;
}

absl::StatusOr<Rotation> Retire(const std::string& folder,
                                Sequencer& sequencer) {
  SUBROSA_ASSIGN_OR_RETURN(const HomeLog before, ReadHomeLog(folder));
  SUBROSA_RETURN_IF_ERROR(sequencer.RetireOldKeys());
  Rotation rotation;
  rotation.vkey = before.log_keys.back().vkey;
  for (const LogKey& key : Signing(before)) {
    if (key.vkey != rotation.vkey) rotation.retired.push_back(key.vkey);
  }
  rotation.size = before.status.size;
  return rotation;
}

std::string PlanText(Act act, const std::vector<LogKey>& signing) {
  std::string text = act == Act::kAnnounce
                         ? "This makes a new key and announces it in the log; "
                           "it signs beside\n"
                         : "This lets all keys but the newest sign no more:\n";
  for (const LogKey& key : signing) {
    absl::StrAppend(&text, "  ", key.vkey, "\n");
  }
  absl::StrAppend(
      &text,
      act == Act::kAnnounce
          ? "until those are retired. Whoever checks receipts needs its vkey.\n"
          : "Whoever has only the old ones can check what they signed, and "
            "nothing later.\n",
      "Dry run: nothing was changed.\n");
  return text;
}

std::string RotationText(Act act, const Rotation& rotation) {
  if (act == Act::kAnnounce) {
    return absl::StrCat(
        "Announced in the log, which has ", rotation.size,
        " leaves. It signs from the next checkpoint on:\n  ", rotation.vkey,
        "\nGive it to whoever checks receipts, then run this with "
        "--retire-old.\n");
  }
  std::string text = absl::StrCat(
      "Signs from the next checkpoint on, alone:\n  ", rotation.vkey, "\n");
  for (const std::string& vkey : rotation.retired) {
    absl::StrAppend(&text, "Retired:\n  ", vkey, "\n");
  }
  return text;
}

std::string RotationJson(const Rotation& rotation, bool is_changed) {
  const nlohmann::ordered_json json = {{"changed", is_changed},
                                       {"vkey", rotation.vkey},
                                       {"retired", rotation.retired},
                                       {"size", rotation.size}};
  return json.dump() + "\n";
}

}  // namespace

ExitCode AuditRotateKey(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  bool retire_old = false;
  bool dry_run = false;
  CommandLine line(
      "audit rotate-key",
      "Makes the next key that signs checkpoints and announces it in the log. "
      "The old key goes on signing beside it until `--retire-old`, so that "
      "those who check have time to take the new one.");
  line.AddFlag("--retire-old", &retire_old,
               "Make no key, but let all but the newest sign no more");
  line.AddFlag("--dry-run", &dry_run, "Only say what would be done");
  const HomeArguments arguments_of_home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const Act act = retire_old ? Act::kRetire : Act::kAnnounce;
  const std::string folder = arguments_of_home.folder();
  const absl::StatusOr<SecretBuffer> passphrase =
      arguments_of_home.ReadPassphrase();
  if (!passphrase.ok()) return Fail(passphrase.status(), streams);
  const SystemClock clock;
  absl::StatusOr<OpenHome> home = OpenHomeFolder(folder, *passphrase, clock);
  if (!home.ok()) return Fail(home.status(), streams);
  if (dry_run) {
    const absl::StatusOr<HomeLog> log = ReadHomeLog(folder);
    if (!log.ok()) return Fail(log.status(), streams);
    Rotation rotation;
    rotation.vkey = log->log_keys.back().vkey;
    rotation.size = log->status.size;
    return Print(arguments_of_home.json() ? RotationJson(rotation, false)
                                          : PlanText(act, Signing(*log)),
                 streams);
  }
  const absl::StatusOr<std::unique_ptr<Sequencer>> sequencer =
      OpenSequencer(folder, *home->provider, clock);
  if (!sequencer.ok()) return Fail(sequencer.status(), streams);
  const absl::StatusOr<Rotation> rotation =
      act == Act::kAnnounce ? Announce(folder, *home, **sequencer)
                            : Retire(folder, **sequencer);
  if (!rotation.ok()) return Fail(rotation.status(), streams);
  return Print(arguments_of_home.json() ? RotationJson(*rotation, true)
                                        : RotationText(act, *rotation),
               streams);
}

}  // namespace subrosa
