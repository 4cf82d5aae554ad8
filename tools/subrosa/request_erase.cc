#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/erase_whole.h"
#include "tools/subrosa/request_arguments.h"
#include "tools/subrosa/request_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {

ExitCode RequestErase(absl::Span<const std::string> arguments,
                      const Streams& streams) {
  WholeErasure whole;
  std::vector<std::string> given;
  CommandLine line("request erase",
                   "Does what a request to delete asks for: erases the "
                   "consumer here, and tells every store and recipient, each "
                   "of which becomes a part of the request. It cannot be "
                   "completed while one is silent; the exit code is 3 then.");
  line.AddArguments("reference", &given,
                    "The request's reference, as `request list` shows it");
  line.AddFlag("--dry-run", &whole.dry_run, "Only say what would be erased");
  line.AddFlag("--yes", &whole.yes, "Do not ask for the account id");
  AddWholeErasureArguments(&line, &whole);
  Session session(&line);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (given.size() != 1) {
    return UsageError("request erase", "want one reference", streams);
  }
  const absl::StatusOr<std::string> ref = ParseRequestRef(given.front());
  if (!ref.ok()) {
    return UsageError("request erase", std::string(ref.status().message()),
                      streams);
  }
  whole.request_ref = *ref;
  whole.json = session.json();
  const absl::StatusOr<Steward*> steward = session.Open();
  if (!steward.ok()) return Fail(steward.status(), streams);
  return EraseWhole(**steward, whole, streams);
}

}  // namespace subrosa
