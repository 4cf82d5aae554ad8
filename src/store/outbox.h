// An Outbox holds what a database has to tell the log: a change and its entry
// are one transaction, so that neither can be had without the other. Whoever
// keeps the log reads the entries in the order of their commits, and takes them
// away once they are in it (src/audit/sequencer.h).
//
// Entries are numbered from 1 without gaps. Beside each stands how far the
// *other* database's outbox had been seen when it was written, so that what
// happened after something there can be told (see ReadBatch in
// src/audit/log_batch.h).
//
// What a database must promise: numbers are given in the order of commits. In
// SQLite there is one writer; in PostgreSQL a transaction that appends first
// locks the row of outbox_state (SELECT … FOR UPDATE).
//
// Thread-compatible, as its Connection. Errors are those of Connection.
#ifndef SUBROSA_SRC_STORE_OUTBOX_H_
#define SUBROSA_SRC_STORE_OUTBOX_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "src/store/connection.h"
#include "src/store/migrations.h"

namespace subrosa {

// The migration that gives a database its outbox.
inline constexpr Migration kOutboxMigration = {R"sql(
  CREATE TABLE outbox(
    sequence INTEGER PRIMARY KEY,
    seen INTEGER NOT NULL,
    entry BLOB NOT NULL);
  CREATE TABLE outbox_state(
    sequenced INTEGER NOT NULL,
    log_size INTEGER NOT NULL,
    log_root BLOB NOT NULL);
  INSERT INTO outbox_state VALUES(0, 0, '');
)sql"};

// What the database knows of the log.
struct OutboxState {
  int64_t sequenced = 0;  // The last entry that is in the log.
  uint64_t log_size = 0;  // How large the log was then, and its root; empty
  std::string log_root;   // before the first.
};

struct OutboxEntry {
  int64_t sequence = 0;
  int64_t seen = 0;
  absl::string_view bytes;
};

class Outbox {
 public:
  // `database` has had kOutboxMigration and must outlive the outbox.
  static absl::StatusOr<Outbox> Open(Connection& database);

  // Appends `entries` within the transaction that makes the change. `seen` is
  // the other outbox's ReadIssued from before it; 0 if nothing there matters.
  // Returns the number of the last one.
  absl::StatusOr<int64_t> Append(absl::Span<const std::string> entries,
                                 int64_t seen);

  // The number last given. 0 before the first.
  absl::StatusOr<int64_t> ReadIssued();

  // The most that a waiting entry has seen of the other outbox.
  absl::StatusOr<int64_t> ReadMaxSeen();

  absl::StatusOr<OutboxState> ReadState();

  // Visits the entries after number `after`, in order, until `visit` returns
  // false or an error, which is returned.
  using Visitor = absl::FunctionRef<absl::StatusOr<bool>(const OutboxEntry&)>;
  absl::Status Visit(int64_t after, Visitor visit);

  // Within a transaction: deletes the entries up to `state.sequenced` and
  // remembers `state`.
  absl::Status Acknowledge(const OutboxState& state);

  // Within a transaction: lets `entries`, which have seen nothing, follow
  // number `state.sequenced` in place of all that waits: for a copy that was
  // put back.
  absl::Status Restart(const OutboxState& state,
                       absl::Span<const std::string> entries);

 private:
  Outbox() = default;

  std::unique_ptr<Statement> append_;
  std::unique_ptr<Statement> read_last_;
  std::unique_ptr<Statement> read_max_seen_;
  std::unique_ptr<Statement> read_state_;
  std::unique_ptr<Statement> visit_;
  std::unique_ptr<Statement> delete_;
  std::unique_ptr<Statement> remember_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_STORE_OUTBOX_H_
