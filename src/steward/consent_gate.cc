#include "src/steward/consent_gate.h"

#include <utility>

#include "absl/base/attributes.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/types/optional.h"
#include "src/base/status_macros.h"
#include "src/consent/authorization_check.h"
#include "src/consent/authorization_keeping.h"
#include "src/recipients/receiving.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {
namespace {

int32_t DayNumberOf(absl::CivilDay day) {
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}

RecipientTerms TermsOf(const v1::Recipient& recipient,
                       const ReceivingRules& rules, absl::CivilDay today) {
  RecipientTerms terms;
  terms.id = recipient.id();
  terms.role = recipient.role();
  terms.pays = recipient.pays();
  terms.purposes.assign(recipient.purpose().begin(), recipient.purpose().end());
  for (const int category : recipient.category_allowed()) {
    terms.categories |= uint32_t{1} << (category & 31);
  }
  const ReceivingDays days = FindReceivingDays(recipient, rules, today);
  terms.from_day = DayNumberOf(days.from);
  terms.until_day = DayNumberOf(days.until);
  return terms;
}

// Whether `rule` takes the need that the policy states for what a consent is
// also good for.
bool HoldsByNeed(const v1::LawRule& rule, v1::Need need) {
  for (const int ground : rule.permits().ground()) {
    switch (need) {
      case v1::NEED_SERVICE_STRICTLY:
        if (ground == v1::GROUND_STRICTLY_NECESSARY) return true;
        ABSL_FALLTHROUGH_INTENDED;
      case v1::NEED_SERVICE:
        if (ground == v1::GROUND_NECESSARY) return true;
        break;
      case v1::NEED_OTHER_LAW:
        if (ground == v1::GROUND_OTHER_LAW) return true;
        break;
      default:
        return false;
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ConsentGate>> ConsentGate::Open(
    std::unique_ptr<Vault> vault, LawBook law, Policy policy,
    const Clock& clock) {
  std::unique_ptr<ConsentGate> gate(new ConsentGate(
      std::move(vault), std::move(law), std::move(policy), clock));
  SUBROSA_ASSIGN_OR_RETURN(ChoiceCheck door,
                           ChoiceCheck::Create(gate->law_, gate->policy_));
  gate->door_ = std::make_unique<const ChoiceCheck>(std::move(door));
  SUBROSA_ASSIGN_OR_RETURN(gate->ledger_,
                           ConsentLedger::Open(*gate->vault_, clock));
  RecordStore& records = gate->vault_->records();
  gate->recipients_ = std::make_unique<RecipientRegistry>(
      records.database(), records.entity_number());
  SUBROSA_RETURN_IF_ERROR(gate->Refresh());
  return gate;
}

std::shared_ptr<const Decider> ConsentGate::decider() const {
  const std::shared_lock<std::shared_mutex> lock(decider_mutex_);
  return decider_;
}

void ConsentGate::Forget(absl::string_view consumer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  vault_->keys().DropKeys();
  states_.Forget(consumer);
  consents_.Forget(consumer);
}

absl::Status ConsentGate::Refresh() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return RefreshLocked();
}

absl::Status ConsentGate::RefreshIfOlder() {
  const int64_t age = absl::GetCurrentTimeNanos() - refreshed_ns_.load();
  if (age >= 0 && age < absl::ToInt64Nanoseconds(kFreshness)) {
    return absl::OkStatus();
  }
  return Refresh();
}

absl::Status ConsentGate::RefreshLocked() {
  const int64_t now = absl::GetCurrentTimeNanos();
  SUBROSA_RETURN_IF_ERROR(RefreshDecider());
  SUBROSA_ASSIGN_OR_RETURN(const int64_t erasures,
                           vault_->keys().ReadErasureCount());
  if (erasures != erasures_) {
    // It is not said whose keys are gone.
    states_.Clear();
    consents_.Clear();
    vault_->keys().DropKeys();
    erasures_ = erasures;
  }
  bool has_changed = false;
  SUBROSA_RETURN_IF_ERROR(ledger_->VisitChanged([&](absl::string_view ref) {
    states_.ForgetRef(ref);
    has_changed = true;
  }));
  if (has_changed) consents_.Clear();
  refreshed_ns_.store(now);
  return absl::OkStatus();
}

absl::Status ConsentGate::RefreshDecider() {
  const Today today = TodayOf(clock_.Now());
  SUBROSA_ASSIGN_OR_RETURN(const int64_t change,
                           recipients_->ReadChangeNumber());
  if (change == recipient_change_ && today.day == decider_day_) {
    return absl::OkStatus();
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RecordedRecipient> recipients,
                           recipients_->ReadAll());
  const ReceivingRules rules = {
      &law_, {policy_.proto().pack().begin(), policy_.proto().pack().end()}};
  std::vector<RecipientTerms> terms;
  terms.reserve(recipients.size());
  for (const RecordedRecipient& recorded : recipients) {
    terms.push_back(TermsOf(recorded.recipient, rules, CivilDayOf(today.day)));
  }
  SUBROSA_ASSIGN_OR_RETURN(std::shared_ptr<const Decider> decider,
                           Decider::Create(law_, policy_.proto(), terms));
  {
    const std::unique_lock<std::shared_mutex> lock(decider_mutex_);
    decider_ = std::move(decider);
  }
  // New recipients came last, so that the numbers of the others stand.
  recipient_change_ = change;
  decider_day_ = today.day;
  return absl::OkStatus();
}

Use ConsentGate::UseOf(v1::Action action, absl::string_view purpose,
                       absl::string_view recipient, uint32_t categories) const {
  const std::shared_ptr<const Decider> decider = this->decider();
  return {action, decider->PurposeNumber(purpose),
          decider->RecipientNumber(recipient), categories};
}

absl::StatusOr<CompiledStanding> ConsentGate::StandingOf(
    absl::string_view consumer) {
  SUBROSA_RETURN_IF_ERROR(RefreshIfOlder());
  CompiledStanding standing;
  if (states_.Find(consumer, &standing)) return standing;
  const std::lock_guard<std::mutex> lock(mutex_);
  const uint64_t version = states_.version();
  SUBROSA_ASSIGN_OR_RETURN(const StandingState read,
                           ledger_->ReadStanding(consumer));
  standing = decider()->Compile(read.standing, read.ask_again);
  if (!read.consumer_ref.empty()) {
    states_.Put(consumer, read.consumer_ref, standing, version);
  }
  return standing;
}

Decision ConsentGate::Decide(const CompiledStanding& standing,
                             const Use& use) const {
  return decider()->Decide(use, standing, TodayOf(clock_.Now()));
}

absl::StatusOr<Decision> ConsentGate::Decide(absl::string_view consumer,
                                             const Use& use) {
  SUBROSA_ASSIGN_OR_RETURN(const CompiledStanding standing,
                           StandingOf(consumer));
  return Decide(standing, use);
}

absl::Status ConsentGate::StatusOf(const Decision& decision) const {
  if (decision.Permits()) return absl::OkStatus();
  std::vector<absl::string_view> rules;
  for (size_t i = 0; i < decision.rule_count; ++i) {
    if (!decision.rules[i].Holds()) {
      rules.push_back(RuleOf(decision.rules[i]).id);
    }
  }
  return absl::PermissionDeniedError(absl::StrCat(
      "use: want a permit, got '", VerdictName(decision.verdict),
      "': ", ReasonText(decision.reason), rules.empty() ? "" : " (",
      absl::StrJoin(rules, ", "), rules.empty() ? "" : ")"));
}

absl::Status ConsentGate::CheckGround(const v1::HealthRecord& record,
                                      uint32_t categories,
                                      const Decision& decision) {
  const v1::Purpose* const purpose = policy_.FindPurpose(record.purpose());
  bool rests_on_consent = false;
  for (size_t i = 0; i < decision.rule_count && purpose != nullptr; ++i) {
    const AppliedRule& rule = decision.rules[i];
    if (rule.Ground() == v1::GROUND_CONSENT &&
        !HoldsByNeed(*RuleOf(rule).rule, purpose->need())) {
      rests_on_consent = true;
    }
  }
  if (!rests_on_consent) return absl::OkStatus();
  if (record.basis() != v1::BASIS_CONSENT) {
    return absl::InvalidArgumentError(
        "basis: want consent, on which alone this may be collected, got "
        "another");
  }
  if (record.consent_ref().empty()) return absl::OkStatus();
  std::shared_ptr<const StandingConsents> consents =
      consents_.Find(record.consumer());
  if (consents == nullptr) {
    const std::lock_guard<std::mutex> lock(mutex_);
    SUBROSA_ASSIGN_OR_RETURN(StandingConsents read,
                             ledger_->ReadConsents(record.consumer()));
    consents = std::make_shared<const StandingConsents>(std::move(read));
    // While the mutex is held, so that nobody has chosen since.
    consents_.Put(record.consumer(), consents);
  }
  return CheckConsentRef(record, categories, DayOf(clock_.Now()), *consents);
}

absl::StatusOr<std::vector<StandingConsent>> ConsentGate::ReadConsents(
    absl::string_view consumer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ledger_->ReadConsents(consumer);
}

absl::Status ConsentGate::CheckEntry(const v1::LedgerEntry& entry,
                                     const v1::Standing& standing) const {
  const std::shared_ptr<const Decider> decider = this->decider();
  return door_->CheckEntry(
      entry, standing,
      [&](absl::string_view slug) {
        return decider->RecipientNumber(slug) != 0;
      },
      clock_.Now());
}

absl::StatusOr<std::optional<SealedEvidence>> ConsentGate::SealEvidence(
    const v1::LedgerEntry& entry) {
  if (entry.choice().kind() != v1::CHOICE_KIND_AUTHORIZATION) {
    return std::optional<SealedEvidence>();
  }
  const AuthorizationReport report = ExamineAuthorization(
      entry.choice(), door_->law(), absl::InfiniteFuture(), clock_.Now());
  const absl::optional<EvidenceLabel> label =
      AuthorizationEvidence(entry.choice(), report, door_->law());
  if (!label.has_value()) return std::optional<SealedEvidence>();
  SUBROSA_ASSIGN_OR_RETURN(
      SealedEvidence sealed,
      vault_->Evidence().Seal(entry.consumer(),
                              {*label, entry.choice().SerializeAsString()}));
  return std::optional<SealedEvidence>(std::move(sealed));
}

absl::StatusOr<std::vector<EntryResult>> ConsentGate::Record(
    absl::Span<const v1::LedgerEntry* const> entries) {
  const std::lock_guard<std::mutex> lock(mutex_);
  SUBROSA_RETURN_IF_ERROR(RefreshLocked());
  absl::flat_hash_map<const v1::LedgerEntry*,
                      absl::StatusOr<std::optional<SealedEvidence>>>
      evidence;
  for (const v1::LedgerEntry* entry : entries) {
    if (entry->choice().kind() != v1::CHOICE_KIND_AUTHORIZATION) continue;
    const auto& sealed =
        evidence.try_emplace(entry, SealEvidence(*entry)).first->second;
    // What cannot be kept is the entry's own fault, and its alone.
    if (!sealed.ok() && !absl::IsInvalidArgument(sealed.status())) {
      return sealed.status();
    }
  }
  std::vector<size_t> kept;  // Places.
  absl::StatusOr<std::vector<EntryResult>> results = ledger_->Append(
      entries,
      [&](const v1::LedgerEntry& entry, const v1::Standing& standing) {
        const absl::Status checked = CheckEntry(entry, standing);
        const auto found = evidence.find(&entry);
        return !checked.ok() || found == evidence.end()
                   ? checked
                   : found->second.status();
      },
      [&](size_t place, std::vector<std::string>* leaves) -> absl::Status {
        const auto found = evidence.find(entries[place]);
        if (found == evidence.end() || !found->second->has_value()) {
          return absl::OkStatus();
        }
        kept.push_back(place);
        leaves->push_back((*found->second)->leaf);
        return vault_->Evidence().Insert(**found->second);
      });
  // Also after an error, which may have come after the commit.
  for (const v1::LedgerEntry* entry : entries) {
    states_.Forget(entry->consumer());
    consents_.Forget(entry->consumer());
  }
  SUBROSA_RETURN_IF_ERROR(results.status());
  for (const size_t place : kept) {
    const SealedEvidence& item = **evidence.at(entries[place]);
    // A consumer who was erased meanwhile has chosen nothing. What its year's
    // end took was no longer to be kept.
    const absl::Status settled = (*results)[place].status.ok()
                                     ? vault_->Evidence().Settle(item)
                                     : vault_->Evidence().TakeBack(item);
    if (!settled.ok() && !absl::IsFailedPrecondition(settled)) return settled;
  }
  return results;
}

absl::StatusOr<StandingState> ConsentGate::ReadStanding(
    absl::string_view consumer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ledger_->ReadStanding(consumer);
}

absl::StatusOr<StandingState> ConsentGate::ReadStanding(
    const ConsumerHandle& consumer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ledger_->ReadStanding(consumer);
}

absl::Status ConsentGate::VisitEntries(absl::string_view consumer,
                                       ConsentLedger::EntryVisitor visit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ledger_->Visit(consumer, visit);
}

absl::StatusOr<RecordedRecipient> ConsentGate::FindRecipient(
    absl::string_view id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return recipients_->Find(id);
}

absl::StatusOr<std::vector<RecordedRecipient>> ConsentGate::ReadRecipients() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return recipients_->ReadAll();
}

}  // namespace subrosa
