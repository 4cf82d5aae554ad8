// The RecordStore keeps sealed records in the record store's tables. It holds
// no key and can open nothing; what a row means is the vault's business.
//
// Thread-compatible. Errors are those of Connection, besides what is said
// below.
#ifndef SUBROSA_SRC_VAULT_RECORD_STORE_H_
#define SUBROSA_SRC_VAULT_RECORD_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/store/connection.h"
#include "src/store/outbox.h"
#include "src/vault/record_counts.h"
#include "src/vault/record_row.h"
#include "src/vault/record_words.h"

namespace subrosa {

class RecordStore {
 public:
  // Takes over `database`, brings its tables up to date and opens the records
  // of `entity`, a slug. `installation` (16 bytes) names the pair of stores: a
  // new database takes it on, an old one must already have it.
  //
  // FAILED_PRECONDITION if the database belongs to another installation. One
  // that is up to date is only read.
  static absl::StatusOr<std::unique_ptr<RecordStore>> Open(
      std::unique_ptr<Connection> database, absl::string_view entity,
      absl::string_view installation);

  // Begins a transaction on this store's database, with which what changes is
  // counted (record_counts.h), or one that only reads, as of now.
  absl::StatusOr<Transaction> Begin() { return counts_->Begin(); }
  absl::StatusOr<ReadTransaction> BeginReading();

  // The newest revision of a record.
  struct Newest {
    uint32_t revision = 0;
    std::string digest;
    RecordShape shape;
  };
  absl::StatusOr<std::optional<Newest>> FindNewest(
      absl::string_view data_ref, absl::string_view record_ref);

  // Reads the newest revision of a record into `row`; false if there is none.
  absl::StatusOr<bool> ReadNewest(absl::string_view data_ref,
                                  absl::string_view record_ref, RecordRow* row);

  // Makes the words of rows to come known to this store. Call it outside of a
  // transaction: what a rolled-back one learned would be forgotten.
  absl::Status LearnWords(absl::string_view schema, absl::string_view source,
                          absl::string_view purpose);

  // Within a transaction of Begin: adds one row, whose words are known.
  // `before` is what FindNewest says of its record. ALREADY_EXISTS if its place
  // is taken.
  absl::Status Insert(const RecordRow& row,
                      const std::optional<Newest>& before);

  // Visits the newest revision of each record, of one consumer, or of all,
  // those of one consumer together. Stops at the first error of `visit` and
  // returns it. `visit` must not write to this store. Memory does not grow with
  // the number of rows.
  using RowVisitor = absl::FunctionRef<absl::Status(const RecordRow&)>;
  absl::Status VisitConsumer(absl::string_view data_ref, RowVisitor visit);
  // Every row of one consumer, old revisions included.
  absl::Status VisitRevisions(absl::string_view data_ref, RowVisitor visit);
  // All, newest revisions, without envelope, digest and tag, which stay empty.
  absl::Status VisitFacts(RowVisitor visit);
  // All, newest revisions, counted as they were written: no row is read.
  absl::StatusOr<std::vector<HeldRecords>> ReadHeld();

  // All revisions of one record, rising; without envelope, digest and tag
  // unless `sealed`.
  absl::StatusOr<std::vector<RecordRow>> ReadRevisions(
      absl::string_view data_ref, absl::string_view record_ref, bool sealed);
  // Whether a row stands at `place`. Delete: within a transaction of Begin that
  // tells the log of it; harmless if there is none.
  absl::StatusOr<bool> HasRow(const RowPlace& place);
  absl::Status DeleteRow(const RowPlace& place);

  // The least record_ref above `after` under `data_ref`, as NextDataRef.
  absl::StatusOr<std::string> NextRecordRef(absl::string_view data_ref,
                                            absl::string_view after);

  // The least data_ref above `after` that has rows; empty if there is none. ""
  // is below all.
  absl::StatusOr<std::string> NextDataRef(absl::string_view after);

  // Whether, and how many rows stand under `data_ref`, old revisions included.
  absl::StatusOr<bool> HasRows(absl::string_view data_ref);
  absl::StatusOr<int64_t> CountRows(absl::string_view data_ref);

  // Deletes rows under `data_refs`, `limit` at most, in one transaction that
  // leaves an entry in the outbox, dated `today`. Returns how many there were:
  // fewer than the limit if none is left. `keys_seen` is the key store outbox's
  // ReadIssued from before.
  absl::StatusOr<int64_t> DeleteSome(absl::Span<const std::string> data_refs,
                                     int64_t limit, int32_t today,
                                     int64_t keys_seen);

  // Deletes every row under each of `data_refs`, some thousand at a time, and
  // returns how many there were. After an error, or a kill, part of them may be
  // gone; calling again goes on.
  absl::StatusOr<int64_t> DeleteRows(absl::Span<const std::string> data_refs,
                                     int32_t today, int64_t keys_seen);

  // Puts log entries into the outbox, within a transaction.
  absl::Status AppendEntries(absl::Span<const std::string> entries,
                             int64_t keys_seen) {
    return outbox_->Append(entries, keys_seen).status();
  }

  // How far the outbox has got.
  absl::StatusOr<int64_t> ReadIssued() { return outbox_->ReadIssued(); }

  // For what else has tables there, and the entity's number in them. Valid
  // while this object lives.
  Connection& database() { return *database_; }
  int64_t entity_number() const { return entity_; }

  // See Connection::FlushJournal.
  absl::Status FlushJournal(absl::Duration patience) {
    return database_->FlushJournal(patience);
  }

 private:
  explicit RecordStore(std::unique_ptr<Connection> database)
      : database_(std::move(database)), words_(*database_) {}

  absl::Status PrepareStatements();

  absl::Status CheckIsOpen() const;

  // Deletes rows under `data_ref`, `limit` at most, within a transaction.
  absl::StatusOr<int64_t> DeleteSomeOf(absl::string_view data_ref,
                                       int64_t limit);

  void BindPlace(const RowPlace& place, Statement* statement) const;

  // Reads the row that `statement` stands at.
  absl::Status ReadRow(const Statement& statement, bool sealed, RecordRow* row);
  absl::Status Visit(Statement& statement, bool sealed, RowVisitor visit);

  std::unique_ptr<Connection> database_;
  std::optional<Outbox> outbox_;
  int64_t entity_ = 0;
  RecordWords words_;
  std::unique_ptr<RecordCounts> counts_;
  std::unique_ptr<Statement> find_newest_;
  std::unique_ptr<Statement> read_newest_;
  std::unique_ptr<Statement> insert_;
  std::unique_ptr<Statement> visit_consumer_;
  std::unique_ptr<Statement> visit_facts_;
  std::unique_ptr<Statement> next_data_ref_;
  std::unique_ptr<Statement> next_record_ref_;
  std::unique_ptr<Statement> read_revisions_;
  std::unique_ptr<Statement> has_row_;
  std::unique_ptr<Statement> delete_row_;
  std::unique_ptr<Statement> has_rows_;
  std::unique_ptr<Statement> count_;
  std::unique_ptr<Statement> delete_some_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_RECORD_STORE_H_
