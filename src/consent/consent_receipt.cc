#include "src/consent/consent_receipt.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/published_terms.h"
#include "src/classify/taxonomy_facts.h"
#include "src/consent/choice_form.h"
#include "src/consent/choice_time.h"
#include "src/consent/receipt_entries.h"
#include "src/consent/receipt_json.h"
#include "src/law/place.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

absl::Status CheckSaid(absl::string_view path, bool is_said) {
  return is_said ? absl::OkStatus()
                 : absl::FailedPreconditionError(
                       absl::StrCat("policy.", path,
                                    ": want what receipts have to say, got "
                                    "none"));
}

constexpr char kController[] = "_:controller";

ReceiptJson Controller(const v1::Policy& policy) {
  ReceiptJson party = ReceiptParty(
      kController, ReceiptJson::array({"dpv:DataController"}), policy.name(),
      policy.contact_postal(), policy.contact_email(), policy.contact_url());
  party["dct:identifier"] = policy.entity();
  return party;
}

absl::string_view RoleType(v1::RecipientRole role) {
  switch (role) {
    case v1::RECIPIENT_ROLE_PROCESSOR:
    case v1::RECIPIENT_ROLE_CONTRACTOR:
      return "dpv:DataProcessor";
    default:
      return "dpv:ThirdParty";
  }
}

ReceiptJson RecipientsJson(const ReceiptSource& source) {
  ReceiptJson recipients = ReceiptJson::array();
  for (const v1::Recipient& recipient : source.recipients) {
    ReceiptJson party = ReceiptParty(
        absl::StrCat("_:recipient-", recipient.id()),
        ReceiptJson::array(
            {"dpv:Recipient", std::string(RoleType(recipient.role()))}),
        recipient.name(), recipient.contact().postal(),
        recipient.contact().email(), recipient.contact().url());
    party["dct:identifier"] = recipient.id();
    recipients.push_back(std::move(party));
  }
  // Who only collects and uses is the recipient.
  if (recipients.empty()) recipients.push_back(ReceiptRef(kController));
  return recipients;
}

absl::StatusOr<ReceiptJson> PersonalData(const v1::Choice& consent) {
  SUBROSA_ASSIGN_OR_RETURN(const TermMap terms, TermMap::BuiltIn());
  ReceiptJson data = ReceiptJson::array();
  for (const int number : consent.category()) {
    const auto category = static_cast<v1::HealthCategory>(number);
    Classification kinds;
    kinds.categories.Add(category);
    ReceiptJson broader = ReceiptJson::array();
    for (const std::string& term : terms.Of(kinds).dpv) {
      broader.push_back(ReceiptRef(term));
    }
    ReceiptJson entry = ReceiptNode("dpv:SensitivePersonalData");
    entry["dct:identifier"] = std::string(Slug(category));
    entry["dct:title"] = std::string(Title(category));
    entry["dct:source"] = FactsOf(category).clause();
    entry["skos:broader"] = std::move(broader);
    data.push_back(std::move(entry));
  }
  return data;
}

ReceiptJson Processing(v1::Action action) {
  switch (action) {
    case v1::ACTION_COLLECT:  // A consent to collect is one to use.
      return ReceiptJson::array(
          {ReceiptRef("dpv:Collect"), ReceiptRef("dpv:Use")});
    case v1::ACTION_USE:
      return ReceiptJson::array({ReceiptRef("dpv:Use")});
    default:
      return ReceiptJson::array({ReceiptRef("dpv:Share")});
  }
}

ReceiptJson PurposeJson(const v1::Purpose& purpose, v1::Action action) {
  ReceiptJson json = ReceiptNode("dpv:Purpose");
  json["dct:identifier"] = purpose.id();
  json["dct:title"] = purpose.title();
  if (action == v1::ACTION_SELL) {
    json["skos:broader"] = ReceiptRef("dpv:SellDataToThirdParties");
  }
  return json;
}

ReceiptJson Storage(const v1::Policy& policy, const v1::Purpose& purpose) {
  ReceiptJson places = ReceiptJson::array();
  for (const std::string& place : policy.storage_location()) {
    places.push_back(ReceiptPlace(place));
  }
  ReceiptJson where = ReceiptNode("dpv:StorageLocation");
  where["dpv:hasLocation"] = std::move(places);
  ReceiptJson how_long = ReceiptNode("dpv:StorageDuration");
  how_long["dpv:hasDuration"] = ReceiptDuration(purpose.retention());
  return ReceiptJson::array({std::move(where), std::move(how_long)});
}

// What the consumer was shown; of an authorization, the document.
ReceiptJson NoticeJson(const v1::Choice& consent, const Policy& policy) {
  const v1::NoticeShown& shown = consent.notice();
  const bool is_document = consent.kind() == v1::CHOICE_KIND_AUTHORIZATION;
  ReceiptJson notice = ReceiptNode("dpv:ConsentNotice");
  notice["dct:identifier"] =
      is_document ? std::string("authorization")
                  : absl::StrCat(shown.id(), "/", shown.version());
  // "und": it is not known (BCP 47).
  notice["dct:language"] = shown.locale().empty() ? "und" : shown.locale();
  const v1::Notice* published = policy.FindNotice(shown.id(), shown.version());
  if (published != nullptr) notice["dct:issued"] = published->from();
  if (!shown.interface().empty()) {
    notice["dct:description"] = absl::StrCat("shown in ", shown.interface());
  }
  notice["spdx:checksum"] = ReceiptChecksum(
      is_document ? consent.authorization().document_sha256() : shown.sha256());
  return notice;
}

ReceiptJson IndicatedBy(v1::ActorKind actor) {
  switch (actor) {
    case v1::ACTOR_KIND_PARENT:
      return ReceiptNode("dpv:ParentOfDataSubject");
    case v1::ACTOR_KIND_AGENT:
      return ReceiptNode("dpv:Representative");
    default:
      return ReceiptRef("dpv:DataSubject");
  }
}

ReceiptJson Event(ReceiptJson types, const v1::Choice& choice) {
  ReceiptJson event = {{"@type", std::move(types)}};
  event["dpv:isIndicatedBy"] = IndicatedBy(choice.actor().kind());
  event["dpv:hasIndicationMethod"] = choice.method();
  event["dpv:isIndicatedAtTime"] = ReceiptTime(TimeOf(choice.given_at()));
  return event;
}

ReceiptJson Events(const ReceiptSource& source) {
  const v1::Choice& consent = *source.consent;
  ReceiptJson given =
      Event(ReceiptJson::array(
                {"dpv:ConsentGiven", "dpv:ExplicitlyExpressedConsent"}),
            consent);
  ReceiptJson duration =
      ReceiptNode(consent.has_expires_at() ? "dpv:UntilTimeDuration"
                                           : "dpv:UntilEventDuration");
  duration["rdf:value"] = consent.has_expires_at()
                              ? ReceiptTime(TimeOf(consent.expires_at()))
                              : "it is withdrawn";
  given["dpv:hasDuration"] = std::move(duration);
  ReceiptJson events = ReceiptJson::array({std::move(given)});
  for (const v1::Choice& withdrawal : source.withdrawals) {
    ReceiptJson withdrawn =
        Event(ReceiptJson::array({"dpv:ConsentWithdrawn"}), withdrawal);
    withdrawn["dpv:hasDuration"] = ReceiptNode("dpv:EndlessDuration");
    if (!TakesBackAll(withdrawal, consent)) {
      withdrawn["dct:description"] = "in part";
    }
    events.push_back(std::move(withdrawn));
  }
  if (source.withdrawals.empty() && consent.has_expires_at() &&
      TimeOf(consent.expires_at()) <= source.issued_at) {
    ReceiptJson expired = {
        {"@type", ReceiptJson::array({"dpv:ConsentExpired"})}};
    expired["dpv:isIndicatedBy"] = ReceiptRef(kController);
    expired["dpv:isIndicatedAtTime"] =
        ReceiptTime(TimeOf(consent.expires_at()));
    expired["dpv:hasDuration"] = ReceiptNode("dpv:EndlessDuration");
    events.push_back(std::move(expired));
  }
  return events;
}

// The packs of the policy whose place the consent was asked in.
ReceiptJson Laws(const v1::Choice& consent, const v1::Policy& policy,
                 const LawBook& book) {
  ReceiptJson laws = ReceiptJson::array();
  for (const std::string& id : policy.pack()) {
    const v1::LawPack* pack = book.FindPack(id);
    if (pack == nullptr ||
        (pack->jurisdiction() != consent.jurisdiction() &&
         pack->jurisdiction() != consent.jurisdiction().substr(0, 2))) {
      continue;
    }
    ReceiptJson law = ReceiptNode("dpv:Law");
    law["dct:identifier"] = id;
    law["dct:title"] = pack->title();
    laws.push_back(std::move(law));
  }
  return laws;
}

absl::StatusOr<ReceiptJson> RecordJson(const ReceiptSource& source,
                                       const v1::Purpose& purpose,
                                       const Policy& policy,
                                       const LawBook& book) {
  const v1::Choice& consent = *source.consent;
  const v1::Policy& entity = policy.proto();
  ReceiptJson process = ReceiptNode("dpv:Process");
  process["dpv:hasPurpose"] = PurposeJson(purpose, consent.action(0));
  SUBROSA_ASSIGN_OR_RETURN(process["dpv:hasPersonalData"],
                           PersonalData(consent));
  process["dpv:hasProcessing"] = Processing(consent.action(0));
  process["dpv:hasLegalBasis"] = ReceiptRef("dpv:ExplicitlyExpressedConsent");
  process["dpv:hasStorageCondition"] = Storage(entity, purpose);
  process["dpv:hasRecipient"] = RecipientsJson(source);

  const std::string uuid = ReceiptUuid(source.record_id);
  ReceiptJson record = {{"@id", absl::StrCat("urn:uuid:", uuid)},
                        {"@type", "dpv:ConsentRecord"}};
  record["dct:conformsTo"] = "https://w3id.org/dpv/schema/dpv-27560#record";
  record["dct:identifier"] = uuid;
  record["dpv:hasDataSubject"] = ReceiptNode("dpv:Consumer");
  record["dpv:hasDataSubject"]["dct:identifier"] =
      std::string(source.principal);
  record["dpv:hasDataController"] = Controller(entity);
  record["dpv:hasJurisdiction"] = ReceiptPlace(consent.jurisdiction());
  record["dpv:hasApplicableLaw"] = Laws(consent, entity, book);
  record["dpv:hasNotice"] = NoticeJson(consent, policy);
  record["dpv:hasProcess"] = std::move(process);
  const ReceiptJson where =
      ReceiptContacts(entity.contact_email(), entity.contact_url());
  ReceiptJson control = ReceiptNode("dpv:WithdrawConsent");
  control["dpv:isExercisedAt"] = where;
  record["dpv:hasConsentControl"] = std::move(control);
  ReceiptJson right = ReceiptNode("dpv:DataSubjectRight");
  right["dct:title"] = "to withdraw consent";
  right["dpv:isExercisedAt"] = where;
  record["dpv:hasRight"] = std::move(right);
  record["dpv:hasConsentStatus"] = Events(source);
  return record;
}

absl::Status CheckSource(const ReceiptSource& source) {
  if (source.receipt_id.size() != kReceiptIdBytes ||
      source.record_id.size() != kReceiptIdBytes) {
    return Wrong("receipt_id", absl::StrCat(kReceiptIdBytes, " bytes"),
                 absl::StrCat(source.receipt_id.size(), " and ",
                              source.record_id.size()));
  }
  if (source.principal.empty()) {
    return Wrong("principal", "what the receipt calls the consumer", "none");
  }
  if (source.consent == nullptr || !IsYes(source.consent->kind())) {
    return Wrong("consent.kind", "a consent or authorization", "another");
  }
  const v1::Choice& consent = *source.consent;
  if (consent.action_size() != 1 || consent.purpose_size() != 1 ||
      consent.category().empty() || !consent.has_given_at()) {
    return Wrong("consent", "one action and purpose, categories and a time",
                 "another choice");
  }
  SUBROSA_RETURN_IF_ERROR(
      CheckPlace("consent.jurisdiction", consent.jurisdiction()));
  const bool gives_out = consent.action(0) == v1::ACTION_SHARE ||
                         consent.action(0) == v1::ACTION_SELL;
  if (gives_out != !source.recipients.empty()) {
    return Wrong("recipients",
                 gives_out ? "to whom data may be given"
                           : "none unless something is shared or sold",
                 gives_out ? "none" : "some");
  }
  for (const v1::Choice& withdrawal : source.withdrawals) {
    if (!TakesBack(withdrawal, consent)) {
      return Wrong("withdrawals", "what takes the consent back", "another");
    }
    if (TimeOf(withdrawal.given_at()) < TimeOf(consent.given_at())) {
      return Wrong("withdrawals.given_at", "a time after the consent's",
                   "an earlier one");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> WriteConsentReceipt(const ReceiptSource& source,
                                                const Policy& policy,
                                                const LawBook& book) {
  SUBROSA_RETURN_IF_ERROR(CheckSource(source));
  const v1::Purpose* purpose = policy.FindPurpose(source.consent->purpose(0));
  SUBROSA_RETURN_IF_ERROR(CheckSaid("purpose", purpose != nullptr));
  SUBROSA_RETURN_IF_ERROR(
      CheckSaid("purpose.retention", !purpose->retention().empty()));
  const v1::Policy& entity = policy.proto();
  SUBROSA_RETURN_IF_ERROR(
      CheckSaid("storage_location", !entity.storage_location().empty()));
  SUBROSA_RETURN_IF_ERROR(CheckSaid(
      "contact_email",
      !entity.contact_email().empty() || !entity.contact_url().empty()));

  const std::string uuid = ReceiptUuid(source.receipt_id);
  ReceiptJson receipt = {{"@context", ReceiptContext()},
                         {"@id", absl::StrCat("urn:uuid:", uuid)},
                         {"@type", "dpv:ConsentReceipt"}};
  receipt["dct:conformsTo"] = "https://w3id.org/dpv/schema/dpv-27560#receipt";
  receipt["dct:identifier"] = uuid;
  receipt["dct:created"] = ReceiptTime(source.issued_at);
  receipt["dct:publisher"] = ReceiptRef(kController);
  receipt["dct:audience"] = ReceiptRef("dpv:DataSubject");
  SUBROSA_ASSIGN_OR_RETURN(receipt["dpv:hasRecordOfActivity"],
                           RecordJson(source, *purpose, policy, book));
  // Text that is no UTF-8 is replaced: a receipt is the consumer's.
  return receipt.dump(-1, ' ', false, ReceiptJson::error_handler_t::replace) +
         "\n";
}

}  // namespace subrosa
