#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/audit/witness.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/net/http_message.h"
#include "src/net/http_server.h"
#include "tools/subrosa/audit_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/log_arguments.h"
#include "tools/subrosa/stop_signals.h"

namespace subrosa {
namespace {

struct WitnessArguments {
  std::string listen_address;
  std::string state_folder;
  std::string keyring;
  std::string passphrase_file;
  std::string name;
  std::string logs;
  int format = 0;
};

// The logs of the keys in the file `path`: a key's name is its log's origin.
absl::StatusOr<std::vector<WitnessedLog>> ReadLogs(const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::vector<NoteKey> keys,
      ReadNoteKeys("--logs", {absl::StrCat("@", path)}, kNoteTypeEd25519));
  std::vector<WitnessedLog> logs;
  for (const NoteKey& key : keys) {
    const auto known = std::find_if(
        logs.begin(), logs.end(),
        [&key](const WitnessedLog& log) { return log.origin == key.name(); });
    if (known != logs.end()) {
      known->keys.push_back(key);
    } else {
      logs.push_back({key.name(), {key}});
    }
  }
  return logs;
}

// Makes the state folder if it is not there. Whether anything is in it.
absl::StatusOr<bool> PrepareState(const std::string& folder) {
  if (mkdir(folder.c_str(), S_IRWXU) == 0) return false;
  if (errno != EEXIST) return ErrnoStatus(errno, folder);
  DIR* const entries = opendir(folder.c_str());
  if (entries == nullptr) return ErrnoStatus(errno, folder);
  bool is_used = false;
  while (const dirent* const entry = readdir(entries)) {
    if (entry->d_name[0] != '.') is_used = true;
  }
  closedir(entries);
  return is_used;
}

// Opens the witness's keyring. At its first start there is none, and one is
// made; later a new one would be another witness under the old one's name.
absl::StatusOr<std::unique_ptr<Keyring>> OpenKeyring(
    const WitnessArguments& given) {
  SUBROSA_ASSIGN_OR_RETURN(const bool has_state,
                           PrepareState(given.state_folder));
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer passphrase,
                           ReadSecretFile(given.passphrase_file));
  absl::StatusOr<std::unique_ptr<Keyring>> keyring =
      Keyring::Open(given.keyring, passphrase);
  if (!absl::IsNotFound(keyring.status())) return keyring;
  if (has_state) {
    return absl::FailedPreconditionError(absl::StrCat(
        given.keyring, ": want the keyring of the witness that wrote to ",
        given.state_folder,
        ", got none; put it back, or begin a new witness "
        "under another name with an empty folder"));
  }
  return Keyring::Create(given.keyring, passphrase, KeyringCost::kInteractive);
}

absl::StatusOr<std::unique_ptr<Witness>> OpenWitness(
    const WitnessArguments& given, std::vector<WitnessedLog> logs,
    Keyring& keyring, const Clock& clock) {
  WitnessConfig config;
  config.name = given.name;
  config.signing_key = absl::StrCat("witness/", given.name);
  config.state_folder = given.state_folder;
  config.logs = std::move(logs);
  const absl::Status made =
      keyring.CreateSigningKey(config.signing_key).status();
  if (!made.ok() && !absl::IsAlreadyExists(made)) return made;
  return Witness::Open(std::move(config), keyring, clock);
}

ExitCode RunWitness(const WitnessArguments& given,
                    std::vector<WitnessedLog> logs, const StopSignals& stop,
                    const Streams& streams) {
  const absl::StatusOr<std::unique_ptr<Keyring>> keyring = OpenKeyring(given);
  if (!keyring.ok()) return Fail(keyring.status(), streams);
  const SystemClock clock;
  const absl::StatusOr<std::unique_ptr<Witness>> witness =
      OpenWitness(given, std::move(logs), **keyring, clock);
  if (!witness.ok()) return Fail(witness.status(), streams);
  const absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Start(
      given.listen_address, [&witness](const HttpRequest& request) {
        return (*witness)->Handle(request);
      });
  if (absl::IsInvalidArgument(server.status())) {
    return UsageError("audit witness", std::string(server.status().message()),
                      streams);
  }
  if (!server.ok()) return Fail(server.status(), streams);
  const std::string vkey = (*witness)->key().ToString();
  const nlohmann::ordered_json json = {{"port", (*server)->port()},
                                       {"vkey", vkey}};
  const ExitCode printed = Print(
      given.format == 1
          ? json.dump() + "\n"
          : absl::StrCat("Witnessing on port ", (*server)->port(),
                         ". Whoever trusts this witness needs its key:\n  ",
                         vkey, "\n"),
      streams);
  if (printed != ExitCode::kDone) return printed;
  stop.Wait();
  (*server)->Stop();
  return ExitCode::kDone;
}

}  // namespace

ExitCode AuditWitness(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  WitnessArguments given;
  CommandLine line(
      "audit witness",
      "Cosigns checkpoints of the logs that it knows, until it is stopped, "
      "each only if it continues the one before. To be run by someone else "
      "than the log's keeper. Keep its state folder out of backups: an older "
      "copy forgets. Plain HTTP: have a proxy end TLS.");
  line.AddOption("--listen", &given.listen_address,
                 "127.0.0.1:8080 or [::1]:8080; port 0 for any that is free",
                 Need::kRequired);
  line.AddOption("--state", &given.state_folder,
                 "Folder that remembers what was cosigned; made if not there",
                 Need::kRequired);
  line.AddOption("--keyring", &given.keyring,
                 "The witness's own keyring; made at the first start",
                 Need::kRequired);
  line.AddOption("--passphrase-file", &given.passphrase_file,
                 "File with that keyring's passphrase", Need::kRequired);
  line.AddOption("--name", &given.name,
                 "The witness's name, by custom a URL without https://",
                 Need::kRequired);
  line.AddOption("--logs", &given.logs,
                 "File with the vkeys of the logs that it knows, one a line",
                 Need::kRequired);
  line.AddChoice("--format", &given.format, {{"text", 0}, {"json", 1}},
                 "How to print the result [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const StopSignals stop;
  absl::StatusOr<std::vector<WitnessedLog>> logs = ReadLogs(given.logs);
  if (!logs.ok()) return Fail(logs.status(), streams);
  return RunWitness(given, *std::move(logs), stop, streams);
}

}  // namespace subrosa
