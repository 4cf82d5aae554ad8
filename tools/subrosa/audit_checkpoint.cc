#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/audit/cosigned_file.h"
#include "src/audit/log_files.h"
#include "src/audit/log_reader.h"
#include "src/audit/log_state.h"
#include "src/audit/text_line.h"
#include "src/audit/witness_client.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/net/http_client.h"
#include "src/steward/home.h"
#include "tools/subrosa/audit_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/log_arguments.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

// As long as an erasure waits.
constexpr absl::Duration kCheckpointPatience = absl::Seconds(30);

// Whom to ask for a cosignature.
struct WitnessAddress {
  std::string url;
  NoteKey key;
  bool allow_private_addresses = false;
};

absl::StatusOr<CosignedNote> AskWitness(const WitnessAddress& address,
                                        const std::string& log_folder,
                                        const std::vector<NoteKey>& keys,
                                        const std::string& checkpoint) {
  HttpClientOptions options;
  options.allow_private_addresses = address.allow_private_addresses;
  HttpClient http(options);
  WitnessClient client(address.url, address.key, http);
  const absl::StatusOr<LogReader> before =
      LogReader::Open(log_folder, kCosignedFile, keys);
  if (before.ok()) client.set_known_size(before->checkpoint().size);
  SUBROSA_ASSIGN_OR_RETURN(LogReader reader,
                           LogReader::AtCheckpoint(log_folder, checkpoint));
  return client.Cosign(checkpoint, [&reader](uint64_t old_size) {
    return reader.ProveConsistency(old_size);
  });
}

// Says to people what became of asking.
void TellCosigned(const WitnessAddress& address, const CosignedNote& cosigned,
                  bool is_kept, const Streams& streams) {
  const std::string at =
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", cosigned.at, absl::UTCTimeZone());
  std::fprintf(streams.err, "subrosa: cosigned by %s as of %s\n",
               address.key.name().c_str(), at.c_str());
  if (!is_kept) {
    std::fprintf(streams.err,
                 "subrosa: log/cosigned holds a larger checkpoint, and "
                 "stays\n");
  }
}

absl::StatusOr<std::optional<WitnessAddress>> ReadAddress(
    const std::string& url, const std::vector<std::string>& key,
    bool allow_private_addresses) {
  if (url.empty() && key.empty()) return std::nullopt;
  SUBROSA_ASSIGN_OR_RETURN(
      const std::vector<NoteKey> keys,
      ReadNoteKeys("--witness-key", key, kNoteTypeCosignature));
  if (url.empty() || keys.size() != 1) {
    return absl::InvalidArgumentError(
        "--cosign-with and --witness-key: want one of each, or neither");
  }
  return WitnessAddress{url, keys.front(), allow_private_addresses};
}

}  // namespace

ExitCode AuditCheckpoint(absl::Span<const std::string> arguments,
                         const Streams& streams) {
  std::string url;
  std::vector<std::string> witness_key;
  bool allow_private_addresses = false;
  CommandLine line(
      "audit checkpoint",
      "Waits until all that was committed is in the log, and prints its "
      "signed checkpoint. With a witness, has it cosign that checkpoint and "
      "keeps the result as log/cosigned; receipts then carry it.");
  line.AddOption("--cosign-with", &url, "The witness's URL");
  line.AddOptions("--witness-key", &witness_key, "The witness's vkey");
  line.AddFlag("--allow-private-addresses", &allow_private_addresses,
               "The witness may be on this machine or in one's own network");
  const HomeArguments arguments_of_home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::optional<WitnessAddress>> witness =
      ReadAddress(url, witness_key, allow_private_addresses);
  if (absl::IsInvalidArgument(witness.status())) {
    return UsageError("audit checkpoint",
                      std::string(witness.status().message()), streams);
  }
  if (!witness.ok()) return Fail(witness.status(), streams);

  const absl::StatusOr<SecretBuffer> passphrase =
      arguments_of_home.ReadPassphrase();
  if (!passphrase.ok()) return Fail(passphrase.status(), streams);
  const SystemClock clock;
  absl::StatusOr<OpenHome> home =
      OpenHomeFolder(arguments_of_home.folder(), *passphrase, clock);
  if (!home.ok()) return Fail(home.status(), streams);
  const absl::StatusOr<OutboxPosition> issued = home->vault->ReadIssued();
  if (!issued.ok()) return Fail(issued.status(), streams);
  const absl::StatusOr<LogStatus> log =
      home->sequencer->WaitFor(*issued, kCheckpointPatience);
  if (!log.ok()) return Fail(log.status(), streams);

  std::string note = log->checkpoint;
  if (witness->has_value()) {
    const absl::StatusOr<HomeLog> known =
        ReadHomeLog(arguments_of_home.folder());
    if (!known.ok()) return Fail(known.status(), streams);
    const absl::StatusOr<CosignedNote> cosigned =
        AskWitness(**witness, home->log_folder, known->keys, note);
    if (!cosigned.ok()) {
      const ExitCode failed = Fail(cosigned.status(), streams);
      // That the witness refuses is its answer.
      return absl::IsFailedPrecondition(cosigned.status()) ? ExitCode::kNo
                                                           : failed;
    }
    const absl::StatusOr<bool> is_kept =
        KeepCosigned(home->log_folder, cosigned->note, known->keys);
    if (!is_kept.ok()) return Fail(is_kept.status(), streams);
    TellCosigned(**witness, *cosigned, *is_kept, streams);
    note = cosigned->note;
  }
  if (!arguments_of_home.json()) return Print(note, streams);
  const nlohmann::ordered_json json = {{"origin", log->origin},
                                       {"size", log->size},
                                       {"root", WriteHash(log->root)},
                                       {"cosigned", witness->has_value()},
                                       {"checkpoint", note}};
  return Print(json.dump() + "\n", streams);
}

}  // namespace subrosa
