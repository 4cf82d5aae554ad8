#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/erase_part.h"
#include "tools/subrosa/keys_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {

ExitCode KeysRenew(absl::Span<const std::string> arguments,
                   const Streams& streams) {
  PartRequest request;
  CommandLine line(
      "keys renew",
      "Makes a new key for one consumer and seals all their records under it. "
      "`keys retire` destroys the key before once its day has come. Make a "
      "backup of both stores afterwards.");
  ConsumerArgument consumer_argument(&line);
  line.AddFlag("--dry-run", &request.dry_run, "Only say what would be done");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> consumer = consumer_argument.Read();
  if (!consumer.ok()) {
    return UsageError("keys renew", std::string(consumer.status().message()),
                      streams);
  }
  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  request.consumer = *consumer;
  request.json = home.json();
  return ErasePart(**steward, request, streams);
}

}  // namespace subrosa
