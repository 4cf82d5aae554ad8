// The LogState is what the key store keeps about the log: how large it is, its
// newest checkpoint, which entries' places are settled, who sequences it, and
// which keys sign it. The key store decides: files follow it.
//
// Several processes may sequence one log, one at a time, under a lease. A
// holder that is stopped, or slower than its lease, and wakes after another
// took over, can do no harm: it settles nothing, since that takes its term;
// what files it still writes are those that its successor writes; and it
// finishes only the very batch that is settled, if nobody has yet. So a disk
// that is slower than the lease keeps nobody from getting on.
//
// Thread-compatible, as its Connection. Errors are those of Connection, besides
// what is said below.
#ifndef SUBROSA_SRC_AUDIT_LOG_STATE_H_
#define SUBROSA_SRC_AUDIT_LOG_STATE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/audit/log_batch.h"
#include "src/audit/merkle.h"
#include "src/store/connection.h"
#include "src/store/migrations.h"

namespace subrosa {

// The migration that gives the key store its log's state.
inline constexpr Migration kLogStateMigration = {R"sql(
  CREATE TABLE log(
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    checkpoint BLOB NOT NULL,
    keys_sequenced INTEGER NOT NULL,
    records_sequenced INTEGER NOT NULL,
    keys_assigned INTEGER NOT NULL,
    records_assigned INTEGER NOT NULL,
    holder BLOB NOT NULL,
    term INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL);
  CREATE TABLE log_key(
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    vkey TEXT NOT NULL,
    announced_by INTEGER NOT NULL,
    retired INTEGER NOT NULL);
)sql"};

// What stands in the key store.
struct LogStatus {
  std::string origin;
  uint64_t size = 0;
  MerkleHash root = {};
  std::string checkpoint;    // The signed note of size and root.
  OutboxPosition sequenced;  // What is in the log.
  OutboxPosition assigned;   // What has a place in it: the same, or further.
  std::string holder;        // Of the lease; empty if nobody's.
  int64_t term = 0;          // Counts the leases.
  absl::Time expires_at;     // Of the lease.
};

// A key that signs checkpoints.
struct LogKey {
  int64_t number = 0;        // From 1.
  std::string name;          // At the key provider.
  std::string vkey;          // Public.
  int64_t announced_by = 0;  // Number of the entry in the key store's outbox
                             // that announces it; 0 for the first key.
  bool retired = false;      // Signs no more.
};

class LogState {
 public:
  // `database` has had kLogStateMigration and must outlive this object.
  static absl::StatusOr<LogState> Open(Connection& database);

  // Writes the state of a new log, within a transaction.
  absl::Status Create(const LogStatus& status);

  // NOT_FOUND if there is no log yet.
  absl::StatusOr<LogStatus> Read();

  // Takes or renews the lease for `holder`, a random name, until `duration`
  // from `now`, and returns the state under it. Nothing while another has it:
  // that lease is respected until it expires.
  absl::StatusOr<std::optional<LogStatus>> Acquire(absl::string_view holder,
                                                   absl::Time now,
                                                   absl::Duration duration);
  // Gives the lease back, if `term` is still the present one.
  absl::Status Release(absl::string_view holder, int64_t term);

  // Settles the places of the entries up to `through`, durably. False if the
  // lease was lost meanwhile; nothing is changed then.
  absl::StatusOr<bool> Assign(absl::string_view holder, int64_t term,
                              const OutboxPosition& through);

  // Within a transaction: takes over the log's new size, root, checkpoint and
  // position. False if it is not `old_size` leaves large any more, or other
  // entries than those up to `grown.sequenced` have places.
  absl::StatusOr<bool> Finish(uint64_t old_size, const LogStatus& grown);

  // Within a transaction: takes over what a restored key store missed, whoever
  // holds the lease.
  absl::Status Restore(const LogStatus& log);

  // The keys, by number upwards.
  absl::StatusOr<std::vector<LogKey>> ReadKeys();
  // Within a transaction.
  absl::Status AddKey(const LogKey& key);
  absl::Status RetireKey(int64_t number);

 private:
  explicit LogState(Connection& database) : database_(&database) {}

  Connection* database_;
  std::unique_ptr<Statement> read_;
  std::unique_ptr<Statement> acquire_;
  std::unique_ptr<Statement> release_;
  std::unique_ptr<Statement> assign_;
  std::unique_ptr<Statement> finish_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_AUDIT_LOG_STATE_H_
