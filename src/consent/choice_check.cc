#include "src/consent/choice_check.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "src/base/status_macros.h"
#include "src/consent/authorization_check.h"
#include "src/consent/choice_actor.h"
#include "src/consent/choice_form.h"
#include "src/consent/choice_history.h"
#include "src/consent/choice_time.h"
#include "src/consent/consumer_age.h"
#include "src/law/place.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

// Names that packs give to a document and to a way of agreeing.
constexpr absl::string_view kConsentRequest = "consent-request";
constexpr absl::string_view kBundled = "bundled";

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got, absl::string_view rule = "") {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got,
                   rule.empty() ? "" : " (", rule, rule.empty() ? "" : ")"));
}

template <typename Values, typename Value>
bool Has(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// Whether something that stands speaks of `purpose`: it was the policy's once.
bool StandsFor(absl::string_view purpose, const v1::Standing& standing) {
  return std::any_of(standing.choice().begin(), standing.choice().end(),
                     [&](const v1::StandingChoice& choice) {
                       return choice.purpose() == purpose;
                     });
}

absl::Status CheckKnownPlace(absl::string_view path, absl::string_view place,
                             const EntityLaw& law) {
  SUBROSA_RETURN_IF_ERROR(CheckPlace(path, place));
  return IsCountryShape(place) && law.HasPartsOf(place)
             ? Wrong(path, "the part of the country too, as US-WA",
                     "the country alone")
             : absl::OkStatus();
}

}  // namespace

absl::StatusOr<ChoiceCheck> ChoiceCheck::Create(const LawBook& book,
                                                const Policy& policy) {
  SUBROSA_ASSIGN_OR_RETURN(EntityLaw law,
                           EntityLaw::Create(book, policy.proto()));
  ChoiceCheck check(policy, std::move(law));
  for (const LawEntry& entry : book.entries()) {
    const auto& methods = entry.rule->consent_by().method();
    check.acts_.insert(methods.begin(), methods.end());
  }
  return check;
}

// One yes is to one thing, and said by an act that says yes.
absl::Status ChoiceCheck::CheckIsConsent(const v1::Choice& choice,
                                         PackBits packs) const {
  const absl::Time given_at = TimeOf(choice.given_at());
  std::string separate;
  std::string bundled;
  for (const DatedRule& rule : law_.rules()) {
    if (!rule.HoldsAt(given_at)) continue;
    if (separate.empty() && (rule.pack & packs) != 0 &&
        rule.rule().permits().separate()) {
      separate = rule.id();
    }
    const auto& methods = rule.rule().not_consent().method();
    if (bundled.empty() && Has(methods, kBundled)) bundled = rule.id();
    // By whatever law: an entity asks everybody in one way.
    if (Has(methods, choice.method())) {
      return Wrong("method", "an act that says yes",
                   absl::StrCat("`", choice.method(), "`"), rule.id());
    }
  }
  // An act that nobody has called one may be anything, silence too.
  if (acts_.count(choice.method()) == 0) {
    return Wrong("method",
                 absl::StrCat("an act that a pack lists as consent (",
                              absl::StrJoin(acts_, ", "), ")"),
                 "another");
  }
  if (choice.action_size() != 1) {
    return Wrong("action",
                 "exactly one: collecting and sharing are agreed to apart",
                 absl::StrCat(choice.action_size()), separate);
  }
  return choice.purpose_size() == 1
             ? absl::OkStatus()
             : Wrong("purpose", "exactly one: each is agreed to apart",
                     absl::StrCat(choice.purpose_size()), bundled);
}

absl::Status ChoiceCheck::CheckAgainstPolicy(const v1::Choice& choice,
                                             const v1::Standing& standing,
                                             IsRecipient is_recipient) const {
  for (int i = 0; i < choice.purpose_size(); ++i) {
    if (policy_.FindPurpose(choice.purpose(i)) == nullptr &&
        (IsYes(choice.kind()) || !StandsFor(choice.purpose(i), standing))) {
      return Wrong(absl::StrCat("purpose[", i, "]"), "a purpose of the policy",
                   "another");
    }
  }
  for (int i = 0; i < choice.recipient_size(); ++i) {
    if (!is_recipient(choice.recipient(i))) {
      return Wrong(absl::StrCat("recipient[", i, "]"), "a recipient on record",
                   "another");
    }
  }
  if (!IsYes(choice.kind())) return absl::OkStatus();
  const v1::Purpose& purpose = *policy_.FindPurpose(choice.purpose(0));
  if (!Has(purpose.action(), choice.action(0))) {
    return Wrong("action[0]", "one that the policy names for the purpose",
                 "another");
  }
  for (int i = 0; i < choice.category_size(); ++i) {
    if (!Has(purpose.category(), choice.category(i))) {
      return Wrong(absl::StrCat("category[", i, "]"),
                   "one that the policy names for the purpose", "another");
    }
  }
  return absl::OkStatus();
}

