#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/recipients/recipient_file.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/steward.h"
#include "subrosa/v1/recipient.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/law_arguments.h"
#include "tools/subrosa/recipient_arguments.h"
#include "tools/subrosa/recipient_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

struct Recorded {
  std::vector<v1::Recipient> recipients;
  std::vector<RecipientChange> changes;  // One each.
};

absl::StatusOr<Recorded> Add(const std::string& path, bool dry_run,
                             const HomeArguments& home) {
  SUBROSA_ASSIGN_OR_RETURN(const absl::CivilDay today, DayArgument(""));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Steward> steward,
                           OpenSteward(home));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<RecipientDemands> demands,
      ReadRecipientDemands(home.folder(), steward->entity()));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string text,
      ReadFile(path == "-" ? "/dev/stdin" : path, kMaxRecipientFileBytes));
  Recorded recorded;
  SUBROSA_ASSIGN_OR_RETURN(
      recorded.recipients,
      ParseRecipientFile(path == "-" ? "standard input" : path, text,
                         demands->law, today));
  RecipientRegistry registry = steward->Recipients();
  SUBROSA_ASSIGN_OR_RETURN(recorded.changes,
                           dry_run ? registry.Plan(recorded.recipients, today)
                                   : registry.Put(recorded.recipients, today));
  return recorded;
}

std::string AddText(const Recorded& recorded, bool dry_run) {
  std::string text;
  for (size_t i = 0; i < recorded.changes.size(); ++i) {
    absl::StrAppend(&text, recorded.recipients[i].id(), ": ",
                    RecipientChangeName(recorded.changes[i]), "\n");
  }
  return text + (dry_run ? "Dry run: nothing was recorded.\n"
                         : "`subrosa recipient check` says who may receive.\n");
}

std::string AddJson(const Recorded& recorded, bool dry_run) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (size_t i = 0; i < recorded.changes.size(); ++i) {
    list.push_back({{"id", recorded.recipients[i].id()},
                    {"change", RecipientChangeName(recorded.changes[i])}});
  }
  const nlohmann::ordered_json json = {{"recorded", !dry_run},
                                       {"recipients", list}};
  return json.dump() + "\n";
}

}  // namespace

ExitCode RecipientAdd(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  std::vector<std::string> files;
  bool dry_run = false;
  CommandLine line("recipient add",
                   "Records the recipients of a file, each as a whole: one "
                   "that is there gets a new version, and the old ones stay. "
                   "All are recorded, or none.");
  line.AddArguments("file", &files,
                    "A RecipientFile in protobuf's text format or in JSON; - "
                    "for standard input");
  line.AddFlag("--dry-run", &dry_run, "Only say what would be recorded");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (files.size() != 1) {
    return UsageError("recipient add", "want one file", streams);
  }
  const absl::StatusOr<Recorded> recorded = Add(files[0], dry_run, home);
  if (!recorded.ok()) return Fail(recorded.status(), streams);
  return Print(
      home.json() ? AddJson(*recorded, dry_run) : AddText(*recorded, dry_run),
      streams);
}

}  // namespace subrosa
