// What a policy has to say, piece by piece: see Policy::Parse. Errors are
// INVALID_ARGUMENT and begin with the field of the piece.
#ifndef SUBROSA_SRC_CONSENT_POLICY_CHECK_H_
#define SUBROSA_SRC_CONSENT_POLICY_CHECK_H_

#include "absl/status/status.h"
#include "src/law/law_book.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

// All but packs, purposes and notices.
absl::Status CheckPolicyHead(const v1::Policy& policy);

// `limit_purposes`: how many purposes the packs of the policy let be served
// after a request to limit.
absl::Status CheckPurpose(const v1::Purpose& purpose, int limit_purposes);

absl::Status CheckNotice(const v1::Notice& notice, const LawBook& book);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_POLICY_CHECK_H_
