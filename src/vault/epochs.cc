#include "src/vault/epochs.h"

#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

bool IsOpen(EpochState state) {
  return state == EpochState::kEnabled || state == EpochState::kDecryptOnly;
}

}  // namespace

absl::string_view DirectoryTable(uint32_t epoch) {
  return epoch % 2 == 1 ? "directory_odd" : "directory_even";
}

absl::string_view EpochStateName(EpochState state) {
  switch (state) {
    case EpochState::kEnabled:
      return "ENABLED";
    case EpochState::kDecryptOnly:
      return "DECRYPT_ONLY";
    case EpochState::kScheduled:
      return "SCHEDULED";
    case EpochState::kDestroyed:
      return "DESTROYED";
  }
  return "";
}

absl::StatusOr<std::unique_ptr<Epochs>> Epochs::Open(Connection& database,
                                                     KeyProvider& provider,
                                                     absl::string_view entity,
                                                     int64_t entity_number) {
  auto epochs = std::unique_ptr<Epochs>(
      new Epochs(database, provider, entity, entity_number));
  // Epochs are only added, and their states only rise: the sum of both changes
  // with every change.
  SUBROSA_ASSIGN_OR_RETURN(
      epochs->read_mark_,
      database.Prepare("SELECT sum(epoch) + sum(state) FROM epoch"
                       " WHERE entity = $1"));
  SUBROSA_RETURN_IF_ERROR(epochs->Refresh().status());
  return epochs;
}

absl::StatusOr<bool> Epochs::Refresh() {
  read_mark_->BindInt(1, entity_number_);
  SUBROSA_RETURN_IF_ERROR(read_mark_->Step().status());
  const int64_t mark = read_mark_->ColumnInt(0);
  read_mark_->Reset();
  if (mark == mark_) return false;
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochRow> rows, ReadRows());
  // What is new is opened first: if it does not open, nothing has changed.
  std::map<uint32_t, EntityKeys> fresh;
  std::set<uint32_t> open;
  for (const EpochRow& row : rows) {
    if (!IsOpen(row.state)) continue;
    open.insert(row.epoch);
    if (open_.count(row.epoch) != 0) continue;
    SUBROSA_ASSIGN_OR_RETURN(EntityKeys keys, OpenKeys(row));
    fresh.emplace(row.epoch, std::move(keys));
  }
  if (open.empty()) {
    return absl::DataLossError("key store: want an open epoch, got none");
  }
  for (auto at = open_.begin(); at != open_.end();) {
    at = open.count(at->first) != 0 ? std::next(at) : open_.erase(at);
  }
  open_.merge(fresh);
  mark_ = mark;
  return true;
}

absl::Status Epochs::MissingObject(uint32_t epoch) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochObject> objects,
                           provider_.ListEpochs(entity_));
  if (objects.empty() || objects.back().epoch < epoch) {
    return absl::FailedPreconditionError(absl::StrCat(
        "key store: want epoch ", epoch,
        ", whose object the key provider has not, nor any newer: put back the "
        "newest copy of the keyring"));
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "key store: want epoch ", epoch,
      ", whose object the key provider has not any more: this key store is a "
      "copy from before it was destroyed, and is closed for good"));
}

absl::StatusOr<EntityKeys> Epochs::OpenKeys(const EpochRow& row) {
  absl::StatusOr<SecretKey> working =
      provider_.OpenEpoch(entity_, row.epoch, row.working_key);
  if (absl::IsInvalidArgument(working.status())) {
    return absl::DataLossError(
        "key store: the working key does not open; want the keyring that was "
        "made with this key store, whole and unchanged");
  }
  if (absl::IsNotFound(working.status())) return MissingObject(row.epoch);
  if (!working.ok()) return working.status();
  return EntityKeys::Open(*std::move(working), entity_, row.epoch, row.wrapped);
}

const EntityKeys* Epochs::Find(uint32_t epoch) const {
  const auto found = open_.find(epoch);
  return found == open_.end() ? nullptr : &found->second;
}

