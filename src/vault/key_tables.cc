#include "src/vault/key_tables.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/vault/blind_entries.h"

namespace subrosa {

namespace {

// An erasure, of whatever, that others have to see.
absl::Status CountErasure(const KeyTables& tables) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> count,
      tables.database.Prepare(
          "UPDATE entity SET erasures = erasures + 1 WHERE number = $1"));
  count->BindInt(1, tables.entity_number);
  return count->Run();
}

// Into a table of bytes and a day.
absl::Status Note(const KeyTables& tables, absl::string_view table,
                  absl::string_view bytes, int32_t day) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> insert,
                           tables.database.Prepare(absl::StrCat(
                               "INSERT INTO ", table,
                               " VALUES($1, $2, $3) ON CONFLICT DO NOTHING")));
  insert->BindInt(1, tables.entity_number);
  insert->BindBytes(2, bytes);
  insert->BindInt(3, day);
  return insert->Run();
}

}  // namespace

absl::StatusOr<std::vector<std::string>> RemoveConsumer(
    const KeyTables& tables, const DirectoryPointer& pointer, int32_t today,
    Suppression suppression) {
  std::vector<std::string> data_refs = {pointer.data_ref};
  const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
      tables.consumer_keys.Resolve(pointer);
  if (consumer.ok()) {
    for (const OlderKey& older : (*consumer)->older) {
      data_refs.push_back(older.data_ref);
    }
  } else if (!absl::IsNotFound(consumer.status())) {
    return consumer.status();
  }
  SUBROSA_RETURN_IF_ERROR(tables.consumer_keys.RemoveAll(pointer.key_id));
  SUBROSA_RETURN_IF_ERROR(tables.directory.Remove(pointer.inner_token));
  SUBROSA_RETURN_IF_ERROR(RemoveBlindEntries(
      tables.database, tables.epochs, tables.entity_number, pointer.key_id));
  if (suppression == Suppression::kKept) {
    SUBROSA_RETURN_IF_ERROR(Note(
        tables, "suppression",
        tables.epochs.enabled().SuppressionToken(pointer.inner_token), today));
  }
  for (const std::string& data_ref : data_refs) {
    SUBROSA_RETURN_IF_ERROR(Note(tables, "due_deletion", data_ref, today));
  }
  SUBROSA_RETURN_IF_ERROR(
      Note(tables, "due_deletion", pointer.consumer_ref, today));
  SUBROSA_RETURN_IF_ERROR(CountErasure(tables));
  return data_refs;
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
  SUBROSA_RETURN_IF_ERROR(CountErasure(tables));
  return next;
}

absl::Status RemoveKeyVersion(const KeyTables& tables, const KeyRef& ref,
                              absl::string_view data_ref, int32_t today) {
  SUBROSA_RETURN_IF_ERROR(tables.consumer_keys.Remove(ref));
  SUBROSA_RETURN_IF_ERROR(Note(tables, "due_deletion", data_ref, today));
  return CountErasure(tables);
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
