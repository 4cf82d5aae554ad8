#include "src/vault/consumer_removal.h"

#include "src/base/status_macros.h"
#include "src/vault/blind_entries.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/consumer_keys.h"
#include "src/vault/entity_keys.h"

namespace subrosa {

absl::StatusOr<ConsumerRemoval> ConsumerRemoval::Begin(const KeyTables& tables,
                                                       int32_t today) {
  ConsumerRemoval removal(tables, today);
  SUBROSA_ASSIGN_OR_RETURN(
      removal.indexes_,
      ReadBlindIndexNumbers(tables.database, tables.entity_number));
  SUBROSA_ASSIGN_OR_RETURN(
      removal.suppress_,
      tables.database.Prepare("INSERT INTO suppression VALUES($1, $2, $3)"
                              " ON CONFLICT DO NOTHING"));
  SUBROSA_ASSIGN_OR_RETURN(
      removal.note_due_,
      tables.database.Prepare("INSERT INTO due_deletion VALUES($1, $2, $3)"
                              " ON CONFLICT DO NOTHING"));
  return removal;
}

absl::Status ConsumerRemoval::Note(Statement& insert, absl::string_view bytes) {
  insert.BindInt(1, tables_.entity_number);
  insert.BindBytes(2, bytes);
  insert.BindInt(3, today_);
  return insert.Run();
}

absl::StatusOr<std::vector<std::string>> ConsumerRemoval::Remove(
    const DirectoryPointer& pointer, Suppression suppression) {
  std::vector<std::string> data_refs = {pointer.data_ref};
  // Where older versions' rows stand is known under the keys alone.
  SUBROSA_ASSIGN_OR_RETURN(const bool has_older,
                           tables_.consumer_keys.HasRetiring(pointer.key_id));
  if (has_older) {
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
        tables_.consumer_keys.Resolve(pointer);
    if (consumer.ok()) {
      for (const OlderKey& older : (*consumer)->older) {
        data_refs.push_back(older.data_ref);
      }
    } else if (!absl::IsNotFound(consumer.status())) {
      return consumer.status();
    }
  }
  SUBROSA_RETURN_IF_ERROR(tables_.consumer_keys.RemoveAll(pointer.key_id));
  SUBROSA_RETURN_IF_ERROR(tables_.directory.Remove(pointer.inner_token));
  SUBROSA_RETURN_IF_ERROR(RemoveBlindEntries(tables_.database, tables_.epochs,
                                             tables_.entity_number, indexes_,
                                             pointer.key_id));
  if (suppression == Suppression::kKept) {
    const std::string token =
        tables_.epochs.enabled().SuppressionToken(pointer.inner_token);
    SUBROSA_RETURN_IF_ERROR(Note(*suppress_, token));
  }
  for (const std::string& data_ref : data_refs) {
    SUBROSA_RETURN_IF_ERROR(Note(*note_due_, data_ref));
  }
  SUBROSA_RETURN_IF_ERROR(Note(*note_due_, pointer.consumer_ref));
  ++removed_;
  return data_refs;
}

absl::Status ConsumerRemoval::Finish() {
  return CountErasures(tables_, removed_);
}

}  // namespace subrosa
