#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"
#include "src/consent/action_name.h"
#include "src/consent/choice_text.h"
#include "src/consent/decision.h"
#include "src/law/law_text.h"
#include "src/steward/consent_gate.h"
#include "src/steward/steward.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/consent_command.h"
#include "tools/subrosa/law_arguments.h"
#include "tools/subrosa/session.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// A use as it is asked about, by its names.
struct AskedUse {
  std::string action;
  std::string purpose;
  std::string recipient;
  std::vector<std::string> categories;
};

// What is asked, what is known, and what follows.
struct Explained {
  v1::Action action = v1::ACTION_UNSPECIFIED;  // Sharing with who pays: sell.
  StandingState state;
  Decision decision;
  // Of what stands, what speaks of the use, in its order.
  std::vector<v1::StandingChoice> choices;
};

absl::StatusOr<uint32_t> CategoryBits(const std::vector<std::string>& slugs) {
  uint32_t bits = 0;
  for (const std::string& slug : slugs) {
    SUBROSA_ASSIGN_OR_RETURN(const v1::HealthCategory category,
                             ParseSlug<v1::HealthCategory>(slug));
    bits |= uint32_t{1} << category;
  }
  return bits;
}

bool SpeaksOf(const v1::StandingChoice& choice, v1::Action action,
              const AskedUse& asked, int32_t today) {
  const bool action_fits =
      choice.action() == v1::ACTION_UNSPECIFIED || choice.action() == action ||
      (choice.action() == v1::ACTION_COLLECT && action == v1::ACTION_USE);
  return action_fits &&
         (choice.purpose().empty() || choice.purpose() == asked.purpose) &&
         (choice.recipient().empty() ||
          choice.recipient() == asked.recipient) &&
         (choice.until_day() == 0 || today < choice.until_day());
}

absl::StatusOr<Explained> ExplainUse(const std::string& consumer,
                                     const AskedUse& asked, v1::Action action,
                                     uint32_t categories, ConsentGate& gate) {
  Explained explained;
  explained.action = action;
  if (action == v1::ACTION_SHARE) {
    const absl::StatusOr<RecordedRecipient> recipient =
        gate.FindRecipient(asked.recipient);
    if (recipient.ok() && recipient->recipient.pays()) {
      explained.action = v1::ACTION_SELL;
    }
  }
  SUBROSA_ASSIGN_OR_RETURN(explained.state, gate.ReadStanding(consumer));
  SUBROSA_ASSIGN_OR_RETURN(
      explained.decision,
      gate.Decide(consumer, gate.UseOf(action, asked.purpose, asked.recipient,
                                       categories)));
  const int32_t today = TodayOf(absl::Now()).day;
  for (const v1::StandingChoice& choice : explained.state.standing.choice()) {
    if (SpeaksOf(choice, explained.action, asked, today)) {
      explained.choices.push_back(choice);
    }
  }
  return explained;
}

// What a rule's ground rests on: the entries of the ledger, or the entity's own
// word.
std::string RestsOn(const AppliedRule& rule, const AskedUse& asked,
                    const Explained& explained, const ConsentGate& gate) {
  std::vector<std::string> entries;
  switch (rule.Ground()) {
    case v1::GROUND_CONSENT:
    case v1::GROUND_AUTHORIZATION:
      for (const v1::StandingChoice& choice : explained.choices) {
        if (choice.kind() == v1::CHOICE_KIND_CONSENT ||
            choice.kind() == v1::CHOICE_KIND_AUTHORIZATION) {
          entries.push_back(absl::StrCat("entry ", choice.number()));
        }
      }
      return absl::StrJoin(entries, ", ");
    case v1::GROUND_NO_OPT_OUT:
      return "no choice against it stands";
    case v1::GROUND_UNSPECIFIED:
      return "";
    default: {
      const v1::Purpose* const purpose =
          gate.policy().FindPurpose(asked.purpose);
      return purpose == nullptr
                 ? ""
                 : absl::StrCat("the entity's word, ", purpose->need_reason());
    }
  }
}

std::string RuleText(const AppliedRule& rule, const AskedUse& asked,
                     const Explained& explained, const ConsentGate& gate) {
  const LawEntry& entry = gate.RuleOf(rule);
  const v1::LawRule& law = *entry.rule;
  std::string text = absl::StrCat(
      "\n", entry.id, " (", law.citation(),
      "): ", rule.Holds() ? GroundName(rule.Ground()) : "no ground", "\n  ",
      law.text(), "\n");
  const std::string rests_on = RestsOn(rule, asked, explained, gate);
  if (!rests_on.empty()) {
    absl::StrAppend(&text, "  rests on: ", rests_on, "\n");
  }
  absl::StrAppend(&text, "  in force from ", law.from(),
                  law.until().empty() ? "" : " until ", law.until(), "; ",
                  LawCertaintyText(law.certainty()), "\n");
  if (!law.open_question().empty()) {
    absl::StrAppend(&text, "  open: ", law.open_question(), "\n");
  }
  return text;
}

