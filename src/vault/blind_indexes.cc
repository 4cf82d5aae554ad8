#include "src/vault/blind_indexes.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

absl::Status AddChange(Connection& database, int64_t entity_number) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> count,
      database.Prepare("UPDATE entity SET index_changes = index_changes + 1"
                       " WHERE number = $1"));
  count->BindInt(1, entity_number);
  return count->Run();
}

}  // namespace

absl::StatusOr<BlindIndexes> BlindIndexes::Open(Connection& database,
                                                int64_t entity_number) {
  BlindIndexes indexes(database, entity_number);
  SUBROSA_ASSIGN_OR_RETURN(
      indexes.read_changes_,
      database.Prepare("SELECT index_changes FROM entity WHERE number = $1"));
  SUBROSA_RETURN_IF_ERROR(indexes.Refresh());
  return indexes;
}

absl::StatusOr<int64_t> BlindIndexes::ReadChanges() {
  read_changes_->BindInt(1, entity_number_);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read_changes_->Step());
  if (!found) return absl::DataLossError("key store: the entity is gone");
  const int64_t changes = read_changes_->ColumnInt(0);
  read_changes_->Reset();
  return changes;
}

absl::Status BlindIndexes::Refresh() {
  // The count first: a list that is newer is read again next time.
  SUBROSA_ASSIGN_OR_RETURN(const int64_t changes, ReadChanges());
  if (changes == changes_) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_->Prepare(
          "SELECT number, schema, field, bits, partitions, kind, state,"
          " built_to FROM blind_index WHERE entity = $1 ORDER BY number"));
  read->BindInt(1, entity_number_);
  std::vector<BlindIndex> list;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) break;
    BlindIndex& index = list.emplace_back();
    index.number = read->ColumnInt(0);
    index.schema = std::string(read->ColumnBytes(1));
    index.field = std::string(read->ColumnBytes(2));
    index.bits = static_cast<int>(read->ColumnInt(3));
    index.partitions = static_cast<int>(read->ColumnInt(4));
    index.kind = static_cast<IndexKind>(read->ColumnInt(5));
    index.state = static_cast<IndexState>(read->ColumnInt(6));
    index.built_to = std::string(read->ColumnBytes(7));
    if (index.partitions < 1 || IndexStateName(index.state).empty()) {
      return absl::DataLossError(absl::StrCat(
          "key store: index ", index.number,
          ": want partitions and a state that are known, got others"));
    }
  }
  list_ = std::move(list);
  changes_ = changes;
  return absl::OkStatus();
}

const BlindIndex* BlindIndexes::Find(absl::string_view schema,
                                     absl::string_view field) const {
  for (const BlindIndex& index : list_) {
    if (index.schema == schema && index.field == field) return &index;
  }
  return nullptr;
}

absl::StatusOr<int64_t> BlindIndexes::Add(absl::string_view schema,
                                          absl::string_view field,
                                          const IndexVerdict& plan) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> next,
      database_->Prepare("SELECT max(number) FROM blind_index"
                         " WHERE entity = $1"));
  next->BindInt(1, entity_number_);
  SUBROSA_RETURN_IF_ERROR(next->Step().status());
  const int64_t number = next->ColumnInt(0) + 1;
  next->Reset();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      database_->Prepare(
          "INSERT INTO blind_index(entity, number, schema, field, bits,"
          " partitions, kind, state)"
          " VALUES($1, $2, $3, $4, $5, $6, $7, $8)"));
  insert->BindInt(1, entity_number_);
  insert->BindInt(2, number);
  insert->BindText(3, schema);
  insert->BindText(4, field);
  insert->BindInt(5, plan.bits);
  insert->BindInt(6, plan.partitions);
  insert->BindInt(7, static_cast<int64_t>(plan.kind));
  insert->BindInt(8, static_cast<int64_t>(IndexState::kBuilding));
  SUBROSA_RETURN_IF_ERROR(insert->Run());
  SUBROSA_RETURN_IF_ERROR(CountChange());
  return number;
}

absl::Status BlindIndexes::SetState(int64_t number, IndexState state) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> update,
      database_->Prepare("UPDATE blind_index SET state = $1"
                         " WHERE entity = $2 AND number = $3"));
  update->BindInt(1, static_cast<int64_t>(state));
  update->BindInt(2, entity_number_);
  update->BindInt(3, number);
  SUBROSA_RETURN_IF_ERROR(update->Run());
  return CountChange();
}

absl::Status BlindIndexes::Remove(int64_t number) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      database_->Prepare("DELETE FROM blind_index WHERE entity = $1"
                         " AND number = $2"));
  remove->BindInt(1, entity_number_);
  remove->BindInt(2, number);
  SUBROSA_RETURN_IF_ERROR(remove->Run());
  return CountChange();
}

absl::Status BlindIndexes::SetBuiltTo(int64_t number,
                                      absl::string_view key_id) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> update,
      database_->Prepare("UPDATE blind_index SET built_to = $1"
                         " WHERE entity = $2 AND number = $3"));
  update->BindBytes(1, key_id);
  update->BindInt(2, entity_number_);
  update->BindInt(3, number);
  return update->Run();
}

absl::Status BlindIndexes::CountChange() {
  return AddChange(*database_, entity_number_);
}

absl::Status RebuildBlindIndexes(Connection& database, int64_t entity_number) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> update,
      database.Prepare("UPDATE blind_index SET state = $1, built_to = x''"
                       " WHERE entity = $2 AND state <> $3"));
  update->BindInt(1, static_cast<int64_t>(IndexState::kBuilding));
  update->BindInt(2, entity_number);
  update->BindInt(3, static_cast<int64_t>(IndexState::kDropping));
  SUBROSA_RETURN_IF_ERROR(update->Run());
  return AddChange(database, entity_number);
}

}  // namespace subrosa
