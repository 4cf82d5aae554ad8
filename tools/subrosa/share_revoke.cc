#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/steward/sharing.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/share_command.h"
#include "tools/subrosa/share_text.h"

namespace subrosa {

ExitCode ShareRevoke(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  std::string recipient;
  std::string purpose;
  bool dry_run = false;
  CommandLine line(
      "share revoke",
      "Ends what a recipient is given of a consumer: records the consumer's "
      "objection to sharing with it, and selling to it, and queues the notice "
      "to delete what it has. It cannot unread. The exit code is 3 if there is "
      "no such consumer or recipient.");
  ConsumerArgument consumer(&line);
  line.AddOption("--recipient", &recipient, "The recipient's slug",
                 Need::kRequired);
  line.AddOption("--purpose", &purpose, "For this purpose alone [all]");
  line.AddFlag("--dry-run", &dry_run, "Only say what would be recorded");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> id = consumer.Read();
  if (!id.ok()) {
    return UsageError("share revoke", std::string(id.status().message()),
                      streams);
  }
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::unique_ptr<Sharing>> sharing =
      (*steward)->OpenSharing();
  if (!sharing.ok()) return Fail(sharing.status(), streams);
  const absl::StatusOr<ShareRevocation> revoked =
      dry_run ? (*sharing)->PlanRevocation(*id, recipient, purpose)
              : (*sharing)->Revoke(*id, recipient, purpose);
  if (!revoked.ok()) return FailOrDenied(revoked.status(), streams);
  if (home.json()) {
    const nlohmann::ordered_json json = {{"revoked", !dry_run},
                                         {"recipient", recipient},
                                         {"notices", revoked->notices}};
    return Print(json.dump() + "\n", streams);
  }
  if (dry_run) {
    return Print(absl::StrCat("Would give ", recipient,
                              " nothing more, whatever else would allow it, "
                              "and queue ",
                              revoked->notices,
                              " notices to delete.\nDry run: nothing was "
                              "recorded.\n"),
                 streams);
  }
  return Print(
      absl::StrCat(
          "Revoked: ", recipient, " is given nothing more. ", revoked->notices,
          " notices to delete are queued.\nWhat it has opened, it has: "
          "a revocation cannot make that unread.\n"),
      streams);
}

}  // namespace subrosa
