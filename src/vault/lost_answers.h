// What a record store that was put back from an older copy does not know of
// aggregates: answers that were given after it was made. The log has a leaf of
// each, which says that there was one and when, and not of whom or of what; so
// nothing can be held against them, and whoever has them could subtract.
//
// Kept in the record store's table `aggregate_lost`: a restore marks the store
// in the transaction that makes it agree with the log.
//
// Thread-compatible, as its Connection, whose errors these have.
#ifndef SUBROSA_SRC_VAULT_LOST_ANSWERS_H_
#define SUBROSA_SRC_VAULT_LOST_ANSWERS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/store/connection.h"

namespace subrosa {

struct LostAnswers {
  int64_t answers = 0;   // That the log tells of and the store does not hold.
  int32_t last_day = 0;  // On which the last was given, from 1970-01-01.
  // An officer has said that there may be answers again.
  bool is_settled = false;
};

// Of the record store `records`. None were lost: no answers.
absl::StatusOr<LostAnswers> ReadLostAnswers(Connection& records);

// Within a transaction: `answers` more were lost, the last given on `last_day`;
// none of all is settled any more. Nothing for no answers.
absl::Status MarkLostAnswers(Connection& records, int64_t answers,
                             int32_t last_day);

// Within a transaction: all that were lost are settled.
absl::Status SettleLostAnswers(Connection& records);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_LOST_ANSWERS_H_
