#include "src/exports/copy_collect.h"

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/classify/taxonomy_facts.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/exports/choice_receipt.h"
#include "src/exports/copy_survey.h"
#include "src/exports/instant_text.h"
#include "src/recipients/recipient_registry.h"
#include "src/request/request_desk.h"
#include "src/request/request_text.h"
#include "src/steward/consent_gate.h"
#include "src/steward/sharing.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

std::string Dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Empty: all.
std::string ActionSlugs(const v1::Choice& choice) {
  std::string slugs;
  for (const int action : choice.action()) {
    absl::StrAppend(&slugs, slugs.empty() ? "" : ", ",
                    SlugOfName(v1::Action_Name(action), "ACTION_"));
  }
  return slugs;
}

bool HasReceipt(v1::ChoiceKind kind) {
  return kind == v1::CHOICE_KIND_CONSENT ||
         kind == v1::CHOICE_KIND_AUTHORIZATION;
}

absl::Status CollectChoices(Steward& steward, absl::string_view consumer,
                            CopyFacts* facts,
                            std::vector<CopyDocument>* documents) {
  Json all = Json::array();
  SUBROSA_RETURN_IF_ERROR(steward.gate().VisitEntries(
      consumer, [&](uint64_t number, const v1::LedgerEntry& entry) {
        CopiedChoice copied;
        copied.number = number;
        copied.day = InstantText(entry.recorded_at()).substr(0, 10);
        if (entry.has_choice()) {
          const v1::Choice& choice = entry.choice();
          copied.what =
              SlugOfName(v1::ChoiceKind_Name(choice.kind()), "CHOICE_KIND_");
          copied.action = ActionSlugs(choice);
          copied.purpose = absl::StrJoin(choice.purpose(), ", ");
          if (HasReceipt(choice.kind())) {
            copied.receipt =
                absl::StrCat("receipts/choice-", number, ".jsonld");
          }
        } else {
          copied.what = "where you live, or who may act for you";
        }
        all.push_back({{"number", number},
                       {"recorded_at", InstantText(entry.recorded_at())},
                       {"choice", copied.what},
                       {"action", copied.action},
                       {"purpose", copied.purpose},
                       {"receipt", copied.receipt}});
        facts->choices.push_back(std::move(copied));
        return absl::OkStatus();
      }));
  documents->push_back(
      {"choices.json", "what you chose, in its order", Dump(all)});
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

absl::Status CollectRecipients(Steward& steward, absl::string_view consumer,
                               CopyFacts* facts,
                               std::vector<CopyDocument>* documents) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Sharing> sharing,
                           steward.OpenSharing());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<ReceivedByOne> received,
                           sharing->ledger().ReadRecipients(consumer));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RecordedRecipient> recorded,
                           steward.gate().ReadRecipients());
  std::map<std::string, const v1::Recipient*> on_record;
  for (const RecordedRecipient& each : recorded) {
    on_record[each.recipient.id()] = &each.recipient;
  }
  Json all = Json::array();
  for (const ReceivedByOne& one : received) {
    CopiedRecipient copied;
    copied.id = one.recipient;
    copied.name = one.name;
    copied.contact = one.contact;
    const auto now = on_record.find(one.recipient);
    if (now != on_record.end()) {
      // How it is reached today, not how it was.
      const v1::RecipientContact& contact = now->second->contact();
      copied.contact =
          contact.email().empty() ? contact.url() : contact.email();
      copied.role = SlugOfName(v1::RecipientRole_Name(now->second->role()),
                               "RECIPIENT_ROLE_");
    }
    if (copied.contact.empty()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "recipient ", one.recipient,
          ": want an e-mail address or a URL at which a consumer reaches it, "
          "got none; `subrosa recipient add` records one"));
    }
    copied.first_day = DayText(one.first_day);
    copied.last_day = DayText(one.last_day);
    copied.purposes = absl::StrJoin(one.purposes, ", ");
    for (const int category : one.categories) {
      absl::StrAppend(
          &copied.categories, copied.categories.empty() ? "" : ", ",
          FactsOf(static_cast<v1::HealthCategory>(category)).title());
    }
    copied.sold = one.sold;
    copied.is_revoked = one.is_revoked;
    all.push_back({{"recipient", copied.id},
                   {"name", copied.name},
                   {"role", copied.role},
                   {"contact", copied.contact},
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
    copied.what = RequestKindSlug(request.kind());
    copied.state = RequestStatusSlug(view.machine.status());
    all.push_back({{"received_at", InstantText(request.received_at())},
                   {"request", copied.what},
                   {"status", copied.state}});
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
  SUBROSA_RETURN_IF_ERROR(CollectChoices(steward, consumer, facts, documents));
  SUBROSA_RETURN_IF_ERROR(
      CollectRecipients(steward, consumer, facts, documents));
  return CollectRequests(steward, consumer, facts, documents);
}

}  // namespace subrosa
