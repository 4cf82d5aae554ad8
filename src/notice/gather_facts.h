// Gathers what notices are made from: the policy, the recipients, what is
// held with the marks of its types, and who was given data of late.
#ifndef SUBROSA_SRC_NOTICE_GATHER_FACTS_H_
#define SUBROSA_SRC_NOTICE_GATHER_FACTS_H_

#include "absl/status/statusor.h"
#include "src/notice/notice_facts.h"
#include "src/steward/steward.h"

namespace subrosa {

// As of the steward's clock. How far a notice looks back is the period of the
// rule "ca-ccpa/policy-yearly", after which it is written anew. Errors of
// ReadHoldings, the recipients' registry and the ledger of disclosures.
absl::StatusOr<NoticeFacts> GatherNoticeFacts(Steward& steward);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_GATHER_FACTS_H_
