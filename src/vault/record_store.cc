#include "src/vault/record_store.h"

#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/store/migrations.h"
#include "src/vault/installation.h"
#include "src/vault/record_store_schema.h"

namespace subrosa {
namespace {

// A transaction short enough that others do not wait for it.
constexpr int64_t kRowsDeletedAtOnce = 4000;

constexpr absl::string_view kFactColumns =
    "data_ref, record_ref, revision, schema, source, purpose, categories,"
    " labels, collected_day, effective_day";

// The shape in the columns from `first` on.
RecordShape ReadShape(const Statement& statement, int first) {
  return {statement.ColumnInt(first), statement.ColumnInt(first + 1),
          statement.ColumnInt(first + 2), statement.ColumnInt(first + 3),
          statement.ColumnInt(first + 4)};
}

// The only value of a bound statement; empty if there is none.
absl::StatusOr<std::string> TakeBytes(Statement& statement) {
  SUBROSA_ASSIGN_OR_RETURN(const bool found, statement.Step());
  std::string bytes(found ? statement.ColumnBytes(0) : "");
  statement.Reset();
  return bytes;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordStore>> RecordStore::Open(
    std::unique_ptr<Connection> database, absl::string_view entity,
    absl::string_view installation) {
  SUBROSA_RETURN_IF_ERROR(
      Migrate(*database, "record store", RecordStoreMigrations()));
  SUBROSA_RETURN_IF_ERROR(AdoptInstallation(*database, installation));
  auto store =
      std::unique_ptr<RecordStore>(new RecordStore(std::move(database)));
  SUBROSA_RETURN_IF_ERROR(store->PrepareStatements());
  SUBROSA_ASSIGN_OR_RETURN(store->entity_, store->words_.NumberOf(entity));
  SUBROSA_ASSIGN_OR_RETURN(
      store->counts_, RecordCounts::Open(*store->database_, store->entity_));
  return store;
}

absl::Status RecordStore::PrepareStatements() {
  SUBROSA_ASSIGN_OR_RETURN(outbox_, Outbox::Open(*database_));
  struct Wanted {
    std::unique_ptr<Statement>* statement;
    std::string sql;
  };
  const Wanted wanted[] = {
      {&find_newest_,
       "SELECT revision, digest, schema, source, purpose, categories, labels"
       " FROM record WHERE entity = $1 AND data_ref = $2 AND record_ref = $3"
       " ORDER BY revision DESC LIMIT 1"},
      {&insert_,
       "INSERT INTO record(entity, data_ref, record_ref, revision, schema,"
       " source, purpose, categories, labels, collected_day, effective_day,"
       " digest, row_tag, envelope)"
       " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"},
      {&read_newest_,
       absl::StrCat("SELECT ", kFactColumns,
                    ", digest, row_tag, envelope FROM record WHERE entity = $1"
                    " AND data_ref = $2 AND record_ref = $3"
                    " ORDER BY revision DESC LIMIT 1")},
      {&visit_consumer_, absl::StrCat("SELECT ", kFactColumns,
                                      ", digest, row_tag, envelope FROM record"
                                      " WHERE entity = $1 AND data_ref = $2"
                                      " ORDER BY record_ref, revision")},
      {&visit_facts_,
       absl::StrCat("SELECT ", kFactColumns,
                    " FROM record INDEXED BY record_place WHERE entity = $1"
                    " ORDER BY data_ref, record_ref, revision")},
      // One search in the index for each, however many rows it has.
      {&next_data_ref_,
       "SELECT min(data_ref) FROM record INDEXED BY record_place"
       " WHERE entity = $1 AND data_ref > $2"},
      {&next_record_ref_,
       "SELECT min(record_ref) FROM record INDEXED BY record_place"
       " WHERE entity = $1 AND data_ref = $2 AND record_ref > $3"},
      {&read_revisions_,
       absl::StrCat("SELECT ", kFactColumns,
                    ", digest, row_tag, envelope FROM record WHERE entity = $1"
                    " AND data_ref = $2 AND record_ref = $3"
                    " ORDER BY revision")},
      {&has_row_,
       "SELECT 1 FROM record WHERE entity = $1 AND data_ref = $2"
       " AND record_ref = $3 AND revision = $4"},
      {&delete_row_,
       "DELETE FROM record WHERE entity = $1 AND data_ref = $2"
       " AND record_ref = $3 AND revision = $4"},
      {&has_rows_,
       "SELECT 1 FROM record WHERE entity = $1 AND data_ref = $2 LIMIT 1"},
      {&count_,
       "SELECT count(*) FROM record WHERE entity = $1 AND data_ref = $2"},
      {&delete_some_,
       "DELETE FROM record WHERE row IN (SELECT row FROM record"
       " WHERE entity = $1 AND data_ref = $2"
       " ORDER BY record_ref, revision LIMIT $3)"
       " RETURNING record_ref, revision, schema, source, purpose, categories,"
       " labels"},
  };
  for (const Wanted& each : wanted) {
    SUBROSA_ASSIGN_OR_RETURN(*each.statement, database_->Prepare(each.sql));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<RecordStore::Newest>> RecordStore::FindNewest(
    absl::string_view data_ref, absl::string_view record_ref) {
  find_newest_->BindInt(1, entity_);
  find_newest_->BindBytes(2, data_ref);
  find_newest_->BindBytes(3, record_ref);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, find_newest_->Step());
  if (!found) return std::nullopt;
  Newest newest{static_cast<uint32_t>(find_newest_->ColumnInt(0)),
                std::string(find_newest_->ColumnBytes(1)),
                ReadShape(*find_newest_, 2)};
  find_newest_->Reset();
  return newest;
}

absl::StatusOr<bool> RecordStore::ReadNewest(absl::string_view data_ref,
                                             absl::string_view record_ref,
                                             RecordRow* row) {
  read_newest_->BindInt(1, entity_);
  read_newest_->BindBytes(2, data_ref);
  read_newest_->BindBytes(3, record_ref);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, read_newest_->Step());
  if (!found) return false;
  const absl::Status read = ReadRow(*read_newest_, /*sealed=*/true, row);
  read_newest_->Reset();
  if (!read.ok()) return read;
  return true;
}

absl::Status RecordStore::LearnWords(absl::string_view schema,
                                     absl::string_view source,
                                     absl::string_view purpose) {
  for (const absl::string_view word : {schema, source, purpose}) {
    SUBROSA_RETURN_IF_ERROR(words_.NumberOf(word).status());
  }
  return absl::OkStatus();
}

absl::Status RecordStore::CheckIsOpen() const {
  return counts_->is_open()
             ? absl::OkStatus()
             : absl::InternalError(
                   "record store: want a transaction that counts what it "
                   "changes, got none");
}

absl::Status RecordStore::Insert(const RecordRow& row,
                                 const std::optional<Newest>& before) {
  SUBROSA_RETURN_IF_ERROR(CheckIsOpen());
  RecordShape shape;
  SUBROSA_ASSIGN_OR_RETURN(shape.schema, words_.NumberOf(row.facts.schema));
  SUBROSA_ASSIGN_OR_RETURN(shape.source, words_.NumberOf(row.facts.source));
  SUBROSA_ASSIGN_OR_RETURN(shape.purpose, words_.NumberOf(row.facts.purpose));
  shape.categories = CategoriesColumn(row.facts);
  shape.labels = static_cast<int64_t>(row.facts.labels);
  insert_->BindInt(1, entity_);
  insert_->BindBytes(2, row.place.data_ref);
  insert_->BindBytes(3, row.place.record_ref);
  insert_->BindInt(4, row.place.revision);
  insert_->BindInt(5, shape.schema);
  insert_->BindInt(6, shape.source);
  insert_->BindInt(7, shape.purpose);
  insert_->BindInt(8, shape.categories);
  insert_->BindInt(9, shape.labels);
  insert_->BindInt(10, row.facts.collected_day);
  insert_->BindInt(11, row.facts.effective_day);
  insert_->BindBytes(12, row.digest);
  insert_->BindBytes(13, row.row_tag);
  insert_->BindBytes(14, row.envelope);
  SUBROSA_RETURN_IF_ERROR(insert_->Run());
  if (before.has_value()) {
    if (before->revision > row.place.revision) return absl::OkStatus();
    counts_->Add(before->shape, -1);
  }
  counts_->Add(shape, 1);
  return absl::OkStatus();
}

void RecordStore::BindPlace(const RowPlace& place, Statement* statement) const {
  statement->BindInt(1, entity_);
  statement->BindBytes(2, place.data_ref);
  statement->BindBytes(3, place.record_ref);
  statement->BindInt(4, place.revision);
}

absl::StatusOr<bool> RecordStore::HasRow(const RowPlace& place) {
  BindPlace(place, has_row_.get());
  const absl::StatusOr<bool> found = has_row_->Step();
  has_row_->Reset();
  return found;
}

absl::Status RecordStore::DeleteRow(const RowPlace& place) {
  SUBROSA_RETURN_IF_ERROR(CheckIsOpen());
  SUBROSA_ASSIGN_OR_RETURN(const std::optional<Newest> before,
                           FindNewest(place.data_ref, place.record_ref));
  BindPlace(place, delete_row_.get());
  SUBROSA_RETURN_IF_ERROR(delete_row_->Run());
  if (!before.has_value() || before->revision != place.revision) {
    return absl::OkStatus();
  }
  // The one before it, if there is one, is the newest now.
  counts_->Add(before->shape, -1);
  SUBROSA_ASSIGN_OR_RETURN(const std::optional<Newest> now,
                           FindNewest(place.data_ref, place.record_ref));
  if (now.has_value()) counts_->Add(now->shape, 1);
  return absl::OkStatus();
}

absl::StatusOr<ReadTransaction> RecordStore::BeginReading() {
  SUBROSA_ASSIGN_OR_RETURN(ReadTransaction reading,
                           ReadTransaction::Begin(*database_));
  // It is the first statement that settles of when.
  SUBROSA_RETURN_IF_ERROR(outbox_->ReadIssued().status());
  return reading;
}

absl::StatusOr<std::string> RecordStore::NextRecordRef(
    absl::string_view data_ref, absl::string_view after) {
  next_record_ref_->BindInt(1, entity_);
  next_record_ref_->BindBytes(2, data_ref);
  next_record_ref_->BindBytes(3, after);
  return TakeBytes(*next_record_ref_);
}

absl::StatusOr<std::string> RecordStore::NextDataRef(absl::string_view after) {
  next_data_ref_->BindInt(1, entity_);
  next_data_ref_->BindBytes(2, after);
  return TakeBytes(*next_data_ref_);
}

absl::StatusOr<bool> RecordStore::HasRows(absl::string_view data_ref) {
  has_rows_->BindInt(1, entity_);
  has_rows_->BindBytes(2, data_ref);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, has_rows_->Step());
  has_rows_->Reset();
  return found;
}

absl::StatusOr<int64_t> RecordStore::CountRows(absl::string_view data_ref) {
  count_->BindInt(1, entity_);
  count_->BindBytes(2, data_ref);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, count_->Step());
  const int64_t count = found ? count_->ColumnInt(0) : 0;
  count_->Reset();
  return count;
}

absl::StatusOr<int64_t> RecordStore::DeleteSomeOf(absl::string_view data_ref,
                                                  int64_t limit) {
  delete_some_->BindInt(1, entity_);
  delete_some_->BindBytes(2, data_ref);
  delete_some_->BindInt(3, limit);
  // Of each record the newest that was deleted.
  std::map<std::string, Newest> deleted;
  int64_t rows = 0;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, delete_some_->Step());
    if (!found) break;
    ++rows;
    Newest& newest = deleted[std::string(delete_some_->ColumnBytes(0))];
    const auto revision = static_cast<uint32_t>(delete_some_->ColumnInt(1));
    if (revision < newest.revision) continue;
    newest = {revision, "", ReadShape(*delete_some_, 2)};
  }
  if (rows == limit) {
    // They go in the order of records: of the last, newer ones may stand.
    const auto last = std::prev(deleted.end());
    SUBROSA_ASSIGN_OR_RETURN(const std::optional<Newest> stands,
                             FindNewest(data_ref, last->first));
    if (stands.has_value()) deleted.erase(last);
  }
  for (const auto& [record_ref, newest] : deleted) {
    counts_->Add(newest.shape, -1);
  }
  return rows;
}

