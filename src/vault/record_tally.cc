#include "src/vault/record_tally.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "src/audit/leaf.h"
#include "src/audit/leaf_numbers.h"
#include "src/base/status_macros.h"
#include "src/store/outbox.h"

namespace subrosa {

absl::StatusOr<RecordTally> CountRecords(Connection& database) {
  SUBROSA_ASSIGN_OR_RETURN(Outbox outbox, Outbox::Open(database));
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> count,
                           database.Prepare("SELECT count(*) FROM record"));
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction transaction,
                           ReadTransaction::Begin(database));
  RecordTally tally;
  SUBROSA_ASSIGN_OR_RETURN(const OutboxState state, outbox.ReadState());
  tally.log_size = state.log_size;
  SUBROSA_RETURN_IF_ERROR(
      outbox.Visit(state.sequenced,
                   [&tally](const OutboxEntry& entry) -> absl::StatusOr<bool> {
                     const absl::StatusOr<Leaf> leaf = ParseLeaf(entry.bytes);
                     if (!leaf.ok()) {
                       return absl::DataLossError(
                           absl::StrCat("record store.outbox[", entry.sequence,
                                        "]: ", leaf.status().message()));
                     }
                     tally.rows_waiting += RowChangeOf(*leaf);
                     return true;
                   }));
  SUBROSA_RETURN_IF_ERROR(count->Step().status());
  tally.rows = count->ColumnInt(0);
  count->Reset();
  return tally;
}

}  // namespace subrosa
