// The DeletionClock says whether what goes by its time may go now. A clock that
// leapt ahead by years would have keys and evidence destroyed that are years
// from being over, and no clock that is set right again brings them back.
//
// The key store keeps the newest day by which this was so, to a week. It moves
// on with each call that finds the clock at most kMaxClockLeapDays ahead of it,
// and with nothing else: what else a home does while its clock is wrong says
// nothing of the clock. A clock that is wrong by less is believed, so that what
// is closed may go up to so many days early.
//
// Thread-compatible. Errors are those of Connection, besides what is said
// below.
#ifndef SUBROSA_SRC_VAULT_DELETION_CLOCK_H_
#define SUBROSA_SRC_VAULT_DELETION_CLOCK_H_

#include <cstdint>

#include "absl/status/status.h"
#include "src/base/clock.h"
#include "src/vault/key_tables.h"

namespace subrosa {

// A home may rest for a year, and is then cleared out by a yearly job that is a
// month late. Clocks that fail are wrong by more: they stand at the year of a
// chip's making or at the end of a counter.
inline constexpr int32_t kMaxClockLeapDays = 400;

class DeletionClock {
 public:
  // What `tables` refers to, and `clock`, must outlive it.
  DeletionClock(const KeyTables& tables, const Clock& clock)
      : database_(tables.database),
        entity_number_(tables.entity_number),
        clock_(clock) {}

  // FAILED_PRECONDITION if the clock is further ahead: the message says both
  // days, and what to do. No transaction is open.
  absl::Status Check();

  // An officer says that the clock is right. OK means durable.
  absl::Status Trust();

 private:
  absl::Status Keep(int32_t day);

  Connection& database_;
  const int64_t entity_number_;
  const Clock& clock_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_DELETION_CLOCK_H_
