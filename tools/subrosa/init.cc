#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/consent/policy.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/crypto/signed_note.h"
#include "src/steward/export_key.h"
#include "src/steward/home.h"
#include "src/steward/home_policy.h"
#include "src/store/connection.h"
#include "src/vault/key_policy.h"
#include "src/vault/store_facts.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/init_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

// The key that will sign what the new home hands out.
absl::StatusOr<std::string> ExportVkey(const std::string& folder,
                                       const NewHome& home,
                                       const SecretBuffer& passphrase) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Keyring> keyring,
                           Keyring::Open(KeyringOf(folder), passphrase));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Connection> keys,
                           OpenKeyDatabase(folder));
  SUBROSA_ASSIGN_OR_RETURN(const StoreFacts facts, ReadStoreFacts(*keys));
  SUBROSA_ASSIGN_OR_RETURN(
      const NoteKey key,
      MakeExportKey(*keyring, {home.entity, facts.installation}));
  return key.ToString();
}

}  // namespace

ExitCode Init(absl::Span<const std::string> arguments, const Streams& streams) {
  std::string home;
  NewHome made_for;
  std::string passphrase_file;
  std::string policy_file;
  int cost = static_cast<int>(KeyringCost::kModerate);
  uint64_t key_backup_days = kDefaultKeyBackupDays;
  int format = 0;
  CommandLine line("init",
                   "Makes a home for one regulated entity. The passphrase "
                   "opens everything in it: keep its file apart from the home "
                   "and out of the home's backups.");
  line.AddOption("--home", &home,
                 "Folder to make [$SUBROSA_HOME or ./subrosa-home]");
  line.AddOption("--entity", &made_for.entity,
                 "The regulated entity's name, as a slug of [a-z0-9-]",
                 Need::kRequired);
  line.AddOption("--policy", &policy_file,
                 "The entity's policy, as textproto [one without purposes, "
                 "which takes nothing in]");
  line.AddOption("--log-origin", &made_for.log_origin,
                 "What the log is called in its checkpoints, for good: where "
                 "it will be served, without https:// [made from the entity]");
  line.AddOption("--passphrase-file", &passphrase_file,
                 "File with the passphrase, readable by you alone",
                 Need::kRequired);
  line.AddChoice("--key-derivation", &cost,
                 {{"interactive", static_cast<int>(KeyringCost::kInteractive)},
                  {"moderate", static_cast<int>(KeyringCost::kModerate)},
                  {"sensitive", static_cast<int>(KeyringCost::kSensitive)}},
                 "What a guess at the passphrase costs: 64 MiB, 256 MiB, 1 GiB "
                 "of memory [moderate]");
  line.AddNumber("--key-backup-days", &key_backup_days,
                 "How long backups of the key store are kept: 1 to 3650 days, "
                 "after which an old epoch of keys may be destroyed [30]");
  line.AddChoice("--format", &format, {{"text", 0}, {"json", 1}},
                 "How to print the result [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  made_for.key_backup_days = static_cast<int64_t>(key_backup_days);
  const absl::Status days = CheckKeyBackupDays(made_for.key_backup_days);
  if (!days.ok()) {
    return UsageError("init", std::string(days.message()), streams);
  }

  if (!policy_file.empty()) {
    absl::StatusOr<std::string> policy = ReadFile(policy_file, kMaxPolicyBytes);
    if (!policy.ok()) return Fail(policy.status(), streams);
    if (policy->empty()) {
      return Fail(absl::InvalidArgumentError(absl::StrCat(
                      policy_file, ": want a policy, got nothing")),
                  streams);
    }
    made_for.policy = *std::move(policy);
    made_for.policy_name = policy_file;
  }
  const absl::StatusOr<SecretBuffer> passphrase =
      ReadSecretFile(passphrase_file);
  if (!passphrase.ok()) return Fail(passphrase.status(), streams);
  const std::string folder = HomeFolder(home);
  made_for.cost = static_cast<KeyringCost>(cost);
  const absl::Status made =
      CreateHome(folder, made_for, *passphrase, SystemClock());
  if (!made.ok()) return Fail(made, streams);
  const absl::StatusOr<HomeLog> log = ReadHomeLog(folder);
  if (!log.ok()) return Fail(log.status(), streams);
  const std::string& vkey = log->log_keys.back().vkey;
  const absl::StatusOr<std::string> export_vkey =
      ExportVkey(folder, made_for, *passphrase);
  if (!export_vkey.ok()) return Fail(export_vkey.status(), streams);
  if (format == 1) {
    const nlohmann::ordered_json json = {{"home", folder},
                                         {"entity", made_for.entity},
                                         {"policy", PolicyOf(folder)},
                                         {"origin", log->status.origin},
                                         {"vkey", vkey},
                                         {"export_vkey", *export_vkey}};
    return Print(json.dump() + "\n", streams);
  }
  return Print(
      absl::StrCat("Made the home ", folder, " for ", made_for.entity, ".\n",
                   policy_file.empty()
                       ? absl::StrCat("Nothing is taken in until its policy, ",
                                      PolicyOf(folder), ", names a purpose.\n")
                       : "",
                   "Copies and sets are signed by its key for exports:\n  ",
                   *export_vkey, "\nIts log is ", log->status.origin,
                   ". Whoever checks receipts needs its key:\n  ", vkey, "\n"),
      streams);
}

}  // namespace subrosa
