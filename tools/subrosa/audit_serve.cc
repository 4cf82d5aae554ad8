#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "nlohmann/json.hpp"
#include "src/audit/log_files.h"
#include "src/audit/log_server.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_file_access.h"
#include "src/net/http_message.h"
#include "src/net/http_server.h"
#include "src/steward/home.h"
#include "tools/subrosa/audit_command.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/stop_signals.h"

namespace subrosa {
namespace {

constexpr size_t kMaxTokenFileBytes = size_t{1} << 20;

// 128 bits in base64: less could be guessed out of a digest.
constexpr size_t kMinTokenBytes = 22;

absl::StatusOr<std::vector<TokenDigest>> ReadTokens(const std::string& path) {
  {
    SUBROSA_ASSIGN_OR_RETURN(const UniqueFd fd, OpenForReading(path));
    SUBROSA_RETURN_IF_ERROR(CheckSecretAccess(fd.get(), path));
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::string content,
                           ReadFile(path, kMaxTokenFileBytes));
  std::vector<TokenDigest> digests;
  int number = 0;
  for (absl::string_view token : absl::StrSplit(content, '\n')) {
    ++number;
    absl::ConsumeSuffix(&token, "\r");
    if (token.empty()) continue;
    if (token.size() < kMinTokenBytes) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ": line ", number, ": want a random token of ", kMinTokenBytes,
          " characters or more, got ", token.size()));
    }
    digests.push_back(DigestOfToken(token));
  }
  return digests;
}

}  // namespace

ExitCode AuditServe(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  std::string listen_address;
  std::string token_file;
  std::string home;
  std::string log;
  int format = 0;
  CommandLine line(
      "audit serve",
      "Answers GET requests out of a log's folder, until it is stopped: "
      "checkpoints and hashes to everyone, entries to auditors who have a "
      "token. Needs no passphrase. Plain HTTP: have a proxy end TLS.");
  line.AddOption("--listen", &listen_address,
                 "127.0.0.1:8080 or [::1]:8080; port 0 for any that is free",
                 Need::kRequired);
  line.AddOption("--auditor-tokens", &token_file,
                 "File of random tokens, one a line; without it nobody gets "
                 "entries");
  line.AddOption("--home", &home,
                 "Folder of the installation [$SUBROSA_HOME or "
                 "./subrosa-home]");
  line.AddOption("--log", &log, "A log's folder in place of a home");
  line.AddChoice("--format", &format, {{"text", 0}, {"json", 1}},
                 "How to print the result [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;

  const StopSignals stop;
  const std::string folder = log.empty() ? LogFolderOf(HomeFolder(home)) : log;
  const absl::Status present =
      LogFiles(folder).ReadNote(kCheckpointFile).status();
  if (!present.ok()) return Fail(present, streams);
  std::vector<TokenDigest> auditors;
  if (!token_file.empty()) {
    absl::StatusOr<std::vector<TokenDigest>> read = ReadTokens(token_file);
    if (!read.ok()) return Fail(read.status(), streams);
    auditors = *std::move(read);
  }
  const LogServer log_server(folder, auditors);
  const absl::StatusOr<std::unique_ptr<HttpServer>> server = HttpServer::Start(
      listen_address, [&log_server](const HttpRequest& request) {
        return log_server.Handle(request);
      });
  if (absl::IsInvalidArgument(server.status())) {
    return UsageError("audit serve", std::string(server.status().message()),
                      streams);
  }
  if (!server.ok()) return Fail(server.status(), streams);
  const nlohmann::ordered_json json = {{"port", (*server)->port()},
                                       {"log", folder},
                                       {"auditors", auditors.size()}};
  const ExitCode printed =
      Print(format == 1 ? json.dump() + "\n"
                        : absl::StrCat("Serving ", folder, " on port ",
                                       (*server)->port(), ", entries to ",
                                       auditors.size(), " auditors.\n"),
            streams);
  if (printed != ExitCode::kDone) return printed;
  stop.Wait();
  (*server)->Stop();
  return ExitCode::kDone;
}

}  // namespace subrosa
