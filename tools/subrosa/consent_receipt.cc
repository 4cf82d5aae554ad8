#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "src/exports/choice_receipt.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/consent_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {

ExitCode ConsentReceipt(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  uint64_t entry = 0;
  CommandLine line("consent receipt",
                   "Prints a consumer's receipt of one of their consents or "
                   "authorizations, as JSON-LD.");
  ConsumerArgument consumer_argument(&line);
  line.AddNumber("--entry", &entry,
                 "The entry's number, as `consent show` prints it");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> consumer = consumer_argument.Read();
  if (!consumer.ok()) {
    return UsageError("consent receipt",
                      std::string(consumer.status().message()), streams);
  }
  if (entry == 0) {
    return UsageError("consent receipt", "--entry: want its number, from 1",
                      streams);
  }

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::string> receipt =
      WriteChoiceReceipt(**steward, *consumer, entry, absl::Now());
  return receipt.ok() ? Print(*receipt, streams)
                      : FailOrNo(receipt.status(), streams);
}

}  // namespace subrosa
