#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/disclosure/disclosure_ledger.h"
#include "src/steward/sharing.h"
#include "src/steward/steward.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/share_command.h"
#include "tools/subrosa/share_text.h"

namespace subrosa {
namespace {

std::string RecipientsText(const std::vector<ReceivedByOne>& recipients) {
  if (recipients.empty()) return "Nobody was given anything.\n";
  std::string text;
  for (const ReceivedByOne& received : recipients) {
    absl::StrAppend(&text, received.name, " (", received.recipient, "), ",
                    received.contact, "\n  ", ReceivedText(received), "\n");
  }
  return text;
}

std::string RecipientsJson(const std::vector<ReceivedByOne>& recipients) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const ReceivedByOne& received : recipients) {
    list.push_back(ReceivedJson(received));
  }
  return nlohmann::ordered_json{{"recipients", list}}.dump() + "\n";
}

// One consumer a line, as they come: there may be millions.
absl::Status PrintConsumers(const std::string& recipient, bool json,
                            DisclosureLedger& ledger, const Streams& streams) {
  return ledger.VisitConsumersOf(recipient, [&](absl::string_view consumer,
                                                const ReceivedByOne& received) {
    std::string text;
    if (json) {
      nlohmann::ordered_json line = {{"consumer", std::string(consumer)}};
      line.update(ReceivedJson(received));
      text = line.dump() + "\n";
    } else {
      text = absl::StrCat(consumer, ": ", ReceivedText(received), "\n");
    }
    return Print(text, streams) == ExitCode::kDone
               ? absl::OkStatus()
               : absl::UnavailableError("standard output: cannot write");
  });
}

}  // namespace

ExitCode ShareList(absl::Span<const std::string> arguments,
                   const Streams& streams) {
  std::string recipient;
  CommandLine line(
      "share list",
      "Lists who was given a consumer's data, and how each is reached; or with "
      "--recipient the consumers whose data that recipient was given, one a "
      "line. The exit code is 3 if there is no such consumer.");
  ConsumerArgument consumer(&line);
  line.AddOption("--recipient", &recipient, "The recipient's slug");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (consumer.is_given() == !recipient.empty()) {
    return UsageError("share list", "want a consumer or --recipient", streams);
  }
  std::string id;
  if (consumer.is_given()) {
    const absl::StatusOr<std::string> read = consumer.Read();
    if (!read.ok()) {
      return UsageError("share list", std::string(read.status().message()),
                        streams);
    }
    id = *read;
  }

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  const absl::StatusOr<std::unique_ptr<Sharing>> sharing =
      (*steward)->OpenSharing();
  if (!sharing.ok()) return Fail(sharing.status(), streams);
  DisclosureLedger& ledger = (*sharing)->ledger();
  if (!recipient.empty()) {
    const absl::Status printed =
        PrintConsumers(recipient, home.json(), ledger, streams);
    return printed.ok() ? ExitCode::kDone : Fail(printed, streams);
  }
  const absl::StatusOr<std::vector<ReceivedByOne>> recipients =
      ledger.ReadRecipients(id);
  if (!recipients.ok()) return FailOrDenied(recipients.status(), streams);
  return Print(
      home.json() ? RecipientsJson(*recipients) : RecipientsText(*recipients),
      streams);
}

}  // namespace subrosa
