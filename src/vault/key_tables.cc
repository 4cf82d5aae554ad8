#include "src/vault/key_tables.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::Status CountErasures(const KeyTables& tables, int64_t count) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> add,
      tables.database.Prepare(
          "UPDATE entity SET erasures = erasures + $1 WHERE number = $2"));
  add->BindInt(1, count);
  add->BindInt(2, tables.entity_number);
  return add->Run();
}

absl::StatusOr<std::unique_ptr<ConsumerHandle>> AddKeyVersion(
    const KeyTables& tables, const DirectoryPointer& pointer,
    const ConsumerHandle& consumer, absl::string_view selection,
    int32_t today) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<ConsumerHandle> next,
      tables.consumer_keys.InsertNext(consumer, selection, today));
  DirectoryPointer moved = pointer;
  moved.data_ref = next->data_ref;
  SUBROSA_RETURN_IF_ERROR(tables.directory.Remove(pointer.inner_token));
  SUBROSA_RETURN_IF_ERROR(tables.directory.Insert(moved));
  SUBROSA_RETURN_IF_ERROR(CountErasures(tables, 1));
  return next;
}

absl::Status RemoveKeyVersion(const KeyTables& tables, const KeyRef& ref,
                              absl::string_view data_ref, int32_t today) {
  SUBROSA_RETURN_IF_ERROR(tables.consumer_keys.Remove(ref));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> note,
      tables.database.Prepare("INSERT INTO due_deletion VALUES($1, $2, $3)"
                              " ON CONFLICT DO NOTHING"));
  note->BindInt(1, tables.entity_number);
  note->BindBytes(2, data_ref);
  note->BindInt(3, today);
  SUBROSA_RETURN_IF_ERROR(note->Run());
  return CountErasures(tables, 1);
}

absl::Status VisitConsumerKeys(const KeyTables& tables, KeyVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      tables.database.Prepare(
          "SELECT key_id, version, epoch, wrapped, carried FROM consumer_key"
          " WHERE +entity = $1 ORDER BY row"));
  read->BindInt(1, tables.entity_number);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return absl::OkStatus();
    KeyRef ref;
    read->ColumnBytes(0).copy(reinterpret_cast<char*>(ref.id.data()),
                              ref.id.size());
    ref.version = static_cast<uint32_t>(read->ColumnInt(1));
    const auto epoch = static_cast<uint32_t>(read->ColumnInt(2));
    const EntityKeys* const keys = tables.epochs.Find(epoch);
    if (keys == nullptr) {
      return absl::DataLossError(absl::StrCat(
          "key store: a consumer's key: want an open epoch, got ", epoch));
    }
    SUBROSA_ASSIGN_OR_RETURN(
        const SecretKey key,
        keys->UnwrapConsumerKey(ref, read->ColumnBytes(3)));
    SUBROSA_RETURN_IF_ERROR(visit(ref, key, read->ColumnBytes(4)));
  }
}

absl::Status VisitDirectory(const KeyTables& tables, PointerVisitor visit) {
  for (const EntityKeys* keys : tables.epochs.NewestFirst()) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> read,
        tables.database.Prepare(absl::StrCat("SELECT token, pointer FROM ",
                                             DirectoryTable(keys->epoch()),
                                             " WHERE +entity = $1"
                                             " ORDER BY row")));
    read->BindInt(1, tables.entity_number);
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
      if (!found) break;
      SUBROSA_ASSIGN_OR_RETURN(
          const DirectoryPointer pointer,
          keys->OpenPointer(read->ColumnBytes(0), read->ColumnBytes(1)));
      SUBROSA_RETURN_IF_ERROR(visit(pointer));
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa
