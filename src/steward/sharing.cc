#include "src/steward/sharing.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/consent/compiled_standing.h"
#include "src/consent/decision.h"
#include "src/disclosure/disclosure_check.h"
#include "src/disclosure/granted_record.h"
#include "src/recipients/recipient_registry.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

// A recipient's names of consumers change with the year: what it keeps longer
// than it may is worth less to it.
std::string PeriodOf(absl::Time now) {
  return absl::StrCat(absl::ToCivilYear(now, absl::UTCTimeZone()).year());
}

uint32_t BitsOf(const v1::Disclosure& entry) {
  uint32_t bits = 0;
  for (const int category : entry.category()) {
    if (v1::HealthCategory_IsValid(category)) bits |= uint32_t{1} << category;
  }
  return bits;
}

std::vector<v1::HealthCategory> CategoriesOf(uint32_t bits) {
  std::vector<v1::HealthCategory> categories;
  for (int i = 1; i < 32; ++i) {
    if ((bits >> i & 1) != 0 && v1::HealthCategory_IsValid(i)) {
      categories.push_back(static_cast<v1::HealthCategory>(i));
    }
  }
  return categories;
}

// Giving a recipient that pays is a sale.
v1::Action ActionTo(const v1::Recipient& recipient) {
  return recipient.pays() ? v1::ACTION_SELL : v1::ACTION_SHARE;
}

std::string ContactOf(const v1::Recipient& recipient) {
  return recipient.contact().email().empty() ? recipient.contact().url()
                                             : recipient.contact().email();
}

}  // namespace

Sharing::Sharing(std::unique_ptr<Vault> vault, ConsentGate& gate,
                 const MessageTypes& types, const Clock& clock,
                 std::unique_ptr<DisclosureLedger> ledger)
    : vault_(std::move(vault)),
      gate_(gate),
      types_(types),
      clock_(clock),
      ledger_(std::move(ledger)),
      notices_(*vault_, *ledger_, clock) {}

absl::StatusOr<std::unique_ptr<Sharing>> Sharing::Open(
    std::unique_ptr<Vault> vault, ConsentGate& gate, const MessageTypes& types,
    const Clock& clock) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<DisclosureLedger> ledger,
                           DisclosureLedger::Open(*vault, clock));
  return std::unique_ptr<Sharing>(
      new Sharing(std::move(vault), gate, types, clock, std::move(ledger)));
}

void Sharing::AddRules(const Decision& decision,
                       std::set<std::string>* rules) const {
  for (size_t i = 0; i < decision.rule_count; ++i) {
    rules->insert(gate_.RuleOf(decision.rules[i]).id);
  }
}

absl::StatusOr<SharePlan> Sharing::Begin(const ShareRequest& request) {
  // What another process recorded a moment ago counts: this cannot be undone.
  SUBROSA_RETURN_IF_ERROR(gate_.Refresh());
  SharePlan plan;
  SUBROSA_ASSIGN_OR_RETURN(const RecordedRecipient recorded,
                           gate_.FindRecipient(request.recipient));
  plan.recipient = recorded.recipient;
  if (plan.recipient.age_recipient().empty()) {
    return absl::FailedPreconditionError(
        "recipient.age_recipient: want a key to seal to, got none; what is "
        "given elsewhere is declared");
  }
  SUBROSA_ASSIGN_OR_RETURN(
      plan.pseudonym, vault_->PseudonymOf(request.consumer, request.recipient,
                                          PeriodOf(clock_.Now())));
  return plan;
}

