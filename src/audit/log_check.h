// The full check of a log: every entry hashed, every tile compared, up to the
// root that was signed. Uses all processors; memory does not grow with the log.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_AUDIT_LOG_CHECK_H_
#define SUBROSA_SRC_AUDIT_LOG_CHECK_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/audit/checkpoint.h"

namespace subrosa {

// The most faults that are listed.
inline constexpr size_t kMaxLogFaults = 100;

struct LogCheckOptions {
  // Called with the entries checked so far, from the thread that called.
  std::function<void(uint64_t entries)> on_progress;
  // Called with each entry, from several threads at once; an error of its is a
  // fault of that entry.
  std::function<absl::Status(uint64_t index, absl::string_view entry)> on_entry;
  // Where tiles of hashes are missing or wrong but the entries lead to the
  // signed root, write all files anew.
  bool repair = false;
};

struct LogCheck {
  uint64_t entries = 0;
  // What is wrong, each naming its file; empty if all is as it was signed.
  std::vector<std::string> faults;
  uint64_t fault_count = 0;  // Also of those beyond kMaxLogFaults.
  // What was wrong and is no more, by LogCheckOptions::repair.
  std::vector<std::string> repaired;

  bool ok() const { return fault_count == 0; }
};

// Checks the log in `folder` against `checkpoint`, whose signature the caller
// has verified. Faults are results; errors are UNAVAILABLE and the like.
absl::StatusOr<LogCheck> CheckLog(const std::string& folder,
                                  const Checkpoint& checkpoint,
                                  const LogCheckOptions& options);

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LOG_CHECK_H_