absl::StatusOr<int64_t> RecordStore::DeleteSome(
    absl::Span<const std::string> data_refs, int64_t limit, int32_t today,
    int64_t keys_seen) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, Begin());
  int64_t rows = 0;
  for (const std::string& data_ref : data_refs) {
    if (rows == limit) break;
    SUBROSA_ASSIGN_OR_RETURN(const int64_t deleted,
                             DeleteSomeOf(data_ref, limit - rows));
    rows += deleted;
  }
  if (rows == 0) return 0;
  Leaf leaf = NewLeaf(LeafKind::kRecordsDeleted, today);
  leaf.numbers = {static_cast<uint64_t>(rows)};
  SUBROSA_ASSIGN_OR_RETURN(const std::string entry, SerializeLeaf(leaf));
  SUBROSA_RETURN_IF_ERROR(AppendEntries({entry}, keys_seen));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return rows;
}

absl::StatusOr<int64_t> RecordStore::DeleteRows(
    absl::Span<const std::string> data_refs, int32_t today, int64_t keys_seen) {
  int64_t deleted = 0;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(
        const int64_t rows,
        DeleteSome(data_refs, kRowsDeletedAtOnce, today, keys_seen));
    deleted += rows;
    if (rows < kRowsDeletedAtOnce) return deleted;
  }
}

}  // namespace subrosa