absl::Status Sharing::VisitGranted(const ShareRequest& request, GiveRecord give,
                                   SharePlan* plan) {
  SUBROSA_ASSIGN_OR_RETURN(const CompiledStanding standing,
                           gate_.StandingOf(request.consumer));
  Use use = gate_.UseOf(v1::ACTION_SHARE, request.purpose, request.recipient,
                        request.categories);
  if (request.categories != 0) {
    SUBROSA_RETURN_IF_ERROR(gate_.StatusOf(gate_.Decide(standing, use)));
  }
  absl::Status denial;
  std::set<uint32_t> kinds;
  SUBROSA_RETURN_IF_ERROR(
      vault_->Scan(request.consumer,
                   [&](const v1::HealthRecord& record,
                       const RowFacts& facts) -> absl::Status {
                     if (request.categories != 0 &&
                         (facts.categories & ~request.categories) != 0) {
                       return absl::OkStatus();  // Not asked for.
                     }
                     use.categories = facts.categories;
                     const Decision decision = gate_.Decide(standing, use);
                     if (!decision.Permits()) {
                       ++plan->not_permitted;
                       if (denial.ok()) denial = gate_.StatusOf(decision);
                       return absl::OkStatus();
                     }
                     if (!GrantedRecord::IsGivable(record)) {
                       ++plan->left_out;
                       return absl::OkStatus();
                     }
                     ++plan->records;
                     plan->categories |= facts.categories;
                     kinds.insert(facts.categories);
                     AddRules(decision, &plan->rules);
                     return give(record);
                   }));
  if (plan->records > 0) return CheckStillPermitted(request, kinds);
  return denial.ok() ? NothingToGive(plan->left_out) : denial;
}

// Reading takes a while: a withdrawal, or the end of a recipient, that came in
// between stops what is not given yet.
absl::Status Sharing::CheckStillPermitted(const ShareRequest& request,
                                          const std::set<uint32_t>& kinds) {
  SUBROSA_RETURN_IF_ERROR(gate_.Refresh());
  SUBROSA_ASSIGN_OR_RETURN(const CompiledStanding standing,
                           gate_.StandingOf(request.consumer));
  Use use = gate_.UseOf(v1::ACTION_SHARE, request.purpose, request.recipient,
                        /*categories=*/0);
  for (const uint32_t categories : kinds) {
    use.categories = categories;
    SUBROSA_RETURN_IF_ERROR(gate_.StatusOf(gate_.Decide(standing, use)));
  }
  return absl::OkStatus();
}

absl::StatusOr<SharePlan> Sharing::Plan(const ShareRequest& request) {
  SUBROSA_ASSIGN_OR_RETURN(SharePlan plan, Begin(request));
  SUBROSA_RETURN_IF_ERROR(VisitGranted(
      request, [](const v1::HealthRecord&) { return absl::OkStatus(); },
      &plan));
  return plan;
}

absl::StatusOr<SharePlan> Sharing::Grant(const ShareRequest& request,
                                         const std::string& path) {
  SUBROSA_ASSIGN_OR_RETURN(SharePlan plan, Begin(request));
  GrantTerms terms;
  terms.consumer = request.consumer;
  terms.recipient = plan.recipient;
  terms.action = ActionTo(plan.recipient);
  terms.purpose = request.purpose;
  terms.period = PeriodOf(clock_.Now());
  SUBROSA_RETURN_IF_ERROR(
      WriteKeyGrant(
          *vault_, *ledger_, types_, clock_, terms,
          [&](GiveRecord give) -> absl::Status {
            SUBROSA_RETURN_IF_ERROR(VisitGranted(request, give, &plan));
            terms.categories = CategoriesOf(plan.categories);
            terms.rules.assign(plan.rules.begin(), plan.rules.end());
            return absl::OkStatus();
          },
          path)
          .status());
  return plan;
}