std::vector<const EntityKeys*> Epochs::NewestFirst() const {
  std::vector<const EntityKeys*> keys;
  for (auto at = open_.rbegin(); at != open_.rend(); ++at) {
    keys.push_back(&at->second);
  }
  return keys;
}

absl::StatusOr<std::vector<EpochRow>> Epochs::ReadRows() {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare(
          "SELECT epoch, state, opened_day, destroy_day, working_key,"
          " inner_key, suppression_key, moved_row, moved_index_row FROM epoch"
          " WHERE entity = $1 ORDER BY epoch"));
  read->BindInt(1, entity_number_);
  std::vector<EpochRow> rows;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return rows;
    EpochRow& row = rows.emplace_back();
    row.epoch = static_cast<uint32_t>(read->ColumnInt(0));
    row.state = static_cast<EpochState>(read->ColumnInt(1));
    row.opened_day = static_cast<int32_t>(read->ColumnInt(2));
    row.destroy_day = static_cast<int32_t>(read->ColumnInt(3));
    row.working_key = std::string(read->ColumnBytes(4));
    row.wrapped.inner = std::string(read->ColumnBytes(5));
    row.wrapped.suppression = std::string(read->ColumnBytes(6));
    row.moved_row = read->ColumnInt(7);
    row.moved_index_row = read->ColumnInt(8);
  }
}

absl::StatusOr<EpochRow> Epochs::ReadRow(uint32_t epoch) {
  SUBROSA_ASSIGN_OR_RETURN(std::vector<EpochRow> rows, ReadRows());
  for (EpochRow& row : rows) {
    if (row.epoch == epoch) return std::move(row);
  }
  return absl::DataLossError(
      absl::StrCat("key store: want epoch ", epoch, ", got none"));
}

absl::Status Epochs::Insert(const EpochRow& row) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      database_.Prepare(
          "INSERT INTO epoch(entity, epoch, opened_day, working_key, inner_key,"
          " suppression_key, state, destroy_day)"
          " VALUES($1, $2, $3, $4, $5, $6, $7, $8)"));
  insert->BindInt(1, entity_number_);
  insert->BindInt(2, row.epoch);
  insert->BindInt(3, row.opened_day);
  insert->BindBytes(4, row.working_key);
  insert->BindBytes(5, row.wrapped.inner);
  insert->BindBytes(6, row.wrapped.suppression);
  insert->BindInt(7, static_cast<int64_t>(row.state));
  insert->BindInt(8, row.destroy_day);
  return insert->Run();
}

absl::Status Epochs::Update(uint32_t epoch, EpochState state,
                            int32_t destroy_day) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> update,
      database_.Prepare("UPDATE epoch SET state = $1, destroy_day = $2"
                        " WHERE entity = $3 AND epoch = $4"));
  update->BindInt(1, static_cast<int64_t>(state));
  update->BindInt(2, destroy_day);
  update->BindInt(3, entity_number_);
  update->BindInt(4, epoch);
  return update->Run();
}

absl::Status Epochs::SetMovedRow(uint32_t epoch, int64_t row) {
  return SetColumn("moved_row", epoch, row);
}

absl::Status Epochs::SetMovedIndexRow(uint32_t epoch, int64_t row) {
  return SetColumn("moved_index_row", epoch, row);
}

absl::Status Epochs::SetColumn(absl::string_view column, uint32_t epoch,
                               int64_t value) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> update,
      database_.Prepare(absl::StrCat("UPDATE epoch SET ", column, " = $1",
                                     " WHERE entity = $2 AND epoch = $3")));
  update->BindInt(1, value);
  update->BindInt(2, entity_number_);
  update->BindInt(3, epoch);
  return update->Run();
}

absl::Status Epochs::Forget(uint32_t epoch, int32_t today) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> update,
      database_.Prepare("UPDATE epoch SET working_key = '', inner_key = '',"
                        " suppression_key = '' WHERE entity = $1"
                        " AND epoch = $2"));
  update->BindInt(1, entity_number_);
  update->BindInt(2, epoch);
  SUBROSA_RETURN_IF_ERROR(update->Run());
  return Update(epoch, EpochState::kDestroyed, today);
}

}  // namespace subrosa
