#include "src/audit/acknowledge.h"

#include <string>

#include "absl/status/statusor.h"
#include "src/audit/merkle.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::Status AcknowledgeLog(Connection& record_database, Outbox& records,
                            const LogStatus& log) {
  SUBROSA_ASSIGN_OR_RETURN(OutboxState state, records.ReadState());
  if (state.log_size >= log.size) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(record_database));
  SUBROSA_ASSIGN_OR_RETURN(state, records.ReadState());
  if (state.log_size >= log.size) return absl::OkStatus();
  state.sequenced = log.sequenced.records;
  state.log_size = log.size;
  state.log_root = std::string(BytesOf(log.root));
  SUBROSA_RETURN_IF_ERROR(records.Acknowledge(state));
  return transaction.Commit();
}

}  // namespace subrosa
