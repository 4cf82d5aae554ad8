#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "src/consent/choice_text.h"
#include "src/consent/consent_ledger.h"
#include "src/steward/consent_gate.h"
#include "src/steward/steward.h"
#include "subrosa/v1/consent.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/consent_command.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

std::string StateText(const StandingState& state) {
  std::string text =
      absl::StrCat(ConsumerFactsText(state.standing.facts()), "\n");
  if (state.ask_again) {
    text +=
        "Choices may have been lost when an older record store was put back: "
        "everything is denied until they are asked again.\n";
  }
  absl::StrAppend(&text, state.standing.choice().empty()
                             ? "No choice stands.\n"
                             : "What stands, by entry:\n");
  for (const v1::StandingChoice& choice : state.standing.choice()) {
    absl::StrAppend(&text, "  ", StandingChoiceText(choice), "\n");
  }
  return text;
}

Json StateJson(const StandingState& state) {
  Json standing = Json::array();
  for (const v1::StandingChoice& choice : state.standing.choice()) {
    standing.push_back(StandingChoiceJson(choice));
  }
  Json json = ConsumerFactsJson(state.standing.facts());
  json["ask_again"] = state.ask_again;
  json["standing"] = std::move(standing);
  return json;
}

}  // namespace

ExitCode ConsentShow(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  bool entries = false;
  CommandLine line("consent show",
                   "Shows what is known of a consumer for decisions, and which "
                   "of their choices stand.");
  ConsumerArgument consumer_argument(&line);
  line.AddFlag("--entries", &entries,
               "Also every entry of the ledger, the oldest first");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> consumer = consumer_argument.Read();
  if (!consumer.ok()) {
    return UsageError("consent show", std::string(consumer.status().message()),
                      streams);
  }

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  ConsentGate& gate = (*steward)->gate();
  const absl::StatusOr<StandingState> state = gate.ReadStanding(*consumer);
  if (!state.ok()) return Fail(state.status(), streams);
  if (state->consumer_ref.empty()) {
    return FailOrNo(
        absl::NotFoundError("consumer: want one that is known here, got none"),
        streams);
  }
  const absl::StatusOr<std::vector<StandingConsent>> consents =
      gate.ReadConsents(*consumer);
  if (!consents.ok()) return Fail(consents.status(), streams);
  Json json = StateJson(*state);
  json["consents"] = Json::array();
  for (const StandingConsent& consent : *consents) {
    // As records have it in JSON.
    json["consents"].push_back(
        {{"number", consent.choice.number()},
         {"consent_ref", absl::Base64Escape(consent.consent_ref)}});
  }
  std::string text = StateText(*state);
  if (entries) {
    json["entries"] = Json::array();
    text += "Entries:\n";
    const absl::Status visited = gate.VisitEntries(
        *consumer, [&](uint64_t number, const v1::LedgerEntry& entry) {
          json["entries"].push_back(LedgerEntryJson(number, entry));
          absl::StrAppend(&text, "  ", LedgerEntryText(number, entry), "\n");
          return absl::OkStatus();
        });
    if (!visited.ok()) return FailOrNo(visited, streams);
  }
  return home.json()
             ? Print(json.dump(-1, ' ', false, Json::error_handler_t::replace) +
                         "\n",
                     streams)
             : Print(text, streams);
}

}  // namespace subrosa
