// Tells the record store how far the log has come, once the log's checkpoint is
// published: its outbox lets go of what the log holds, and remembers the log's
// size and root, by which an older copy of it is known later.
#ifndef SUBROSA_SRC_AUDIT_ACKNOWLEDGE_H_
#define SUBROSA_SRC_AUDIT_ACKNOWLEDGE_H_

#include "absl/status/status.h"
#include "src/audit/log_state.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"

namespace subrosa {

// Acknowledges `log`, whose checkpoint lies published, in `records`, which is
// the outbox of `record_database`. Does nothing if the record store knows as
// much already. `record_database` is in no transaction; errors are its own, and
// leave it as it was. Thread-compatible, as its arguments.
absl::Status AcknowledgeLog(Connection& record_database, Outbox& records,
                            const LogStatus& log);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_ACKNOWLEDGE_H_
