// The plan of an erasure: what will be destroyed, who has to be told, what
// stays and on which rule, and by when, before anything is done.
//
// Thread-compatible. Errors are those of Steward, Vault and DisclosureLedger,
// besides what is said below.
#ifndef SUBROSA_SRC_ERASURE_ERASURE_PLAN_H_
#define SUBROSA_SRC_ERASURE_ERASURE_PLAN_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/consent/entity_law.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/disclosure/due_notices.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/erasure_terms.h"
#include "src/erasure/party_teller.h"
#include "src/steward/steward.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/evidence_store.h"
#include "src/vault/vault.h"
#include "subrosa/v1/erasure.pb.h"

namespace subrosa {

// What follows for one erasure from the law, the policy and the ledgers.
struct ErasureDraft {
  ErasureTerms terms;
  // All but what its keys make: parties, what is kept, limits, what it waits
  // for.
  v1::StoredErasure erasure;
};

// What one consumer's erasure destroys, and comes to. It names no consumer.
struct ErasurePlan {
  // Records by their payload's full type name, newest revisions only. At most
  // kMaxPlannedRecords are counted; a consumer may have more.
  std::map<std::string, int64_t> records_by_schema;
  int64_t records = 0;
  int64_t old_revisions = 0;
  bool has_more = false;
  // From this day on (since 1970-01-01) it holds in every backup too, if the
  // keys are rotated after it on the day of the plan.
  int32_t holds_from_if_rotated = 0;
  ErasureDraft draft;
};

// So that a plan takes the same time for whoever has the most.
inline constexpr int64_t kMaxPlannedRecords = 5000;

class ErasurePlanner {
 public:
  // All must outlive it.
  ErasurePlanner(Steward& steward, Vault& vault, DisclosureLedger& ledger,
                 const PartyTeller& teller, EntityLaw entity_law)
      : steward_(steward),
        vault_(vault),
        notices_(vault, ledger, steward.clock()),
        evidence_(vault.Evidence()),
        teller_(teller),
        entity_law_(std::move(entity_law)) {}

  // Drafts the erasure that `order` asks for; changes nothing. NOT_FOUND if
  // there is no such consumer; FAILED_PRECONDITION for a hold where a statute
  // that applies gives none; INVALID_ARGUMENT if the policy wants two officers
  // and the order names none.
  absl::StatusOr<ErasureDraft> Draft(const ErasureOrder& order);
  // The same of a consumer who was found already.
  absl::StatusOr<ErasureDraft> Draft(const ErasureOrder& order,
                                     const ConsumerHandle& consumer);

  // The same, with what it destroys. No record is opened: what is damaged can
  // be erased too.
  absl::StatusOr<ErasurePlan> Plan(const ErasureOrder& order);

 private:
  absl::Status SetWaiting(const ErasureOrder& order, ErasureDraft* draft) const;
  absl::StatusOr<ErasureTerms> TermsOf(const v1::ConsumerFacts& facts,
                                       const ErasureTimes& times);

  Steward& steward_;
  Vault& vault_;
  DueNotices notices_;
  EvidenceStore evidence_;
  const PartyTeller& teller_;
  const EntityLaw entity_law_;
  // The terms of the last draft, and what they were of: most of many that are
  // ordered together have the same.
  std::string terms_of_;
  ErasureTerms terms_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_ERASURE_PLAN_H_
