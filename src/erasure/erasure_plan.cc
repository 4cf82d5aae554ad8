#include "src/erasure/erasure_plan.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/erasure/erasure_kept.h"
#include "src/steward/consent_gate.h"
#include "src/vault/key_custody.h"
#include "src/vault/key_store.h"
#include "src/vault/record_row.h"

namespace subrosa {
namespace {

// Wherever a clock is ahead or behind by whole quarters of an hour, as all are
// today, instants in the same quarter fall on the same day, and so have the
// same terms.
constexpr int64_t kSecondsOfSameDay = 900;

// What the plan of an erasure says that it destroys.
absl::StatusOr<ErasurePlan> CountErasure(Steward& steward,
                                         absl::string_view consumer) {
  ErasurePlan plan;
  const absl::Status counted =
      steward.VisitFactsOf(consumer, [&plan](const RecordRow& row) {
        if (plan.records == kMaxPlannedRecords) {
          plan.has_more = true;
          return absl::CancelledError("enough");
        }
        ++plan.records_by_schema[row.facts.schema];
        ++plan.records;
        return absl::OkStatus();
      });
  if (!plan.has_more) {
    SUBROSA_RETURN_IF_ERROR(counted);
    SUBROSA_ASSIGN_OR_RETURN(const int64_t rows, steward.CountRows(consumer));
    plan.old_revisions = rows - plan.records;
  }
  SUBROSA_ASSIGN_OR_RETURN(plan.holds_from_if_rotated,
                           steward.Custody().ReadHoldsFromIfRotated());
  return plan;
}

}  // namespace

absl::Status ErasurePlanner::SetWaiting(const ErasureOrder& order,
                                        ErasureDraft* draft) const {
  const v1::Policy& policy = steward_.gate().policy().proto();
  v1::StoredErasure& erasure = draft->erasure;
  const ErasureTerms& terms = draft->terms;
  if (policy.erasure_wants_two_officers() && order.officer.empty()) {
    return absl::InvalidArgumentError(
        "order.officer: want who orders it, as the policy wants two officers, "
        "got nobody");
  }
  erasure.set_ordered_by(order.officer);
  erasure.set_wants_second_officer(policy.erasure_wants_two_officers());
  if (order.hold) {
    if (terms.hold_rule.empty()) {
      return absl::FailedPreconditionError(
          "order.hold: want statutes that let what legal claims need stay, got "
          "one that applies to the consumer and does not");
    }
    erasure.set_hold_rule(terms.hold_rule);
  }
  if (!terms.grace_rule.empty() && policy.erasure_grace_days() > 0) {
    // The clock runs from the request: grace ends a day before it does.
    erasure.set_not_before_day(
        std::min(DayOf(order.times.requested_at) + policy.erasure_grace_days(),
                 terms.live.day - 1));
  }
  return absl::OkStatus();
}

absl::StatusOr<ErasureTerms> ErasurePlanner::TermsOf(
    const v1::ConsumerFacts& facts, const ErasureTimes& times) {
  const absl::Time now = steward_.clock().Now();
  std::string of = facts.SerializeAsString();
  for (const absl::Time time :
       {times.requested_at, times.authenticated_at, now}) {
    absl::StrAppend(&of, " ", absl::ToUnixSeconds(time) / kSecondsOfSameDay);
  }
  if (of != terms_of_) {
    SUBROSA_ASSIGN_OR_RETURN(
        terms_,
        ErasureTermsOf(steward_.gate().law(), entity_law_, facts, times, now));
    terms_of_ = std::move(of);
  }
  return terms_;
}

absl::StatusOr<ErasureDraft> ErasurePlanner::Draft(const ErasureOrder& order) {
  SUBROSA_ASSIGN_OR_RETURN(const std::shared_ptr<const ConsumerHandle> consumer,
                           vault_.keys().FindShared(order.consumer));
  return Draft(order, *consumer);
}

absl::StatusOr<ErasureDraft> ErasurePlanner::Draft(
    const ErasureOrder& order, const ConsumerHandle& consumer) {
  ErasureDraft draft;
  SUBROSA_ASSIGN_OR_RETURN(std::vector<v1::DueNotice> notices,
                           notices_.Plan(consumer));
  SUBROSA_ASSIGN_OR_RETURN(const StandingState standing,
                           steward_.gate().ReadStanding(consumer));
  SUBROSA_ASSIGN_OR_RETURN(
      draft.terms,
      TermsOf(MergeFacts(standing.standing.facts(), order.facts), order.times));
  v1::StoredErasure& erasure = draft.erasure;
  SUBROSA_RETURN_IF_ERROR(SetWaiting(order, &draft));
  erasure.set_suppressed(draft.terms.MaySuppress());
  erasure.set_requested_leaf(order.requested_leaf);
  erasure.set_contact(order.contact);
  erasure.set_requested_at(absl::ToUnixSeconds(order.times.requested_at));
  erasure.set_authenticated_at(
      absl::ToUnixSeconds(order.times.authenticated_at));
  *erasure.mutable_facts() = order.facts;
  v1::ErasureCertificate& certificate = *erasure.mutable_certificate();
  for (const v1::CertificateLimit& limit : draft.terms.limits) {
    *certificate.add_limit() = limit;
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const std::vector<v1::CertificateKept> kept,
      KeptOf(steward_.gate().law(), evidence_, draft.terms, order.consumer));
  certificate.mutable_kept()->Assign(kept.begin(), kept.end());
  teller_.AddParties(std::move(notices), draft.terms, &erasure);
  return draft;
}

absl::StatusOr<ErasurePlan> ErasurePlanner::Plan(const ErasureOrder& order) {
  SUBROSA_ASSIGN_OR_RETURN(ErasureDraft draft, Draft(order));
  SUBROSA_ASSIGN_OR_RETURN(ErasurePlan plan,
                           CountErasure(steward_, order.consumer));
  plan.draft = std::move(draft);
  return plan;
}

}  // namespace subrosa