std::string WhereText(const Explained& explained, const ConsentGate& gate) {
  const v1::ConsumerFacts& facts = explained.state.standing.facts();
  return absl::StrCat(
      facts.residence().empty()
          ? absl::StrCat("taken to live in ",
                         gate.policy().proto().residence_unless_known())
          : absl::StrCat("lives in ", facts.residence()),
      facts.place_of_collection().empty()
          ? ""
          : absl::StrCat(", data collected in ",
                         absl::StrJoin(facts.place_of_collection(), ", ")));
}

std::string ExplainedText(const AskedUse& asked, const Explained& explained,
                          const ConsentGate& gate) {
  const Decision& decision = explained.decision;
  std::string text = absl::StrCat(
      VerdictName(decision.verdict), ": ", ReasonText(decision.reason),
      "\n\nAsked: to ", asked.action, " for ", asked.purpose,
      asked.recipient.empty() ? "" : " with ", asked.recipient,
      asked.categories.empty() ? ", of all data that it may be about" : ", of ",
      absl::StrJoin(asked.categories, ", "), ".\n");
  if (explained.action == v1::ACTION_SELL && asked.action == "share") {
    text += "The recipient pays: this is a sale.\n";
  }
  absl::StrAppend(&text, "The consumer: ", WhereText(explained, gate), ".\n");
  absl::StrAppend(&text, explained.choices.empty()
                             ? "No choice of theirs speaks of it.\n"
                             : "Choices of theirs that speak of it, by entry, "
                               "in their order:\n");
  for (const v1::StandingChoice& choice : explained.choices) {
    absl::StrAppend(&text, "  ", StandingChoiceText(choice), "\n");
  }
  if (decision.rule_count == 0) {
    text += "No rule was looked at.\n";
  }
  for (size_t i = 0; i < decision.rule_count; ++i) {
    text += RuleText(decision.rules[i], asked, explained, gate);
  }
  return text + "\nThis informs; it is no legal advice.\n";
}

Json ExplainedJson(const AskedUse& asked, const Explained& explained,
                   const ConsentGate& gate) {
  const Decision& decision = explained.decision;
  Json choices = Json::array();
  for (const v1::StandingChoice& choice : explained.choices) {
    choices.push_back(StandingChoiceJson(choice));
  }
  Json rules = Json::array();
  for (size_t i = 0; i < decision.rule_count; ++i) {
    const AppliedRule& rule = decision.rules[i];
    Json json = RuleJson(gate.RuleOf(rule));
    json["ground"] = rule.Holds() ? GroundName(rule.Ground()) : "";
    json["rests_on"] = RestsOn(rule, asked, explained, gate);
    rules.push_back(json);
  }
  const v1::ConsumerFacts& facts = explained.state.standing.facts();
  return {{"verdict", std::string(VerdictName(decision.verdict))},
          {"reason", std::string(ReasonText(decision.reason))},
          {"action", ActionName(explained.action)},
          {"purpose", asked.purpose},
          {"recipient", asked.recipient},
          {"categories", asked.categories},
          {"residence", facts.residence().empty()
                            ? gate.policy().proto().residence_unless_known()
                            : facts.residence()},
          {"choices", choices},
          {"rules", rules}};
}

}  // namespace

ExitCode ConsentExplain(absl::Span<const std::string> arguments,
                        const Streams& streams) {
  AskedUse asked;
  CommandLine line("consent explain",
                   "Says whether a use of a consumer's data may be, and prints "
                   "every rule that was looked at: what it says, on which "
                   "ground it holds, and on which choice that rests. Exit code "
                   "3: it may not be, as it is.");
  ConsumerArgument consumer_argument(&line);
  line.AddOption("--action", &asked.action, "collect, use, share or sell",
                 Need::kRequired);
  line.AddOption("--purpose", &asked.purpose, "A purpose of the policy",
                 Need::kRequired);
  line.AddOption("--recipient", &asked.recipient,
                 "To whom, where it is shared or sold");
  line.AddOptions("--category", &asked.categories,
                  "Which data, as precise-location [all that the purpose is "
                  "about]");
  const HomeArguments home(&line, Need::kRequired);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  const absl::StatusOr<std::string> consumer = consumer_argument.Read();
  const absl::StatusOr<v1::Action> action = ParseAction(asked.action);
  const absl::StatusOr<uint32_t> categories = CategoryBits(asked.categories);
  for (const absl::Status& status :
       {consumer.status(), action.status(), categories.status()}) {
    if (!status.ok()) {
      return UsageError("consent explain", std::string(status.message()),
                        streams);
    }
  }

  const absl::StatusOr<std::unique_ptr<Steward>> steward = OpenSteward(home);
  if (!steward.ok()) return Fail(steward.status(), streams);
  ConsentGate& gate = (*steward)->gate();
  const absl::StatusOr<Explained> explained =
      ExplainUse(*consumer, asked, *action, *categories, gate);
  if (!explained.ok()) return Fail(explained.status(), streams);
  const ExitCode printed =
      home.json()
          ? Print(ExplainedJson(asked, *explained, gate).dump() + "\n", streams)
          : Print(ExplainedText(asked, *explained, gate), streams);
  if (printed != ExitCode::kDone) return printed;
  return explained->decision.Permits() ? ExitCode::kDone : ExitCode::kNo;
}

}  // namespace subrosa
