// An audit of a log: every file as it was signed (log_check.h), every entry a
// leaf, and earlier checkpoints continued. Needs nothing but the folder and a
// checkpoint, so that an auditor can do it with a copy.
//
// Thread-safe: no state. Uses all processors; memory does not grow with the
// log.
#ifndef SUBROSA_SRC_AUDIT_LOG_AUDIT_H_
#define SUBROSA_SRC_AUDIT_LOG_AUDIT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/audit/checkpoint.h"
#include "src/audit/leaf.h"
#include "src/audit/log_check.h"

namespace subrosa {

// A checkpoint that the log once had, which the caller has verified.
struct EarlierCheckpoint {
  std::string name;  // In a fault about it.
  Checkpoint checkpoint;
};

struct LogAuditOptions {
  // As in LogCheckOptions.
  std::function<void(uint64_t entries)> on_progress;
  bool repair = false;
  std::vector<EarlierCheckpoint> earlier;
  // How many leaves LogAudit::rows counts over.
  uint64_t rows_within = 0;
};

struct LogAudit {
  LogCheck check;  // Its faults are those of every kind.
  std::map<LeafKind, uint64_t> leaves;
  // How many rows the record store held when the log had `rows_within` leaves,
  // as they say.
  int64_t rows = 0;

  void AddFault(const std::string& fault);
};

// Audits the log in `folder` at `checkpoint`, whose signature the caller has
// verified. Faults are results; errors are UNAVAILABLE and the like.
absl::StatusOr<LogAudit> AuditLog(const std::string& folder,
                                  const Checkpoint& checkpoint,
                                  const LogAuditOptions& options);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LOG_AUDIT_H_
