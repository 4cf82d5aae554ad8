#include "tools/subrosa/recipient_arguments.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"
#include "src/consent/policy.h"
#include "src/recipients/contract_items.h"
#include "src/steward/home_policy.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

std::string RoleText(const v1::Recipient& recipient) {
  const absl::string_view name = RecipientRoleName(recipient.role());
  return name.empty() ? "unknown role" : std::string(name);
}

std::vector<std::string> CategorySlugs(const v1::Recipient& recipient) {
  std::vector<std::string> slugs;
  for (const int category : recipient.category_allowed()) {
    slugs.emplace_back(Slug(static_cast<v1::HealthCategory>(category)));
  }
  return slugs;
}

// "  label: value", or nothing for no value.
void AppendLine(absl::string_view label, absl::string_view value,
                std::string* text) {
  if (value.empty()) return;
  absl::StrAppend(text, "  ", label, ": ", value, "\n");
}

// Sets `json[key]` unless the value is empty.
void SetText(const char* key, const std::string& value,
             nlohmann::ordered_json* json) {
  if (!value.empty()) (*json)[key] = value;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecipientDemands>> ReadRecipientDemands(
    const std::string& folder, absl::string_view entity) {
  SUBROSA_ASSIGN_OR_RETURN(LawBook law, LawBook::BuiltIn());
  SUBROSA_ASSIGN_OR_RETURN(const Policy policy,
                           ReadHomePolicy(folder, entity, law));
  auto demands = std::make_unique<RecipientDemands>(
      RecipientDemands{std::move(law), {}, {}});
  demands->packs.assign(policy.proto().pack().begin(),
                        policy.proto().pack().end());
  for (const v1::Purpose& purpose : policy.proto().purpose()) {
    demands->purposes.insert(purpose.id());
  }
  return demands;
}

RecipientStanding StandingOf(const v1::Recipient& recipient,
                             const RecipientDemands& demands,
                             absl::CivilDay day, Handover handover) {
  const ReceivingRules rules = {&demands.law, demands.packs};
  RecipientStanding standing;
  standing.faults = FindReceivingFaults(recipient, rules, day, handover);
  standing.days = FindReceivingDays(recipient, rules, day);
  for (const std::string& purpose : recipient.purpose()) {
    if (demands.purposes.count(purpose) == 0) {
      standing.unknown_purposes.push_back(purpose);
    }
  }
  return standing;
}

std::string StandingText(const v1::Recipient& recipient,
                         const RecipientStanding& standing,
                         const LawBook& law) {
  std::string text;
  if (standing.faults.empty()) {
    text = absl::StrCat(recipient.id(), " may receive until ",
                        absl::FormatCivilTime(standing.days.until), "\n");
  } else {
    text = absl::StrCat(recipient.id(), " may not receive:\n");
  }
  for (const ReceivingFault& fault : standing.faults) {
    absl::StrAppend(&text, "  ", fault.text);
    if (const LawEntry* const entry = law.Find(fault.rule); entry != nullptr) {
      absl::StrAppend(&text, " [", fault.item.empty() ? fault.rule : fault.item,
                      "; ", entry->rule->citation(), "]");
    }
    text += "\n";
  }
  for (const std::string& purpose : standing.unknown_purposes) {
    absl::StrAppend(&text, "  nothing for the purpose ", purpose,
                    ", which the policy does not have\n");
  }
  return text;
}

nlohmann::ordered_json StandingJson(const RecipientStanding& standing,
                                    const LawBook& law) {
  nlohmann::ordered_json json = {{"may_receive", standing.faults.empty()}};
  if (standing.faults.empty()) {
    json["until"] = absl::FormatCivilTime(standing.days.until);
  }
  json["faults"] = nlohmann::ordered_json::array();
  for (const ReceivingFault& fault : standing.faults) {
    nlohmann::ordered_json each = {
        {"kind", std::string(ReceivingFaultName(fault.kind))},
        {"text", fault.text}};
    if (const LawEntry* const entry = law.Find(fault.rule); entry != nullptr) {
      each["rule"] = fault.rule;
      each["citation"] = entry->rule->citation();
    }
    SetText("item", fault.item, &each);
    json["faults"].push_back(each);
  }
  json["unknown_purposes"] = standing.unknown_purposes;
  return json;
}

std::string RecipientText(const RecordedRecipient& recorded) {
  const v1::Recipient& recipient = recorded.recipient;
  std::string text = absl::StrCat(
      recipient.id(), ": ", recipient.name(), ", ", RoleText(recipient),
      recipient.pays() ? " that pays" : "", "; version ", recorded.version,
      " of ", absl::FormatCivilTime(recorded.day), "\n");
  AppendLine("category", recipient.category(), &text);
  AppendLine("e-mail", recipient.contact().email(), &text);
  AppendLine("form", recipient.contact().url(), &text);
  AppendLine("letters",
             absl::StrJoin(absl::StrSplit(recipient.contact().postal(), '\n',
                                          absl::SkipEmpty()),
                           ", "),
             &text);
  AppendLine("contact checked on", recipient.contact().checked_on(), &text);
  if (recipient.has_contract()) {
    const v1::RecipientContract& contract = recipient.contract();
    AppendLine("contract",
               absl::StrCat(contract.reference(), ", from ", contract.from(),
                            contract.until().empty() ? "" : " until ",
                            contract.until()),
               &text);
    AppendLine("it holds", absl::StrJoin(contract.item(), ", "), &text);
  }
  AppendLine("purposes", absl::StrJoin(recipient.purpose(), ", "), &text);
  const std::vector<std::string> categories = CategorySlugs(recipient);
  AppendLine("categories",
             categories.empty() ? "none" : absl::StrJoin(categories, ", "),
             &text);
  AppendLine("where", absl::StrJoin(recipient.location(), ", "), &text);
  AppendLine("age key", recipient.age_recipient(), &text);
  AppendLine("ended on", recipient.ended_on(), &text);
  return text;
}

nlohmann::ordered_json RecipientJson(const RecordedRecipient& recorded) {
  const v1::Recipient& recipient = recorded.recipient;
  nlohmann::ordered_json json = {
      {"id", recipient.id()},
      {"name", recipient.name()},
      {"role", RoleText(recipient)},
      {"version", recorded.version},
      {"recorded_on", absl::FormatCivilTime(recorded.day)}};
  SetText("category", recipient.category(), &json);
  nlohmann::ordered_json contact = nlohmann::ordered_json::object();
  SetText("email", recipient.contact().email(), &contact);
  SetText("url", recipient.contact().url(), &contact);
  SetText("postal", recipient.contact().postal(), &contact);
  SetText("checked_on", recipient.contact().checked_on(), &contact);
  json["contact"] = contact;
  if (recipient.has_contract()) {
    nlohmann::ordered_json contract = {
        {"reference", recipient.contract().reference()},
        {"from", recipient.contract().from()}};
    SetText("until", recipient.contract().until(), &contract);
    contract["items"] = std::vector<std::string>(
        recipient.contract().item().begin(), recipient.contract().item().end());
    json["contract"] = contract;
  }
  json["purposes"] = std::vector<std::string>(recipient.purpose().begin(),
                                              recipient.purpose().end());
  json["categories"] = CategorySlugs(recipient);
  json["locations"] = std::vector<std::string>(recipient.location().begin(),
                                               recipient.location().end());
  SetText("age_recipient", recipient.age_recipient(), &json);
  json["pays"] = recipient.pays();
  SetText("ended_on", recipient.ended_on(), &json);
  return json;
}

std::string RecipientChangeName(RecipientChange change) {
  switch (change) {
    case RecipientChange::kAdded:
      return "added";
    case RecipientChange::kReplaced:
      return "replaced";
    case RecipientChange::kUnchanged:
      return "unchanged";
  }
  return "unknown";
}

}  // namespace subrosa
