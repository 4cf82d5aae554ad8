#include "src/store/outbox.h"

#include <algorithm>

#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<Outbox> Outbox::Open(Connection& database) {
  Outbox outbox;
  struct Wanted {
    std::unique_ptr<Statement>* statement;
    absl::string_view sql;
  };
  const Wanted wanted[] = {
      {&outbox.append_,
       "INSERT INTO outbox(sequence, seen, entry) VALUES($1, $2, $3)"},
      {&outbox.read_last_, "SELECT max(sequence) FROM outbox"},
      {&outbox.read_max_seen_, "SELECT max(seen) FROM outbox"},
      {&outbox.read_state_,
       "SELECT sequenced, log_size, log_root FROM outbox_state"},
      {&outbox.visit_,
       "SELECT sequence, seen, entry FROM outbox WHERE sequence > $1"
       " ORDER BY sequence"},
      {&outbox.delete_, "DELETE FROM outbox WHERE sequence <= $1"},
      {&outbox.remember_,
       "UPDATE outbox_state SET sequenced = $1, log_size = $2,"
       " log_root = $3"},
  };
  for (const Wanted& each : wanted) {
    SUBROSA_ASSIGN_OR_RETURN(*each.statement, database.Prepare(each.sql));
  }
  return outbox;
}

absl::StatusOr<int64_t> Outbox::Append(absl::Span<const std::string> entries,
                                       int64_t seen) {
  SUBROSA_ASSIGN_OR_RETURN(int64_t sequence, ReadIssued());
  for (const std::string& entry : entries) {
    append_->BindInt(1, ++sequence);
    append_->BindInt(2, seen);
    append_->BindBytes(3, entry);
    SUBROSA_RETURN_IF_ERROR(append_->Run());
  }
  return sequence;
}

absl::StatusOr<int64_t> Outbox::ReadIssued() {
  SUBROSA_RETURN_IF_ERROR(read_last_->Step().status());
  const int64_t last = read_last_->ColumnInt(0);
  read_last_->Reset();
  if (last > 0) return last;
  // All are in the log.
  SUBROSA_ASSIGN_OR_RETURN(const OutboxState state, ReadState());
  return state.sequenced;
}

absl::StatusOr<int64_t> Outbox::ReadMaxSeen() {
  SUBROSA_RETURN_IF_ERROR(read_max_seen_->Step().status());
  const int64_t seen = read_max_seen_->ColumnInt(0);
  read_max_seen_->Reset();
  return seen;
}

absl::StatusOr<OutboxState> Outbox::ReadState() {
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read_state_->Step());
  if (!found) return absl::DataLossError("outbox: its state is gone");
  OutboxState state;
  state.sequenced = read_state_->ColumnInt(0);
  state.log_size = static_cast<uint64_t>(read_state_->ColumnInt(1));
  state.log_root = std::string(read_state_->ColumnBytes(2));
  read_state_->Reset();
  return state;
}

absl::Status Outbox::Visit(int64_t after, Visitor visit) {
  visit_->BindInt(1, after);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, visit_->Step());
    if (!found) return absl::OkStatus();
    const absl::StatusOr<bool> more = visit(OutboxEntry{
        visit_->ColumnInt(0), visit_->ColumnInt(1), visit_->ColumnBytes(2)});
    if (!more.ok() || !*more) {
      visit_->Reset();
      return more.status();
    }
  }
}

absl::Status Outbox::Acknowledge(const OutboxState& state) {
  delete_->BindInt(1, state.sequenced);
  SUBROSA_RETURN_IF_ERROR(delete_->Run());
  remember_->BindInt(1, state.sequenced);
  remember_->BindInt(2, static_cast<int64_t>(state.log_size));
  remember_->BindBytes(3, state.log_root);
  return remember_->Run();
}

absl::Status Outbox::Restart(const OutboxState& state,
                             absl::Span<const std::string> entries) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t issued, ReadIssued());
  OutboxState all = state;
  all.sequenced = std::max(state.sequenced, issued);
  SUBROSA_RETURN_IF_ERROR(Acknowledge(all));
  SUBROSA_RETURN_IF_ERROR(Acknowledge(state));
  return Append(entries, /*seen=*/0).status();
}

}  // namespace subrosa
