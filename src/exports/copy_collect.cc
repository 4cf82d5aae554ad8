#include "src/exports/copy_collect.h"

#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/repeated_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"
#include "src/consent/action_name.h"
#include "src/consent/choice_text.h"
#include "src/consent/consent_ledger.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/exports/choice_receipt.h"
#include "src/exports/copy_survey.h"
#include "src/exports/instant_text.h"
#include "src/law/law_book.h"
#include "src/recipients/receiving.h"
#include "src/recipients/recipient_registry.h"
#include "src/request/letter_phrases.h"
#include "src/request/request_desk.h"
#include "src/request/request_text.h"
#include "src/steward/consent_gate.h"
#include "src/steward/sharing.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

// "third-party" as people read it.
std::string WordsOf(const std::string& slug) {
  return absl::StrReplaceAll(slug, {{"-", " "}});
}

std::string JoinedTitles(const google::protobuf::RepeatedField<int>& values) {
  std::string titles;
  for (const int category : values) {
    absl::StrAppend(&titles, titles.empty() ? "" : ", ",
                    FactsOf(static_cast<v1::HealthCategory>(category)).title());
  }
  return titles;
}

// Purposes and recipients as consumers know them. What is on record no more
// keeps its slug.
class KnownNames {
 public:
  static absl::StatusOr<KnownNames> Read(ConsentGate& gate) {
    KnownNames names;
    for (const v1::Purpose& purpose : gate.policy().proto().purpose()) {
      names.purposes_[purpose.id()] = purpose.title();
    }
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<RecordedRecipient> recorded,
                             gate.ReadRecipients());
    for (const RecordedRecipient& each : recorded) {
      names.recipients_[each.recipient.id()] = each.recipient;
    }
    return names;
  }

  // Null: not on record.
  const v1::Recipient* FindRecipient(const std::string& id) const {
    const auto found = recipients_.find(id);
    return found == recipients_.end() ? nullptr : &found->second;
  }

  template <typename Slugs>
  std::string Purposes(const Slugs& slugs) const {
    return absl::StrJoin(
        slugs, ", ", [this](std::string* out, const std::string& slug) {
          const auto found = purposes_.find(slug);
          out->append(found == purposes_.end() ? slug : found->second);
        });
  }
  template <typename Slugs>
  std::string Recipients(const Slugs& slugs) const {
    return absl::StrJoin(
        slugs, ", ", [this](std::string* out, const std::string& slug) {
          const v1::Recipient* const recipient = FindRecipient(slug);
          out->append(recipient == nullptr ? slug : recipient->name());
        });
  }

 private:
  std::map<std::string, std::string> purposes_;
  std::map<std::string, v1::Recipient> recipients_;
};

void CollectEntity(const v1::Policy& policy, CopyFacts* facts) {
  facts->entity_name = policy.name().empty() ? facts->entity : policy.name();
  for (const std::string* contact :
       {&policy.contact_email(), &policy.contact_url(),
        &policy.contact_postal()}) {
    if (!contact->empty()) facts->entity_contacts.push_back(*contact);
  }
}

std::string DayOfInstant(const google::protobuf::Timestamp& instant) {
  return InstantText(instant).substr(0, 10);
}

CopiedChoice CopiedEntry(uint64_t number, const v1::LedgerEntry& entry,
                         const KnownNames& names) {
  CopiedChoice copied;
  copied.number = number;
  copied.day = DayOfInstant(entry.recorded_at());
  if (!entry.has_choice()) {
    copied.what = ConsumerFactsText(entry.facts());
    return copied;
  }
  const v1::Choice& choice = entry.choice();
  copied.is_choice = true;
  copied.what = WordsOf(ChoiceKindName(choice.kind()));
  for (const int action : choice.action()) {
    absl::StrAppend(&copied.actions, copied.actions.empty() ? "" : ", ",
                    ActionName(static_cast<v1::Action>(action)));
  }
  copied.purposes = names.Purposes(choice.purpose());
  copied.recipients = names.Recipients(choice.recipient());
  copied.categories = JoinedTitles(choice.category());
  copied.given_day = DayOfInstant(choice.given_at());
  copied.by = ActorKindName(choice.actor().kind());
  if (choice.has_expires_at()) {
    copied.until_day = DayOfInstant(choice.expires_at());
  }
  return copied;
}

bool HasReceipt(v1::ChoiceKind kind) {
  return kind == v1::CHOICE_KIND_CONSENT ||
         kind == v1::CHOICE_KIND_AUTHORIZATION;
}

absl::Status CollectChoices(Steward& steward, absl::string_view consumer,
                            const KnownNames& names, CopyFacts* facts,
                            std::vector<CopyDocument>* documents) {
  SUBROSA_ASSIGN_OR_RETURN(const StandingState state,
                           steward.gate().ReadStanding(consumer));
  facts->known = ConsumerFactsText(state.standing.facts());
  Json json = ConsumerFactsJson(state.standing.facts());
  json["standing"] = Json::array();
  for (const v1::StandingChoice& choice : state.standing.choice()) {
    facts->standing.push_back(StandingChoiceText(choice));
    json["standing"].push_back(StandingChoiceJson(choice));
  }
  json["entries"] = Json::array();
  SUBROSA_RETURN_IF_ERROR(steward.gate().VisitEntries(
      consumer, [&](uint64_t number, const v1::LedgerEntry& entry) {
        CopiedChoice copied = CopiedEntry(number, entry, names);
        Json each = LedgerEntryJson(number, entry);
        if (entry.has_choice() && HasReceipt(entry.choice().kind())) {
          copied.receipt = absl::StrCat("receipts/choice-", number, ".jsonld");
          each["receipt"] = copied.receipt;
        }
        json["entries"].push_back(std::move(each));
        facts->choices.push_back(std::move(copied));
        return absl::OkStatus();
      }));
  documents->push_back(
      {"choices.json",
       "what is known of you for decisions, and what you chose, in its order",
       Dump(json)});
  for (const CopiedChoice& choice : facts->choices) {
    if (choice.receipt.empty()) continue;
    SUBROSA_ASSIGN_OR_RETURN(
        std::string receipt,
        WriteChoiceReceipt(steward, consumer, choice.number, facts->made_at));
    documents->push_back({choice.receipt,
                          absl::StrCat("the receipt of choice ", choice.number,
                                       " (ISO/IEC TS 27560, JSON-LD)"),
                          std::move(receipt)});
  }
  return absl::OkStatus();
}

// That consumers reach `recipient` today, as far as anybody has looked.
absl::Status CheckReachable(const std::string& id,
                            const v1::Recipient* recipient, const LawBook& law,
                            absl::CivilDay today) {
  if (recipient == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(
        "recipient ", id,
        ": want it on record with a contact that works, got none; `subrosa "
        "recipient add` records one"));
  }
  // What its contract says is not asked here.
  for (const ReceivingFault& fault : FindReceivingFaults(
           *recipient, ReceivingRules{&law, {}}, today, Handover::kElsewhere)) {
    if (fault.kind != ReceivingFaultKind::kContactMissing &&
        fault.kind != ReceivingFaultKind::kContactNotChecked) {
      continue;
    }
    return absl::FailedPreconditionError(absl::StrCat(
        "recipient ", id, ": want a contact that was seen to work in ",
        kContactCheckedDays, " days, got: ", fault.text,
        "; try it, and record the day with `subrosa recipient add`"));
  }
  return absl::OkStatus();
}

