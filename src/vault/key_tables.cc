#include "src/vault/key_tables.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/vault/blind_entries.h"

namespace subrosa {

absl::Status RemoveConsumer(const KeyTables& tables,
                            const DirectoryPointer& pointer, int32_t today) {
  const std::string suppression_token =
      tables.epochs.enabled().SuppressionToken(pointer.inner_token);
  struct Step {
    absl::string_view sql;
    absl::string_view bytes;
    bool takes_day;
  };
  const Step steps[] = {
      {"DELETE FROM consumer_key WHERE entity = $1 AND key_id = $2",
       absl::string_view(reinterpret_cast<const char*>(pointer.key_id.data()),
                         pointer.key_id.size()),
       false},
      {"INSERT INTO suppression VALUES($1, $2, $3) ON CONFLICT DO NOTHING",
       suppression_token, true},
      {"INSERT INTO due_deletion VALUES($1, $2, $3) ON CONFLICT DO NOTHING",
       pointer.data_ref, true},
  };
  for (const Step& step : steps) {
    SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> statement,
                             tables.database.Prepare(step.sql));
    statement->BindInt(1, tables.entity_number);
    statement->BindBytes(2, step.bytes);
    if (step.takes_day) statement->BindInt(3, today);
    SUBROSA_RETURN_IF_ERROR(statement->Run());
  }
  SUBROSA_RETURN_IF_ERROR(tables.directory.Remove(pointer.inner_token));
  SUBROSA_RETURN_IF_ERROR(RemoveBlindEntries(
      tables.database, tables.epochs, tables.entity_number, pointer.key_id));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> count,
      tables.database.Prepare(
          "UPDATE entity SET erasures = erasures + 1 WHERE number = $1"));
  count->BindInt(1, tables.entity_number);
  return count->Run();
}

absl::Status VisitConsumerKeys(const KeyTables& tables, KeyVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      tables.database.Prepare(
          "SELECT key_id, version, epoch, wrapped FROM consumer_key"
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
    SUBROSA_RETURN_IF_ERROR(visit(ref, key));
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
