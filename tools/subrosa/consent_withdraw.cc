#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "src/consent/action_name.h"
#include "src/steward/consent_gate.h"
#include "src/steward/steward.h"
#include "subrosa/v1/consent.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/consent_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {

ExitCode ConsentWithdraw(absl::Span<const std::string> arguments,
                         const Streams& streams) {
  std::vector<std::string> actions;
  std::vector<std::string> purposes;
  std::vector<std::string> recipients;
  std::string method = "request";
  CommandLine line("consent withdraw",
                   "Records that a consumer takes back consents and "
                   "authorizations, as of now. Without --action, --purpose and "
                   "--recipient: all.");
  ConsumerArgument consumer_argument(&line);
  line.AddOptions("--action", &actions, "collect, use, share or sell");
  line.AddOptions("--purpose", &purposes, "Only for this purpose");
  line.AddOptions("--recipient", &recipients, "Only towards this recipient");
  line.AddOption("--method", &method,
                 "How they said so, as a slug: letter, call [request]");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> consumer = consumer_argument.Read();
  if (!consumer.ok()) {
    return UsageError("consent withdraw",
                      std::string(consumer.status().message()), streams);
  }
  v1::LedgerEntry entry;
  entry.set_consumer(*consumer);
  v1::Choice& choice = *entry.mutable_choice();
  choice.set_consumer(*consumer);
  choice.set_kind(v1::CHOICE_KIND_WITHDRAWAL);
  for (const std::string& name : actions) {
    const absl::StatusOr<v1::Action> action = ParseAction(name);
    if (!action.ok()) {
      return UsageError("consent withdraw",
                        std::string(action.status().message()), streams);
    }
    choice.add_action(*action);
  }
  for (const std::string& purpose : purposes) choice.add_purpose(purpose);
  for (const std::string& recipient : recipients) {
    choice.add_recipient(recipient);
  }
  choice.set_method(method);
  choice.mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
  choice.mutable_given_at()->set_seconds(absl::ToUnixSeconds(absl::Now()));

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::vector<EntryResult>> results =
      (*steward)->gate().Record({&entry});
  if (!results.ok()) return Fail(results.status(), streams);
  const EntryResult& result = results->front();
  if (!result.status.ok()) return FailOrUnproven(result.status, streams);
  if (home.json()) {
    return Print(
        nlohmann::ordered_json{{"number", result.number}}.dump() + "\n",
        streams);
  }
  return Print(
      absl::StrCat(
          "Withdrawn, as entry ", result.number,
          ". What was handed on before cannot be taken back: recipients "
          "are told to delete it.\n"),
      streams);
}

}  // namespace subrosa
