#include "src/consent/decider.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// Those who act for the entity.
constexpr uint32_t kOwnHands = LawBit(v1::RECIPIENT_ROLE_PROCESSOR) |
                               LawBit(v1::RECIPIENT_ROLE_CONTRACTOR);

uint32_t GroundsOf(v1::Need need) {
  switch (need) {
    case v1::NEED_SERVICE:
      return LawBit(v1::GROUND_NECESSARY);
    case v1::NEED_SERVICE_STRICTLY:
      return LawBit(v1::GROUND_NECESSARY) |
             LawBit(v1::GROUND_STRICTLY_NECESSARY);
    case v1::NEED_OTHER_LAW:
      return LawBit(v1::GROUND_OTHER_LAW);
    default:
      return 0;
  }
}

// Of a day of birth, or a year alone, which counts as its last day: the
// consumer is no older.
int32_t BornOf(absl::string_view born) {
  int year = 0;
  if (born.size() == 4 && absl::SimpleAtoi(born, &year)) {
    return PackCivil(year, 12, 31);
  }
  return PackedDayOf(born);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Decider>> Decider::Create(
    const LawBook& law, const v1::Policy& policy,
    absl::Span<const RecipientTerms> recipients) {
  SUBROSA_ASSIGN_OR_RETURN(CompiledLaw compiled,
                           CompiledLaw::Create(law, policy));
  std::unique_ptr<Decider> decider(new Decider(law, std::move(compiled)));
  decider->residence_unless_known_ = policy.residence_unless_known();
  decider->age_unless_known_ = policy.age_unless_known();
  SUBROSA_RETURN_IF_ERROR(decider->AddPurposes(policy));
  SUBROSA_RETURN_IF_ERROR(decider->AddRecipients(recipients));
  return decider;
}

absl::Status Decider::AddPurposes(const v1::Policy& policy) {
  if (policy.purpose_size() > CompiledChoice::kMaxPurpose) {
    return absl::InvalidArgumentError(
        absl::StrCat("purpose: want at most ", CompiledChoice::kMaxPurpose,
                     ", got ", policy.purpose_size()));
  }
  purposes_.emplace_back();
  for (const v1::Purpose& purpose : policy.purpose()) {
    purpose_numbers_.emplace(purpose.id(), purposes_.size());
    Purpose& added = purposes_.emplace_back();
    added.categories = LawBitsOf(purpose.category());
    added.actions = LawBitsOf(purpose.action());
    added.grounds = GroundsOf(purpose.need());
    added.served_when_limited = purpose.served_when_limited() != 0;
    added.targets = purpose.targeted_advertising();
    added.exempt = compiled_.ExemptPacks(law_, purpose);
  }
  return absl::OkStatus();
}

absl::Status Decider::AddRecipients(
    absl::Span<const RecipientTerms> recipients) {
  if (recipients.size() > CompiledChoice::kMaxRecipient) {
    return absl::InvalidArgumentError(
        absl::StrCat("recipient: want at most ", CompiledChoice::kMaxRecipient,
                     ", got ", recipients.size()));
  }
  recipients_.emplace_back();
  for (const RecipientTerms& terms : recipients) {
    recipient_numbers_.emplace(terms.id, recipients_.size());
    Recipient& added = recipients_.emplace_back();
    added.role_bit = LawBit(terms.role);
    added.pays = terms.pays;
    added.categories = terms.categories;
    added.from_day = terms.from_day;
    added.until_day = terms.until_day;
    for (const std::string& purpose : terms.purposes) {
      const uint16_t number = PurposeNumber(purpose);
      if (number != 0) added.purposes.push_back(number);
    }
    std::sort(added.purposes.begin(), added.purposes.end());
  }
  return absl::OkStatus();
}

uint16_t Decider::PurposeNumber(absl::string_view slug) const {
  const auto found = purpose_numbers_.find(slug);
  return found == purpose_numbers_.end() ? 0 : found->second;
}

uint16_t Decider::RecipientNumber(absl::string_view slug) const {
  const auto found = recipient_numbers_.find(slug);
  return found == recipient_numbers_.end() ? 0 : found->second;
}

CompiledStanding Decider::Compile(const v1::Standing& standing,
                                  bool ask_again) const {
  CompiledStanding compiled;
  const v1::ConsumerFacts& facts = standing.facts();
  compiled.residence = compiled_.PlacesOf(
      facts.residence().empty() ? residence_unless_known_ : facts.residence());
  for (const std::string& place : facts.place_of_collection()) {
    compiled.collected |= compiled_.PlacesOf(place);
  }
  compiled.born = BornOf(facts.born());
  compiled.ask_again = ask_again;
  for (const v1::StandingChoice& choice : standing.choice()) {
    const uint16_t purpose = PurposeNumber(choice.purpose());
    const uint16_t recipient = RecipientNumber(choice.recipient());
    if ((purpose == 0 && !choice.purpose().empty()) ||
        (recipient == 0 && !choice.recipient().empty())) {
      continue;
    }
    compiled.choices.push_back(CompiledChoice(
        choice.kind(), choice.action(), purpose, recipient, choice.categories(),
        choice.actor(), choice.until_day()));
  }
  return compiled;
}

Decider::Chosen Decider::ReadChoices(const Use& use,
                                     const CompiledStanding& standing,
                                     int32_t day) const {
  Chosen chosen;
  const bool own_hands = (recipients_[use.recipient].role_bit & kOwnHands) != 0;
  const auto clear = [&chosen](uint32_t categories) {
    for (uint32_t& consented : chosen.consented) consented &= ~categories;
    chosen.authorized &= ~categories;
  };
  for (const CompiledChoice choice : standing.choices) {
    if (!choice.SpeaksOf(use.action, use.purpose, use.recipient, day)) {
      continue;
    }
    const uint32_t categories = choice.categories();
    switch (choice.kind()) {
      case v1::CHOICE_KIND_CONSENT:
      case v1::CHOICE_KIND_AUTHORIZATION:
        chosen.consented[0] |= categories;
        chosen.consented[choice.actor()] |= categories;
        if (choice.kind() == v1::CHOICE_KIND_AUTHORIZATION) {
          chosen.authorized |= categories;
        }
        chosen.refused &= ~categories;
        chosen.opted_out &= ~categories;
        chosen.limited &= ~categories;
        break;
      case v1::CHOICE_KIND_REFUSAL:
      case v1::CHOICE_KIND_WITHDRAWAL:
        clear(categories);
        chosen.refused |= categories;
        break;
      case v1::CHOICE_KIND_OPT_OUT:
      case v1::CHOICE_KIND_SIGNAL:
        // Who acts for the entity is reached by a choice that names them; what
        // they do is the entity's own use.
        if (own_hands && choice.recipient() == 0) break;
        clear(categories);
        chosen.opted_out |= categories;
        break;
      case v1::CHOICE_KIND_LIMIT:
        chosen.limited |= categories;
        break;
      default:
        break;
    }
  }
  return chosen;
}

Reason Decider::CheckTerms(const Use& use, int32_t day) const {
  if (use.purpose == 0 || use.purpose >= purposes_.size()) {
    return Reason::kUnknownPurpose;
  }
  const Purpose& purpose = purposes_[use.purpose];
  if ((purpose.actions & LawBit(use.action)) == 0) {
    return Reason::kActionNotOfPurpose;
  }
  if ((use.categories & ~purpose.categories) != 0) {
    return Reason::kCategoryNotOfPurpose;
  }
  if (use.action != v1::ACTION_SHARE && use.action != v1::ACTION_SELL) {
    return Reason::kNoRule;
  }
  if (use.recipient == 0 || use.recipient >= recipients_.size()) {
    return Reason::kUnknownRecipient;
  }
  const Recipient& recipient = recipients_[use.recipient];
  if (day < recipient.from_day || day >= recipient.until_day) {
    return Reason::kRecipientMayNotReceive;
  }
  if (!std::binary_search(recipient.purposes.begin(), recipient.purposes.end(),
                          use.purpose)) {
    return Reason::kPurposeNotOfRecipient;
  }
  if ((use.categories & ~recipient.categories) != 0) {
    return Reason::kCategoryNotOfRecipient;
  }
  return Reason::kNoRule;
}

int Decider::AgeOf(const CompiledStanding& standing, Today today) const {
  // Who is taken for an adult is older than every bound.
  constexpr int kAdult = 120;
  if (standing.born == 0) {
    return age_unless_known_ == 0 ? kAdult : age_unless_known_;
  }
  const int years = (today.civil >> 9) - (standing.born >> 9);
  const bool had_birthday = (today.civil & 511) >= (standing.born & 511);
  return std::max(0, had_birthday ? years : years - 1);
}

v1::Ground Decider::GroundOf(const CompiledRule& rule, const Purpose& purpose,
                             const Chosen& chosen, uint32_t categories) {
  switch (rule.kind) {
    case CompiledRuleKind::kBans:
    case CompiledRuleKind::kBansTargeting:
      return v1::GROUND_UNSPECIFIED;
    case CompiledRuleKind::kLimits:
      if (purpose.served_when_limited) return v1::GROUND_NECESSARY;
      // No request stands against what another law asks for (Cal. Civ. Code
      // 1798.145(a)).
      return (purpose.grounds & LawBit(v1::GROUND_OTHER_LAW)) != 0
                 ? v1::GROUND_OTHER_LAW
                 : v1::GROUND_UNSPECIFIED;
    case CompiledRuleKind::kPermits:
      break;
  }
  const auto has = [&rule](v1::Ground ground) {
    return (rule.grounds & LawBit(ground)) != 0;
  };
  if (has(v1::GROUND_AUTHORIZATION) && (categories & ~chosen.authorized) == 0) {
    return v1::GROUND_AUTHORIZATION;
  }
  if (has(v1::GROUND_CONSENT) &&
      (categories & ~chosen.consented[rule.actor]) == 0) {
    return v1::GROUND_CONSENT;
  }
  const uint32_t needs = rule.grounds & purpose.grounds;
  for (const v1::Ground ground :
       {v1::GROUND_OTHER_LAW, v1::GROUND_STRICTLY_NECESSARY,
        v1::GROUND_NECESSARY}) {
    if ((needs & LawBit(ground)) != 0) return ground;
  }
  // Who was asked and said no has opted out as well.
  if (has(v1::GROUND_NO_OPT_OUT) &&
      (categories & (chosen.opted_out | chosen.refused)) == 0) {
    return v1::GROUND_NO_OPT_OUT;
  }
  return v1::GROUND_UNSPECIFIED;
}

Decision Decider::Decide(const Use& asked, const CompiledStanding& standing,
                         Today today) const {
  Decision decision;
  decision.reason = CheckTerms(asked, today.day);
  if (decision.reason != Reason::kNoRule) return decision;

  Use use = asked;
  if (use.action != v1::ACTION_SHARE && use.action != v1::ACTION_SELL) {
    use.recipient = 0;
  }
  const Recipient& recipient = recipients_[use.recipient];
  const Purpose& purpose = purposes_[use.purpose];
  if (use.action == v1::ACTION_SHARE && recipient.pays) {
    use.action = v1::ACTION_SELL;
  }
  const uint32_t categories =
      use.categories != 0 ? use.categories : purpose.categories;
  const Chosen chosen = ReadChoices(use, standing, today.day);
  const int age = AgeOf(standing, today);

  // What the rules that have no ground come to, and what they would accept.
  bool banned = false;
  bool groundless = false;
  bool refused = false;
  uint32_t accepted = 0;
  for (const CompiledRule& rule : compiled_.rules(use.action)) {
    if ((categories & rule.categories) == 0 ||
        (recipient.role_bit & rule.not_to) != 0 ||
        (purpose.exempt & LawBit(rule.pack)) != 0 ||
        !compiled_.Protects(rule, standing) || !rule.IsForAge(age) ||
        !rule.HoldsOn(today.civil) ||
        (rule.kind == CompiledRuleKind::kBansTargeting && !purpose.targets) ||
        (rule.kind == CompiledRuleKind::kLimits &&
         (categories & chosen.limited) == 0)) {
      continue;
    }
    const uint32_t concerned = categories & rule.categories;
    const v1::Ground ground = GroundOf(rule, purpose, chosen, concerned);
    decision.rules[decision.rule_count++] = {rule.entry,
                                             static_cast<uint8_t>(ground)};
    if (ground != v1::GROUND_UNSPECIFIED) continue;
    const uint32_t askable = rule.grounds & (LawBit(v1::GROUND_CONSENT) |
                                             LawBit(v1::GROUND_AUTHORIZATION));
    banned = banned || rule.kind == CompiledRuleKind::kBans ||
             rule.kind == CompiledRuleKind::kBansTargeting;
    groundless = groundless || askable == 0;
    refused = refused || (concerned & chosen.refused) != 0;
    // A rule that takes either asks for the lesser.
    accepted |= (askable & LawBit(v1::GROUND_CONSENT)) != 0
                    ? LawBit(v1::GROUND_CONSENT)
                    : askable;
  }

  // No pack speaks of it: then the policy's own ground is what it rests on.
  if (decision.rule_count == 0 && purpose.grounds == 0) {
    uint32_t lacking = categories & ~chosen.consented[0];
    if (lacking != 0 && (recipient.role_bit & kOwnHands) != 0) {
      // What is no sharing is the entity's own use by other hands.
      lacking &=
          ~ReadChoices({v1::ACTION_USE, use.purpose}, standing, today.day)
               .consented[0];
    }
    refused = (lacking & chosen.refused) != 0;
    if (lacking != 0) accepted = LawBit(v1::GROUND_CONSENT);
  }

  const bool by_other_law =
      (purpose.grounds & LawBit(v1::GROUND_OTHER_LAW)) != 0;
  decision.verdict = Verdict::kDeny;
  if (standing.ask_again) {
    decision.reason = Reason::kAskAgain;
  } else if ((categories & chosen.opted_out) != 0 && !by_other_law) {
    decision.reason = Reason::kOptedOut;
  } else if ((categories & chosen.limited) != 0 &&
             !purpose.served_when_limited && !by_other_law) {
    decision.reason = Reason::kLimited;
  } else if (banned) {
    decision.reason = Reason::kBanned;
  } else if (refused) {
    decision.reason = Reason::kRefused;
  } else if (groundless) {
    decision.reason = Reason::kNoGround;
  } else if ((accepted & LawBit(v1::GROUND_AUTHORIZATION)) != 0) {
    decision.verdict = Verdict::kNeedsAuthorization;
    decision.reason = Reason::kAuthorizationMissing;
  } else if ((accepted & LawBit(v1::GROUND_CONSENT)) != 0) {
    decision.verdict = Verdict::kNeedsConsent;
    decision.reason = Reason::kConsentMissing;
  } else {
    decision.verdict = Verdict::kPermit;
    decision.reason =
        decision.rule_count == 0 ? Reason::kNoRule : Reason::kGranted;
  }
  return decision;
}

}  // namespace subrosa