absl::Status ChoiceCheck::CheckNotice(const v1::Choice& choice,
                                      PackBits packs) const {
  const v1::NoticeShown& shown = choice.notice();
  const v1::Notice* notice = policy_.FindNotice(shown.id(), shown.version());
  if (notice == nullptr) {
    return Wrong("notice.version", "a notice of the policy", "another");
  }
  const v1::Notice::Text* text =
      policy_.FindText(shown.id(), shown.version(), shown.locale());
  if (text == nullptr) {
    return Wrong("notice.locale", "one that the notice has a text in",
                 "another");
  }
  if (text->sha256() != shown.sha256()) {
    return Wrong("notice.sha256", "that of the text that the policy published",
                 "another");
  }
  const absl::Time given_at = TimeOf(choice.given_at());
  if (!IsShownOn(*notice, absl::ToCivilDay(given_at, absl::UTCTimeZone()))) {
    return Wrong("given_at", "a day on which the notice was shown",
                 "one on which it was not");
  }
  for (const DatedRule& rule : law_.rules()) {
    const v1::Contents& contents = rule.rule().contents();
    if (contents.document() != kConsentRequest || (rule.pack & packs) == 0 ||
        !rule.HoldsAt(given_at)) {
      continue;
    }
    for (const v1::ContentItem& item : contents.item()) {
      const std::string key = absl::StrCat(rule.id(), "#", item.key());
      if (!Has(notice->item(), key)) {
        return Wrong("notice", absl::StrCat("one that tells ", item.text()),
                     "one that does not", key);
      }
    }
  }
  return absl::OkStatus();
}

absl::Status ChoiceCheck::Check(const v1::Choice& choice,
                                const v1::Standing& standing,
                                IsRecipient is_recipient,
                                absl::Time now) const {
  SUBROSA_RETURN_IF_ERROR(CheckChoiceForm(choice, now));
  const v1::ConsumerFacts& facts = standing.facts();
  const PackBits packs = law_.PacksFor(facts, choice.jurisdiction());
  if (IsYes(choice.kind())) {
    SUBROSA_RETURN_IF_ERROR(CheckIsConsent(choice, packs));
  }
  SUBROSA_RETURN_IF_ERROR(CheckAgainstPolicy(choice, standing, is_recipient));
  if (choice.kind() == v1::CHOICE_KIND_CONSENT) {
    SUBROSA_RETURN_IF_ERROR(CheckNotice(choice, packs));
  }
  const ChoiceSetting setting = {law_, packs,
                                 AgeOf(facts, policy_.proto(), choice)};
  SUBROSA_RETURN_IF_ERROR(CheckActor(choice, facts, setting));
  SUBROSA_RETURN_IF_ERROR(CheckHistory(choice, standing, setting));
  return choice.kind() == v1::CHOICE_KIND_AUTHORIZATION
             ? CheckAuthorization(ExamineAuthorization(
                   choice, law_, absl::InfiniteFuture(), now))
             : absl::OkStatus();
}

absl::Status ChoiceCheck::CheckEntry(const v1::LedgerEntry& entry,
                                     const v1::Standing& standing,
                                     IsRecipient is_recipient,
                                     absl::Time now) const {
  if (entry.has_facts())
    return CheckFacts(entry.consumer(), entry.facts(), now);
  if (!entry.has_choice()) return Wrong("entry", "a choice or facts", "none");
  if (entry.choice().consumer() != entry.consumer()) {
    return Wrong("choice.consumer", "that of the entry", "another");
  }
  return Check(entry.choice(), standing, is_recipient, now);
}

absl::Status ChoiceCheck::CheckFacts(absl::string_view consumer,
                                     const v1::ConsumerFacts& facts,
                                     absl::Time now) const {
  if (!facts.residence().empty()) {
    SUBROSA_RETURN_IF_ERROR(
        CheckKnownPlace("residence", facts.residence(), law_));
  }
  if (facts.place_of_collection_size() > kMaxPlacesOfCollection) {
    return Wrong("place_of_collection",
                 absl::StrCat("at most ", kMaxPlacesOfCollection),
                 absl::StrCat(facts.place_of_collection_size()));
  }
  for (int i = 0; i < facts.place_of_collection_size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(
        CheckKnownPlace(absl::StrCat("place_of_collection[", i, "]"),
                        facts.place_of_collection(i), law_));
  }
  if (!facts.born().empty()) {
    const absl::StatusOr<absl::CivilDay> born = BirthdayOf(facts.born());
    if (!born.ok()) {
      return Wrong("born", "a day as 1990-01-31, or a year", "something else");
    }
    // Of a year alone, which may be the present one, the first day counts.
    const absl::CivilDay earliest =
        facts.born().size() == 4 ? absl::CivilDay(born->year()) : *born;
    if (earliest > absl::ToCivilDay(now, absl::UTCTimeZone())) {
      return Wrong("born", "a day that has come", "one in the future");
    }
  }
  if (facts.guardian_size() > kMaxGuardians) {
    return Wrong("guardian", absl::StrCat("at most ", kMaxGuardians),
                 absl::StrCat(facts.guardian_size()));
  }
  for (int i = 0; i < facts.guardian_size(); ++i) {
    const std::string& guardian = facts.guardian(i);
    if (guardian.empty() || guardian.size() > kMaxConsumerBytes ||
        guardian == consumer) {
      return Wrong(absl::StrCat("guardian[", i, "]"),
                   absl::StrCat("another account id of 1 to ",
                                kMaxConsumerBytes, " bytes"),
                   "something else");
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa
