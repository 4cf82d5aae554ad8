#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "src/steward/steward.h"
#include "src/vault/part_selection.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/erase_command.h"
#include "tools/subrosa/erase_part.h"
#include "tools/subrosa/erase_whole.h"
#include "tools/subrosa/part_arguments.h"
#include "tools/subrosa/session.h"

namespace subrosa {

ExitCode Erase(absl::Span<const std::string> arguments,
               const Streams& streams) {
  WholeErasure whole;
  CommandLine line("erase",
                   "Erases one consumer for good, by the entity's own order: "
                   "destroys their key, deletes their records, tells stores "
                   "and recipients, and certifies it. For a consumer's request "
                   "there is `request erase`. With an option that says which, "
                   "erases that part alone, where all that is said must hold: "
                   "deletes it, and seals what stays under a new key.");
  ConsumerArgument consumer_argument(&line);
  line.AddFlag("--dry-run", &whole.dry_run, "Only say what would be erased");
  line.AddFlag("--yes", &whole.yes, "Do not ask for the id again");
  line.AddOption("--receipt", &whole.receipt_path,
                 "File to make with the bare receipt that the key is "
                 "destroyed, for tools that read no certificate; it must not "
                 "exist");
  AddWholeErasureArguments(&line, &whole);
  PartArguments part(&line);
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  absl::StatusOr<std::string> consumer = consumer_argument.Read();
  if (!consumer.ok()) {
    return UsageError("erase", std::string(consumer.status().message()),
                      streams);
  }
  if (!part.is_given()) {
    whole.consumer = *std::move(consumer);
    whole.json = session.json();
    const absl::StatusOr<Steward*> steward = session.Open();
    if (!steward.ok()) return Fail(steward.status(), streams);
    return EraseWhole(**steward, whole, streams);
  }
  if (!whole.certificate_path.empty() || !whole.receipt_path.empty() ||
      whole.hold) {
    return UsageError("erase",
                      "--certificate, --receipt and --hold: want them where "
                      "the whole consumer is erased, got a part",
                      streams);
  }
  PartRequest request;
  request.consumer = *std::move(consumer);
  request.officer = whole.officer;
  request.dry_run = whole.dry_run;
  request.yes = whole.yes;
  request.json = session.json();
  absl::StatusOr<PartSelection> selection = part.Read();
  if (!selection.ok()) {
    return UsageError("erase", std::string(selection.status().message()),
                      streams);
  }
  request.selection = *std::move(selection);
  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  return ErasePart(**steward, request, streams);
}

}  // namespace subrosa
