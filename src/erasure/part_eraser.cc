#include "src/erasure/part_eraser.h"

#include <vector>

#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/erasure/erasure_terms.h"
#include "src/erasure/stored_erasure.h"
#include "src/steward/consent_gate.h"
#include "subrosa/v1/certificate.pb.h"
#include "subrosa/v1/disclosure.pb.h"

namespace subrosa {

absl::StatusOr<std::unique_ptr<PartEraser>> PartEraser::Open(Steward& steward,
                                                             Vault& vault) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<DisclosureLedger> ledger,
                           DisclosureLedger::Open(vault, steward.clock()));
  SUBROSA_ASSIGN_OR_RETURN(
      EntityLaw entity_law,
      EntityLaw::Create(steward.gate().law(), steward.gate().policy().proto()));
  return std::unique_ptr<PartEraser>(
      new PartEraser(steward, vault, std::move(ledger), std::move(entity_law)));
}

absl::StatusOr<int32_t> PartEraser::DueDayOf(absl::string_view consumer) {
  const absl::Time now = steward_.clock().Now();
  SUBROSA_ASSIGN_OR_RETURN(const StandingState standing,
                           steward_.gate().ReadStanding(consumer));
  SUBROSA_ASSIGN_OR_RETURN(
      const ErasureTerms terms,
      ErasureTermsOf(steward_.gate().law(), entity_law_,
                     standing.standing.facts(), {now, now}, now));
  return AnswerDueDay(v1::PARTY_KIND_RECIPIENT, /*connector=*/nullptr, terms,
                      now);
}

absl::StatusOr<PartPlan> PartEraser::Plan(absl::string_view consumer,
                                          const PartSelection& selection) {
  PartPlan plan;
  SUBROSA_ASSIGN_OR_RETURN(plan.selected,
                           steward_.Parts().ReadSelected(consumer, selection));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::vector<v1::DueNotice> notices,
      notices_.PlanForPart(consumer, plan.selected, /*due_day=*/0));
  plan.notices = static_cast<int64_t>(notices.size());
  return plan;
}

absl::StatusOr<PartErased> PartEraser::Erase(absl::string_view consumer,
                                             const PartSelection& selection) {
  PartErased erased;
  SUBROSA_ASSIGN_OR_RETURN(const PartPlan plan, Plan(consumer, selection));
  erased.notices = plan.notices;
  if (plan.notices > 0) {
    SUBROSA_ASSIGN_OR_RETURN(const int32_t due_day, DueDayOf(consumer));
    SUBROSA_RETURN_IF_ERROR(
        notices_.QueueForPart(consumer, plan.selected, due_day).status());
  }
  SUBROSA_ASSIGN_OR_RETURN(erased.work,
                           steward_.ErasePart(consumer, selection));
  return erased;
}

}  // namespace subrosa
