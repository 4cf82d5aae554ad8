#include "src/erasure/erasure_plan.h"

#include "src/base/status_macros.h"
#include "src/vault/key_custody.h"
#include "src/vault/record_row.h"

namespace subrosa {

absl::StatusOr<ErasurePlan> PlanErasure(Steward& steward,
                                        absl::string_view consumer) {
  ErasurePlan plan;
  SUBROSA_RETURN_IF_ERROR(
      steward.VisitFactsOf(consumer, [&plan](const RecordRow& row) {
        ++plan.records_by_schema[row.facts.schema];
        ++plan.records;
        return absl::OkStatus();
      }));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t rows, steward.CountRows(consumer));
  plan.old_revisions = rows - plan.records;
  SUBROSA_ASSIGN_OR_RETURN(plan.holds_from_if_rotated,
                           steward.Custody().ReadHoldsFromIfRotated());
  return plan;
}

}  // namespace subrosa
