// An erasure, planned and carried out. The plan says what will be destroyed and
// what will remain, before anything is done.
#ifndef SUBROSA_SRC_ERASURE_ERASURE_PLAN_H_
#define SUBROSA_SRC_ERASURE_ERASURE_PLAN_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/steward/steward.h"

namespace subrosa {

// What one consumer's erasure destroys. It names no consumer.
struct ErasurePlan {
  // Records by their payload's full type name, newest revisions only.
  std::map<std::string, int64_t> records_by_schema;
  int64_t records = 0;
  int64_t old_revisions = 0;
  // From this day on (since 1970-01-01) it holds in every backup too, if the
  // keys are rotated after it on the day of the plan.
  int32_t holds_from_if_rotated = 0;
};

// Plans the erasure of `consumer`; changes nothing. NOT_FOUND if there is no
// such consumer. No record is opened: what is damaged can be erased too.
absl::StatusOr<ErasurePlan> PlanErasure(Steward& steward,
                                        absl::string_view consumer);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_ERASURE_PLAN_H_
