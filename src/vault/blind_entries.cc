#include "src/vault/blind_entries.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "src/base/status_macros.h"
#include "src/vault/entity_keys.h"

namespace subrosa {
namespace {

absl::string_view View(const KeyId& id) {
  return absl::string_view(reinterpret_cast<const char*>(id.data()), id.size());
}

}  // namespace

absl::string_view BlindEntryTable(uint32_t epoch) {
  return epoch % 2 == 1 ? "blind_entry_odd" : "blind_entry_even";
}

absl::StatusOr<BlindEntries> BlindEntries::Open(Connection& database,
                                                Epochs& epochs,
                                                int64_t entity_number) {
  BlindEntries entries(database, epochs, entity_number);
  struct Wanted {
    Statements* statements;
    absl::string_view sql;
  };
  const Wanted wanted[] = {
      {&entries.has_,
       "SELECT 1 FROM TABLE WHERE entity = $1 AND blind_index = $2"
       " AND token = $3 AND owner = $4"},
      {&entries.insert_,
       "INSERT INTO TABLE(entity, blind_index, token, owner, pointer)"
       " VALUES($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"},
      {&entries.find_,
       "SELECT pointer FROM TABLE WHERE entity = $1 AND blind_index = $2"
       " AND token = $3"},
      {&entries.remove_owned_,
       "DELETE FROM TABLE WHERE entity = $1 AND blind_index = $2"
       " AND owner = $3"},
  };
  for (const Wanted& each : wanted) {
    for (const uint32_t parity : {0, 1}) {
      SUBROSA_ASSIGN_OR_RETURN(
          (*each.statements)[parity],
          database.Prepare(absl::StrReplaceAll(
              each.sql, {{"TABLE", BlindEntryTable(parity)}})));
    }
  }
  return entries;
}

absl::StatusOr<bool> BlindEntries::Has(int64_t index,
                                       absl::string_view inner_token,
                                       const KeyId& key_id) {
  for (const EntityKeys* const keys : epochs_->NewestFirst()) {
    const std::string token = keys->index().Token(index, inner_token);
    const std::string owner = keys->index().Owner(index, key_id);
    Statement& has = *has_[keys->epoch() % 2];
    has.BindInt(1, entity_number_);
    has.BindInt(2, index);
    has.BindBytes(3, token);
    has.BindBytes(4, owner);
    SUBROSA_ASSIGN_OR_RETURN(const bool found, has.Step());
    has.Reset();
    if (found) return true;
  }
  return false;
}

absl::Status BlindEntries::Insert(int64_t index, const IndexPointer& pointer) {
  const EntityKeys& keys = epochs_->enabled();
  const std::string token = keys.index().Token(index, pointer.inner_token);
  const std::string owner = keys.index().Owner(index, pointer.key_id);
  SUBROSA_ASSIGN_OR_RETURN(const std::string sealed,
                           keys.index().SealPointer(index, token, pointer));
  Statement& insert = *insert_[keys.epoch() % 2];
  insert.BindInt(1, entity_number_);
  insert.BindInt(2, index);
  insert.BindBytes(3, token);
  insert.BindBytes(4, owner);
  insert.BindBytes(5, sealed);
  return insert.Run();
}

absl::StatusOr<std::vector<IndexPointer>> BlindEntries::FindAll(
    int64_t index, absl::string_view inner_token) {
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           ReadTransaction::Begin(*database_));
  SUBROSA_RETURN_IF_ERROR(epochs_->Refresh().status());
  std::vector<IndexPointer> found;
  absl::flat_hash_set<std::string> seen;
  for (const EntityKeys* const keys : epochs_->NewestFirst()) {
    const std::string token = keys->index().Token(index, inner_token);
    Statement& find = *find_[keys->epoch() % 2];
    find.BindInt(1, entity_number_);
    find.BindInt(2, index);
    find.BindBytes(3, token);
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool has_more, find.Step());
      if (!has_more) break;
      absl::StatusOr<IndexPointer> pointer =
          keys->index().OpenPointer(index, token, find.ColumnBytes(0));
      if (!pointer.ok()) {
        find.Reset();
        return pointer.status();
      }
      if (seen.insert(std::string(View(pointer->key_id))).second) {
        found.push_back(*std::move(pointer));
      }
    }
  }
  return found;
}

absl::Status BlindEntries::RemoveAll(int64_t index, const KeyId& key_id) {
  for (const EntityKeys* const keys : epochs_->NewestFirst()) {
    const std::string owner = keys->index().Owner(index, key_id);
    Statement& remove = *remove_owned_[keys->epoch() % 2];
    remove.BindInt(1, entity_number_);
    remove.BindInt(2, index);
    remove.BindBytes(3, owner);
    SUBROSA_RETURN_IF_ERROR(remove.Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> BlindEntries::RemoveSome(int64_t index, int64_t limit) {
  int64_t removed = 0;
  for (const EntityKeys* const keys : epochs_->NewestFirst()) {
    const absl::string_view table = BlindEntryTable(keys->epoch());
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> remove,
        database_->Prepare(absl::StrCat(
            "DELETE FROM ", table, " WHERE row IN (SELECT row FROM ", table,
            " WHERE entity = $1 AND blind_index = $2 LIMIT $3)")));
    remove->BindInt(1, entity_number_);
    remove->BindInt(2, index);
    remove->BindInt(3, limit - removed);
    SUBROSA_RETURN_IF_ERROR(remove->Run());
    removed += database_->Changes();
  }
  return removed;
}

absl::StatusOr<std::vector<int64_t>> ReadBlindIndexNumbers(
    Connection& database, int64_t entity_number) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database.Prepare("SELECT number FROM blind_index WHERE entity = $1"));
  read->BindInt(1, entity_number);
  std::vector<int64_t> indexes;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return indexes;
    indexes.push_back(read->ColumnInt(0));
  }
}

absl::Status RemoveBlindEntries(Connection& database, const Epochs& epochs,
                                int64_t entity_number,
                                absl::Span<const int64_t> indexes,
                                const KeyId& key_id) {
  if (indexes.empty()) return absl::OkStatus();
  for (const EntityKeys* const keys : epochs.NewestFirst()) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> remove,
        database.Prepare(absl::StrCat(
            "DELETE FROM ", BlindEntryTable(keys->epoch()),
            " WHERE entity = $1 AND blind_index = $2 AND owner = $3")));
    for (const int64_t index : indexes) {
      const std::string owner = keys->index().Owner(index, key_id);
      remove->BindInt(1, entity_number);
      remove->BindInt(2, index);
      remove->BindBytes(3, owner);
      SUBROSA_RETURN_IF_ERROR(remove->Run());
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa
