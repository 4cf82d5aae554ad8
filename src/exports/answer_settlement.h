// What an officer does about aggregates once a record store was put back that
// does not know all answers (src/vault/lost_answers.h).
//
// Until it is settled no new answer is given. From then on there are answers of
// periods that begin on the day of the last lost one or later: of no day of
// those can a lost answer be, since it was of a period that was over. That who
// is in lost answers is not known, and that the atoms of later ones begin
// without them, is what the officer accepts.
//
// Thread-compatible, as the Steward.
#ifndef SUBROSA_SRC_EXPORTS_ANSWER_SETTLEMENT_H_
#define SUBROSA_SRC_EXPORTS_ANSWER_SETTLEMENT_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/steward/steward.h"
#include "src/vault/lost_answers.h"

namespace subrosa {

inline constexpr size_t kMaxSettlementReasonBytes = 500;

// What the home's record store lacks. Errors of opening a vault.
absl::StatusOr<LostAnswers> FindLostAnswers(Steward& steward);

// Has later periods be answered again, and returns what was lost. `reason`,
// printable ASCII of 1 to kMaxSettlementReasonBytes, stands in a leaf of the
// log for everybody to read: it must name nobody. OK means durable.
//
// INVALID_ARGUMENT for another reason; FAILED_PRECONDITION if nothing is lost
// that is not settled. Nothing is changed then.
absl::StatusOr<LostAnswers> SettleAnswers(Steward& steward,
                                          absl::string_view reason);

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_ANSWER_SETTLEMENT_H_
