// The statement of a consumer whose correction was denied.
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/request/consumer_statement.h"
#include "src/request/request_desk.h"
#include "src/steward/home.h"
#include "src/vault/vault.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/request_arguments.h"
#include "tools/subrosa/request_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

struct StatementArguments {
  std::string reference;
  StatedRecord record;
  std::string file;
};

// Returns the rule that gives it.
absl::StatusOr<std::string> Attach(const HomeArguments& home,
                                   const StatementArguments& statement) {
  static const SystemClock clock;
  SUBROSA_ASSIGN_OR_RETURN(const std::string text,
                           ReadFile(statement.file, kMaxStatementBytes));
  SUBROSA_ASSIGN_OR_RETURN(const OpenDesk open, OpenRequestDesk(home));
  SUBROSA_ASSIGN_OR_RETURN(const RequestView view,
                           open.desk->Read(statement.reference));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Vault> vault,
      OpenVault(home.folder(), *open.home.provider, clock));
  return AttachStatement(*vault, open.desk->law(), view, statement.record, text,
                         clock);
}

}  // namespace

ExitCode RequestStatement(absl::Span<const std::string> arguments,
                          const Streams& streams) {
  StatementArguments statement;
  std::vector<std::string> given;
  CommandLine line("request statement",
                   "Attaches what the requester says of a record whose "
                   "correction was denied, where a statute gives that: it is "
                   "held beside the record, and goes where the record goes. A "
                   "second takes the place of the first. The exit code is 3 if "
                   "it may not be attached.");
  line.AddArguments("reference", &given,
                    "The request's reference, as `request list` shows it");
  line.AddOption("--source", &statement.record.source,
                 "The source of the record, a slug", Need::kRequired);
  line.AddOption("--record", &statement.record.id, "The id of the record",
                 Need::kRequired);
  line.AddOption("--file", &statement.file, "File with the statement, UTF-8",
                 Need::kRequired);
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (given.size() != 1) {
    return UsageError("request statement", "want one reference", streams);
  }
  const absl::StatusOr<std::string> ref = ParseRequestRef(given[0]);
  if (!ref.ok()) {
    return UsageError("request statement", std::string(ref.status().message()),
                      streams);
  }
  statement.reference = *ref;
  const absl::StatusOr<std::string> rule = Attach(home, statement);
  if (!rule.ok()) {
    const ExitCode failed = Fail(rule.status(), streams);
    return absl::IsFailedPrecondition(rule.status()) ||
                   absl::IsNotFound(rule.status())
               ? ExitCode::kNo
               : failed;
  }
  const std::string id = StatementIdOf(statement.record);
  return Print(
      home.json()
          ? nlohmann::ordered_json{{"statement", id}, {"rule", *rule}}.dump() +
                "\n"
          : absl::StrCat("Held as ", id, " (", *rule, ").\n"),
      streams);
}

}  // namespace subrosa
