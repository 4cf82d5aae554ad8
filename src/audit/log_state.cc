#include "src/audit/log_state.h"

#include <cstring>

#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// A lease that expires later than this many durations from now was taken by a
// clock that has since been set back.
constexpr int kMaxDurationsAhead = 2;

absl::Status Lost() {
  return absl::DataLossError("key store.log: want a root of 32 bytes");
}

}  // namespace

absl::StatusOr<LogState> LogState::Open(Connection& database) {
  LogState state(database);
  struct Wanted {
    std::unique_ptr<Statement>* statement;
    absl::string_view sql;
  };
  const Wanted wanted[] = {
      {&state.read_,
       "SELECT origin, size, root, checkpoint, keys_sequenced,"
       " records_sequenced, keys_assigned, records_assigned, holder, term,"
       " expires_at_ms FROM log"},
      {&state.acquire_,
       "UPDATE log SET term = term + CASE WHEN holder = $1 THEN 0 ELSE 1 END,"
       " holder = $1, expires_at_ms = $2"
       " WHERE holder = $1 OR expires_at_ms <= $3 OR expires_at_ms > $4"},
      {&state.release_,
       "UPDATE log SET holder = '', expires_at_ms = 0"
       " WHERE holder = $1 AND term = $2"},
      {&state.assign_,
       "UPDATE log SET keys_assigned = $1, records_assigned = $2"
       " WHERE holder = $3 AND term = $4"},
      {&state.finish_,
       "UPDATE log SET size = $1, root = $2, checkpoint = $3,"
       " keys_sequenced = $4, records_sequenced = $5 WHERE size = $6"
       " AND keys_assigned = $4 AND records_assigned = $5"},
  };
  for (const Wanted& each : wanted) {
    SUBROSA_ASSIGN_OR_RETURN(*each.statement, database.Prepare(each.sql));
  }
  return state;
}

absl::Status LogState::Create(const LogStatus& status) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      database_->Prepare(
          "INSERT INTO log VALUES($1, $2, $3, $4, 0, 0, 0, 0, '', 0, 0)"));
  insert->BindText(1, status.origin);
  insert->BindInt(2, static_cast<int64_t>(status.size));
  insert->BindBytes(3, BytesOf(status.root));
  insert->BindBytes(4, status.checkpoint);
  return insert->Run();
}

absl::StatusOr<LogStatus> LogState::Read() {
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read_->Step());
  if (!found) return absl::NotFoundError("key store: want a log, got none");
  LogStatus status;
  status.origin = std::string(read_->ColumnBytes(0));
  status.size = static_cast<uint64_t>(read_->ColumnInt(1));
  const absl::string_view root = read_->ColumnBytes(2);
  const bool is_root = root.size() == status.root.size();
  if (is_root) std::memcpy(status.root.data(), root.data(), root.size());
  status.checkpoint = std::string(read_->ColumnBytes(3));
  status.sequenced = {read_->ColumnInt(4), read_->ColumnInt(5)};
  status.assigned = {read_->ColumnInt(6), read_->ColumnInt(7)};
  status.holder = std::string(read_->ColumnBytes(8));
  status.term = read_->ColumnInt(9);
  status.expires_at = absl::FromUnixMillis(read_->ColumnInt(10));
  read_->Reset();
  if (!is_root) return Lost();
  return status;
}

absl::StatusOr<std::optional<LogStatus>> LogState::Acquire(
    absl::string_view holder, absl::Time now, absl::Duration duration) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(*database_));
  acquire_->BindBytes(1, holder);
  acquire_->BindInt(2, absl::ToUnixMillis(now + duration));
  acquire_->BindInt(3, absl::ToUnixMillis(now));
  acquire_->BindInt(4, absl::ToUnixMillis(now + kMaxDurationsAhead * duration));
  SUBROSA_RETURN_IF_ERROR(acquire_->Run());
  if (database_->Changes() != 1) return std::nullopt;
  SUBROSA_ASSIGN_OR_RETURN(LogStatus status, Read());
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return status;
}

absl::Status LogState::Release(absl::string_view holder, int64_t term) {
  release_->BindBytes(1, holder);
  release_->BindInt(2, term);
  return release_->Run();
}

absl::StatusOr<bool> LogState::Assign(absl::string_view holder, int64_t term,
                                      const OutboxPosition& through) {
  assign_->BindInt(1, through.keys);
  assign_->BindInt(2, through.records);
  assign_->BindBytes(3, holder);
  assign_->BindInt(4, term);
  SUBROSA_RETURN_IF_ERROR(assign_->Run());
  return database_->Changes() == 1;
}

absl::StatusOr<bool> LogState::Finish(uint64_t old_size,
                                      const LogStatus& grown) {
  finish_->BindInt(1, static_cast<int64_t>(grown.size));
  finish_->BindBytes(2, BytesOf(grown.root));
  finish_->BindBytes(3, grown.checkpoint);
  finish_->BindInt(4, grown.sequenced.keys);
  finish_->BindInt(5, grown.sequenced.records);
  finish_->BindInt(6, static_cast<int64_t>(old_size));
  SUBROSA_RETURN_IF_ERROR(finish_->Run());
  return database_->Changes() == 1;
}

absl::Status LogState::Restore(const LogStatus& log) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> update,
      database_->Prepare(
          "UPDATE log SET size = $1, root = $2, checkpoint = $3,"
          " keys_sequenced = $4, records_sequenced = $5, keys_assigned = $4,"
          " records_assigned = $5, holder = '', term = term + 1,"
          " expires_at_ms = 0"));
  update->BindInt(1, static_cast<int64_t>(log.size));
  update->BindBytes(2, BytesOf(log.root));
  update->BindBytes(3, log.checkpoint);
  update->BindInt(4, log.sequenced.keys);
  update->BindInt(5, log.sequenced.records);
  return update->Run();
}

absl::StatusOr<std::vector<LogKey>> LogState::ReadKeys() {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_->Prepare("SELECT number, name, vkey, announced_by, retired"
                         " FROM log_key ORDER BY number"));
  std::vector<LogKey> keys;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return keys;
    LogKey& key = keys.emplace_back();
    key.number = read->ColumnInt(0);
    key.name = std::string(read->ColumnBytes(1));
    key.vkey = std::string(read->ColumnBytes(2));
    key.announced_by = read->ColumnInt(3);
    key.retired = read->ColumnInt(4) != 0;
  }
}

absl::Status LogState::AddKey(const LogKey& key) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      database_->Prepare("INSERT INTO log_key VALUES($1, $2, $3, $4, $5)"));
  insert->BindInt(1, key.number);
  insert->BindText(2, key.name);
  insert->BindText(3, key.vkey);
  insert->BindInt(4, key.announced_by);
  insert->BindInt(5, key.retired ? 1 : 0);
  return insert->Run();
}

absl::Status LogState::RetireKey(int64_t number) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> update,
      database_->Prepare("UPDATE log_key SET retired = 1 WHERE number = $1"));
  update->BindInt(1, number);
  return update->Run();
}

}  // namespace subrosa
