#include "src/vault/index_writer.h"

#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/store/connection.h"
#include "src/vault/entity_keys.h"

namespace subrosa {

IndexPointer PointerTo(const ConsumerHandle& consumer,
                       std::string inner_token) {
  IndexPointer pointer;
  pointer.inner_token = std::move(inner_token);
  pointer.data_ref = consumer.data_ref;
  pointer.consumer_ref = consumer.consumer_ref;
  pointer.key_id = consumer.key_ref.id;
  return pointer;
}

absl::StatusOr<std::unique_ptr<IndexWriter>> IndexWriter::Open(
    const KeyTables& tables) {
  SUBROSA_ASSIGN_OR_RETURN(
      BlindIndexes indexes,
      BlindIndexes::Open(tables.database, tables.entity_number));
  SUBROSA_ASSIGN_OR_RETURN(
      BlindEntries entries,
      BlindEntries::Open(tables.database, tables.epochs, tables.entity_number));
  auto writer = std::unique_ptr<IndexWriter>(
      new IndexWriter(tables, std::move(indexes), std::move(entries)));
  SUBROSA_ASSIGN_OR_RETURN(
      writer->find_key_,
      tables.database.Prepare("SELECT 1 FROM consumer_key WHERE entity = $1"
                              " AND key_id = $2 LIMIT 1"));
  return writer;
}

void IndexWriter::UseTypes(const MessageTypes& types) {
  types_ = &types;
  fields_.clear();
}

absl::StatusOr<const IndexedField*> IndexWriter::FieldOf(
    const BlindIndex& index) {
  const auto key = std::make_pair(index.schema, index.field);
  const auto known = fields_.find(key);
  if (known != fields_.end()) return &known->second;
  SUBROSA_ASSIGN_OR_RETURN(
      IndexedField field,
      IndexedField::Resolve(index.schema, index.field, *types_));
  return &fields_.emplace(key, std::move(field)).first->second;
}

absl::StatusOr<std::vector<std::string>> IndexWriter::InnerTokens(
    const BlindIndex& index, const IndexedRecord& record) {
  std::vector<std::string> tokens;
  const absl::string_view url = record.record->payload().type_url();
  if (url.substr(url.rfind('/') + 1) != index.schema) return tokens;
  SUBROSA_ASSIGN_OR_RETURN(const IndexedField* const field, FieldOf(index));
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<std::string> values,
                           field->ValuesIn(*record.record));
  const IndexKeys& keys = tables_.epochs.enabled().index();
  const int partition = keys.PartitionOf(index, record.consumer->key_ref.id);
  for (const std::string& value : values) {
    SUBROSA_ASSIGN_OR_RETURN(const std::string token,
                             keys.ValueToken(index, value));
    tokens.push_back(IndexKeys::InnerToken(index, token, partition));
  }
  return tokens;
}

absl::StatusOr<std::vector<IndexEntry>> IndexWriter::Missing(
    absl::Span<const IndexedRecord> records) {
  std::vector<IndexEntry> missing;
  for (const BlindIndex& index : indexes_.list()) {
    if (index.state == IndexState::kDropping) continue;
    for (const IndexedRecord& record : records) {
      SUBROSA_ASSIGN_OR_RETURN(std::vector<std::string> tokens,
                               InnerTokens(index, record));
      for (std::string& token : tokens) {
        SUBROSA_ASSIGN_OR_RETURN(
            const bool stands,
            entries_.Has(index.number, token, record.consumer->key_ref.id));
        if (stands) continue;
        missing.push_back(
            {index.number, PointerTo(*record.consumer, std::move(token))});
      }
    }
  }
  return missing;
}

absl::StatusOr<int64_t> IndexWriter::AddMissing(
    absl::Span<const IndexedRecord> records) {
  for (;;) {
    SUBROSA_RETURN_IF_ERROR(indexes_.Refresh());
    const int64_t changes = indexes_.changes();
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<IndexEntry> missing,
                             Missing(records));
    if (missing.empty()) return changes;
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             Transaction::Begin(tables_.database));
    SUBROSA_ASSIGN_OR_RETURN(const int64_t now, indexes_.ReadChanges());
    // An index that was dropped meanwhile must get no entry.
    if (now != changes) continue;
    SUBROSA_RETURN_IF_ERROR(tables_.epochs.Refresh().status());
    SUBROSA_RETURN_IF_ERROR(Insert(missing));
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
    return changes;
  }
}

absl::Status IndexWriter::Insert(absl::Span<const IndexEntry> entries) {
  for (const IndexEntry& entry : entries) {
    find_key_->BindInt(1, tables_.entity_number);
    find_key_->BindBytes(2, absl::string_view(reinterpret_cast<const char*>(
                                                  entry.pointer.key_id.data()),
                                              entry.pointer.key_id.size()));
    SUBROSA_ASSIGN_OR_RETURN(const bool stands, find_key_->Step());
    find_key_->Reset();
    if (!stands) continue;
    SUBROSA_RETURN_IF_ERROR(entries_.Insert(entry.index, entry.pointer));
  }
  return absl::OkStatus();
}

}  // namespace subrosa