absl::Status Sharing::DeclareOne(const v1::Disclosure& entry,
                                 v1::Disclosure* filled,
                                 DeclaredResult* result) {
  *filled = entry;
  filled->set_kind(v1::DISCLOSURE_KIND_DECLARED);
  filled->clear_rule();
  const absl::StatusOr<RecordedRecipient> recorded =
      gate_.FindRecipient(entry.recipient());
  if (absl::IsNotFound(recorded.status())) {
    result->entry.status = absl::NotFoundError(
        "disclosure.recipient: want one that is on record, got another");
    return absl::OkStatus();
  }
  SUBROSA_RETURN_IF_ERROR(recorded.status());
  filled->set_recipient_name(recorded->recipient.name());
  filled->set_recipient_contact(ContactOf(recorded->recipient));
  if (filled->action() != v1::ACTION_SELL) {
    filled->set_action(ActionTo(recorded->recipient));
  }
  const Use use = gate_.UseOf(filled->action(), entry.purpose(),
                              entry.recipient(), BitsOf(entry));
  SUBROSA_ASSIGN_OR_RETURN(const Decision decision,
                           gate_.Decide(entry.consumer(), use));
  result->decision = gate_.StatusOf(decision);
  std::set<std::string> rules;
  AddRules(decision, &rules);
  for (const std::string& rule : rules) filled->add_rule(rule);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<DeclaredResult>> Sharing::Declare(
    absl::Span<const v1::Disclosure> entries, DeclareMode mode) {
  SUBROSA_RETURN_IF_ERROR(gate_.Refresh());
  std::vector<DeclaredResult> results(entries.size());
  std::vector<v1::Disclosure> filled(entries.size());
  std::vector<const v1::Disclosure*> taken;
  std::vector<size_t> places;
  for (size_t i = 0; i < entries.size(); ++i) {
    SUBROSA_RETURN_IF_ERROR(DeclareOne(entries[i], &filled[i], &results[i]));
    if (!results[i].entry.status.ok()) continue;
    results[i].entry.status = CheckDisclosure(filled[i], clock_.Now());
    if (!results[i].entry.status.ok()) continue;
    taken.push_back(&filled[i]);
    places.push_back(i);
  }
  if (mode == DeclareMode::kTry) {
    for (size_t i = 0; i < taken.size(); ++i) {
      SUBROSA_ASSIGN_OR_RETURN(const bool is_on_record,
                               ledger_->IsOnRecord(*taken[i]));
      if (!is_on_record) continue;
      results[places[i]].entry.status = absl::AlreadyExistsError(
          "disclosure: want one that is not on record, got one that is");
    }
    return results;
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<DisclosureResult> appended,
                           ledger_->Append(taken));
  for (size_t i = 0; i < appended.size(); ++i) {
    results[places[i]].entry = appended[i];
  }
  return results;
}

absl::StatusOr<ShareRevocation> Sharing::PlanRevocation(
    absl::string_view consumer, absl::string_view recipient,
    absl::string_view purpose) {
  SUBROSA_RETURN_IF_ERROR(gate_.FindRecipient(recipient).status());
  // Also finds out whether there is such a consumer: a revocation makes none.
  SUBROSA_ASSIGN_OR_RETURN(
      const std::vector<v1::DueNotice> planned,
      notices_.PlanForRevocation(consumer, recipient, purpose));
  ShareRevocation revocation;
  revocation.notices = static_cast<int64_t>(planned.size());
  return revocation;
}

absl::StatusOr<ShareRevocation> Sharing::Revoke(absl::string_view consumer,
                                                absl::string_view recipient,
                                                absl::string_view purpose) {
  SUBROSA_RETURN_IF_ERROR(
      PlanRevocation(consumer, recipient, purpose).status());
  const int64_t now = absl::ToUnixSeconds(clock_.Now());

  // First what stops further grants: an objection, for a withdrawal would leave
  // what rests on another ground than consent.
  v1::LedgerEntry objection;
  objection.set_consumer(std::string(consumer));
  v1::Choice& choice = *objection.mutable_choice();
  choice.set_consumer(std::string(consumer));
  choice.set_kind(v1::CHOICE_KIND_OPT_OUT);
  choice.add_action(v1::ACTION_SHARE);
  choice.add_action(v1::ACTION_SELL);
  if (!purpose.empty()) choice.add_purpose(std::string(purpose));
  choice.add_recipient(std::string(recipient));
  choice.set_method("revocation");
  choice.mutable_given_at()->set_seconds(now);
  choice.mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EntryResult> recorded,
                           gate_.Record({&objection}));
  SUBROSA_RETURN_IF_ERROR(recorded[0].status);

  v1::Disclosure entry;
  entry.set_consumer(std::string(consumer));
  entry.set_kind(v1::DISCLOSURE_KIND_REVOCATION);
  entry.set_recipient(std::string(recipient));
  entry.set_purpose(std::string(purpose));
  entry.mutable_at()->set_seconds(now);
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<DisclosureResult> appended,
                           ledger_->Append({&entry}));
  SUBROSA_RETURN_IF_ERROR(appended[0].status);
  ShareRevocation revocation;
  revocation.number = appended[0].number;
  SUBROSA_ASSIGN_OR_RETURN(
      revocation.notices,
      notices_.QueueForRevocation(consumer, recipient, purpose));
  return revocation;
}

}  // namespace subrosa
