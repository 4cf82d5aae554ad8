// An IndexWriter keeps the entries of blind indexes complete while records are
// put, indexes come and go, and parts are erased, in any number of processes.
//
// A record's entries are committed before the record is. Whoever puts reads the
// count of changes (blind_indexes.h) before that, and again after the record's
// commit; if it rose, the entries are added once more: an index may have been
// begun in between, or entries taken out. Whoever builds an index commits it as
// being built before it reads a record; whoever takes entries out counts a
// change with it and then adds what the records still say. So every committed
// record has its entries; one too many is harmless.
//
// Entries are only ever made for a consumer whose key stands in the same
// transaction, so that none outlives an erasure.
//
// Thread-compatible. Errors are those of Connection, besides what is said
// below.
#ifndef SUBROSA_SRC_VAULT_INDEX_WRITER_H_
#define SUBROSA_SRC_VAULT_INDEX_WRITER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/ingest/message_types.h"
#include "src/vault/blind_entries.h"
#include "src/vault/blind_index.h"
#include "src/vault/blind_indexes.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/index_keys.h"
#include "src/vault/indexed_field.h"
#include "src/vault/key_tables.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {

// A record, and whose it is.
struct IndexedRecord {
  const ConsumerHandle* consumer = nullptr;
  const v1::HealthRecord* record = nullptr;
};

// An entry that is to be made.
struct IndexEntry {
  int64_t index = 0;
  IndexPointer pointer;
};

class IndexWriter {
 public:
  // What `tables` refers to must outlive it.
  static absl::StatusOr<std::unique_ptr<IndexWriter>> Open(
      const KeyTables& tables);

  // By which payloads are read; at first, what is linked. Must outlive it.
  void UseTypes(const MessageTypes& types);

  BlindIndexes& indexes() { return indexes_; }
  BlindEntries& entries() { return entries_; }

  // Makes the entries that `records` want and that are missing, durably, and
  // returns the count of changes that they are complete for. Costs nothing but
  // reading that count where there is no index; a slow one costs SlowToken for
  // each value.
  //
  // FAILED_PRECONDITION if the message of an index is not known here.
  absl::StatusOr<int64_t> AddMissing(absl::Span<const IndexedRecord> records);

  // The field of `index`. Valid until UseTypes.
  absl::StatusOr<const IndexedField*> FieldOf(const BlindIndex& index);

  // The inner tokens of what `record` says to `index`.
  absl::StatusOr<std::vector<std::string>> InnerTokens(
      const BlindIndex& index, const IndexedRecord& record);

  // Within a transaction that has seen the present epochs: makes those whose
  // consumer's key stands.
  absl::Status Insert(absl::Span<const IndexEntry> entries);

 private:
  IndexWriter(const KeyTables& tables, BlindIndexes indexes,
              BlindEntries entries)
      : tables_(tables),
        types_(MessageTypes::Linked()),
        indexes_(std::move(indexes)),
        entries_(std::move(entries)) {}

  absl::StatusOr<std::vector<IndexEntry>> Missing(
      absl::Span<const IndexedRecord> records);

  const KeyTables tables_;
  const MessageTypes* types_;
  BlindIndexes indexes_;
  BlindEntries entries_;
  std::unique_ptr<Statement> find_key_;
  // By schema and field.
  std::map<std::pair<std::string, std::string>, IndexedField> fields_;
};

// The pointer of an entry that leads to `consumer`.
IndexPointer PointerTo(const ConsumerHandle& consumer, std::string inner_token);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_INDEX_WRITER_H_