absl::Status CollectRecipients(Steward& steward, absl::string_view consumer,
                               const KnownNames& names, CopyFacts* facts,
                               std::vector<CopyDocument>* documents) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Sharing> sharing,
                           steward.OpenSharing());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<ReceivedByOne> received,
                           sharing->ledger().ReadRecipients(consumer));
  const absl::CivilDay today = CivilDayOf(DayOf(facts->made_at));
  Json all = Json::array();
  for (const ReceivedByOne& one : received) {
    const v1::Recipient* const now = names.FindRecipient(one.recipient);
    SUBROSA_RETURN_IF_ERROR(
        CheckReachable(one.recipient, now, steward.gate().law(), today));
    // How it is reached today, not how it was.
    const v1::RecipientContact& contact = now->contact();
    CopiedRecipient copied;
    copied.id = one.recipient;
    copied.name = one.name;
    copied.contact = contact.email().empty() ? contact.url() : contact.email();
    copied.checked_on = contact.checked_on();
    const std::string role =
        SlugOfName(v1::RecipientRole_Name(now->role()), "RECIPIENT_ROLE_");
    copied.role = WordsOf(role);
    copied.first_day = DayText(one.first_day);
    copied.last_day = DayText(one.last_day);
    copied.purposes = names.Purposes(one.purposes);
    for (const int category : one.categories) {
      absl::StrAppend(
          &copied.categories, copied.categories.empty() ? "" : ", ",
          FactsOf(static_cast<v1::HealthCategory>(category)).title());
    }
    copied.sold = one.sold;
    copied.is_revoked = one.is_revoked;
    all.push_back({{"recipient", copied.id},
                   {"name", copied.name},
                   {"role", role},
                   {"contact", copied.contact},
                   {"contact_checked_on", copied.checked_on},
                   {"first_day", copied.first_day},
                   {"last_day", copied.last_day},
                   {"disclosures", one.disclosures},
                   {"purposes", one.purposes},
                   {"categories", copied.categories},
                   {"sold", copied.sold},
                   {"revoked", copied.is_revoked}});
    facts->recipients.push_back(std::move(copied));
  }
  documents->push_back({"recipients.json",
                        "third parties and affiliates who were given data, and "
                        "how each is reached",
                        Dump(all)});
  return absl::OkStatus();
}

absl::Status CollectRequests(Steward& steward, absl::string_view consumer,
                             CopyFacts* facts,
                             std::vector<CopyDocument>* documents) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Vault> vault,
                           steward.OpenUngatedVault());
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<RequestDesk> desk,
      RequestDesk::Open(std::move(vault), steward.gate().law(),
                        steward.gate().policy().proto(), steward.clock(),
                        /*read_owed=*/nullptr));
  Json all = Json::array();
  SUBROSA_RETURN_IF_ERROR(desk->VisitOf(consumer, [&](const RequestView& view) {
    const v1::Request& request = view.request();
    CopiedRequest copied;
    copied.day = InstantText(request.received_at()).substr(0, 10);
    copied.what = LetterPhrases::BuiltIn().Kind(request.kind());
    const std::string state = RequestStatusSlug(view.machine.status());
    copied.state = WordsOf(state);
    all.push_back({{"received_at", InstantText(request.received_at())},
                   {"request", RequestKindSlug(request.kind())},
                   {"status", state}});
    facts->requests.push_back(std::move(copied));
    return absl::OkStatus();
  }));
  documents->push_back(
      {"requests.json", "what you asked for, and where it stands", Dump(all)});
  return absl::OkStatus();
}

}  // namespace

absl::Status CollectCopyFacts(Steward& steward, absl::string_view consumer,
                              CopyFacts* facts,
                              std::vector<CopyDocument>* documents) {
  SUBROSA_ASSIGN_OR_RETURN(const KnownNames names,
                           KnownNames::Read(steward.gate()));
  CollectEntity(steward.gate().policy().proto(), facts);
  SUBROSA_RETURN_IF_ERROR(
      CollectChoices(steward, consumer, names, facts, documents));
  SUBROSA_RETURN_IF_ERROR(
      CollectRecipients(steward, consumer, names, facts, documents));
  return CollectRequests(steward, consumer, facts, documents);
}

}  // namespace subrosa
