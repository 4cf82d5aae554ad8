// Whether a rule's demand says all that it has to. Internal to this room.
#ifndef SUBROSA_SRC_LAW_DEMAND_CHECK_H_
#define SUBROSA_SRC_LAW_DEMAND_CHECK_H_

#include "absl/status/status.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {

// INVALID_ARGUMENT, `field.path: want …, got …`, for a rule without a demand,
// or with one that leaves out what a reader of it needs: a deadline without a
// period, a list without items.
absl::Status CheckDemand(const v1::LawRule& rule);

}  // namespace subrosa

#endif  // SUBROSA_SRC_LAW_DEMAND_CHECK_H_
