#include "src/vault/record_store.h"

#include <cstdint>
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
  SUBROSA_ASSIGN_OR_RETURN(store->entity_, store->NumberOf(entity));
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
       "SELECT revision, digest FROM record WHERE entity = $1 AND data_ref = $2"
       " AND record_ref = $3 ORDER BY revision DESC LIMIT 1"},
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
       " WHERE entity = $1 AND data_ref = $2 LIMIT $3)"},
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
                std::string(find_newest_->ColumnBytes(1))};
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
    SUBROSA_RETURN_IF_ERROR(NumberOf(word).status());
  }
  return absl::OkStatus();
}

absl::Status RecordStore::Insert(const RecordRow& row) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t schema, NumberOf(row.facts.schema));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t source, NumberOf(row.facts.source));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t purpose, NumberOf(row.facts.purpose));
  insert_->BindInt(1, entity_);
  insert_->BindBytes(2, row.place.data_ref);
  insert_->BindBytes(3, row.place.record_ref);
  insert_->BindInt(4, row.place.revision);
  insert_->BindInt(5, schema);
  insert_->BindInt(6, source);
  insert_->BindInt(7, purpose);
  insert_->BindInt(8, CategoriesColumn(row.facts));
  insert_->BindInt(9, static_cast<int64_t>(row.facts.labels));
  insert_->BindInt(10, row.facts.collected_day);
  insert_->BindInt(11, row.facts.effective_day);
  insert_->BindBytes(12, row.digest);
  insert_->BindBytes(13, row.row_tag);
  insert_->BindBytes(14, row.envelope);
  return insert_->Run();
}

absl::Status RecordStore::ReadRow(const Statement& statement, bool sealed,
                                  RecordRow* row) {
  const auto read = [&](int column, std::string* value) {
    const absl::string_view bytes = statement.ColumnBytes(column);
    value->assign(bytes.data(), bytes.size());
  };
  read(0, &row->place.data_ref);
  read(1, &row->place.record_ref);
  row->place.revision = static_cast<uint32_t>(statement.ColumnInt(2));
  SUBROSA_RETURN_IF_ERROR(ReadWord(statement.ColumnInt(3), &row->facts.schema));
  SUBROSA_RETURN_IF_ERROR(ReadWord(statement.ColumnInt(4), &row->facts.source));
  SUBROSA_RETURN_IF_ERROR(
      ReadWord(statement.ColumnInt(5), &row->facts.purpose));
  ReadCategoriesColumn(statement.ColumnInt(6), &row->facts);
  row->facts.labels = static_cast<uint64_t>(statement.ColumnInt(7));
  row->facts.collected_day = static_cast<int32_t>(statement.ColumnInt(8));
  row->facts.effective_day = static_cast<int32_t>(statement.ColumnInt(9));
  if (sealed) {
    read(10, &row->digest);
    read(11, &row->row_tag);
    read(12, &row->envelope);
  }
  return absl::OkStatus();
}

// Revisions of a record come in rising order; a row is its record's newest when
// the next row is of another record. So the visit runs one row behind.
absl::Status RecordStore::Visit(Statement& statement, bool sealed,
                                RowVisitor visit) {
  RecordRow rows[2];
  bool pending = false;
  int current = 0;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, statement.Step());
    if (!found) break;
    RecordRow& row = rows[current];
    const RecordRow& previous = rows[1 - current];
    absl::Status status = ReadRow(statement, sealed, &row);
    if (status.ok() && pending &&
        (previous.place.record_ref != row.place.record_ref ||
         previous.place.data_ref != row.place.data_ref)) {
      status = visit(previous);
    }
    if (!status.ok()) {
      statement.Reset();
      return status;
    }
    pending = true;
    current = 1 - current;
  }
  return pending ? visit(rows[1 - current]) : absl::OkStatus();
}

absl::Status RecordStore::VisitConsumer(absl::string_view data_ref,
                                        RowVisitor visit) {
  visit_consumer_->BindInt(1, entity_);
  visit_consumer_->BindBytes(2, data_ref);
  return Visit(*visit_consumer_, /*sealed=*/true, visit);
}

absl::Status RecordStore::VisitRevisions(absl::string_view data_ref,
                                         RowVisitor visit) {
  visit_consumer_->BindInt(1, entity_);
  visit_consumer_->BindBytes(2, data_ref);
  RecordRow row;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, visit_consumer_->Step());
    if (!found) return absl::OkStatus();
    absl::Status status = ReadRow(*visit_consumer_, /*sealed=*/true, &row);
    if (status.ok()) status = visit(row);
    if (!status.ok()) {
      visit_consumer_->Reset();
      return status;
    }
  }
}

absl::Status RecordStore::VisitFacts(RowVisitor visit) {
  visit_facts_->BindInt(1, entity_);
  return Visit(*visit_facts_, /*sealed=*/false, visit);
}

absl::StatusOr<std::vector<RecordRow>> RecordStore::ReadRevisions(
    absl::string_view data_ref, absl::string_view record_ref, bool sealed) {
  read_revisions_->BindInt(1, entity_);
  read_revisions_->BindBytes(2, data_ref);
  read_revisions_->BindBytes(3, record_ref);
  std::vector<RecordRow> rows;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read_revisions_->Step());
    if (!found) return rows;
    const absl::Status read =
        ReadRow(*read_revisions_, sealed, &rows.emplace_back());
    if (!read.ok()) {
      read_revisions_->Reset();
      return read;
    }
  }
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
  BindPlace(place, delete_row_.get());
  return delete_row_->Run();
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

absl::StatusOr<int64_t> RecordStore::DeleteSome(
    absl::Span<const std::string> data_refs, int64_t limit, int32_t today,
    int64_t keys_seen) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, Begin());
  int64_t rows = 0;
  for (const std::string& data_ref : data_refs) {
    if (rows == limit) break;
    delete_some_->BindInt(1, entity_);
    delete_some_->BindBytes(2, data_ref);
    delete_some_->BindInt(3, limit - rows);
    SUBROSA_RETURN_IF_ERROR(delete_some_->Run());
    rows += database_->Changes();
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

absl::StatusOr<int64_t> RecordStore::NumberOf(absl::string_view word) {
  if (const auto known = numbers_.find(word); known != numbers_.end()) {
    return known->second;
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> find,
      database_->Prepare("SELECT number FROM word WHERE word = $1"));
  find->BindText(1, word);
  SUBROSA_ASSIGN_OR_RETURN(bool found, find->Step());
  if (!found) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::unique_ptr<Statement> add,
        database_->Prepare("INSERT INTO word(word) VALUES($1)"
                           " ON CONFLICT(word) DO NOTHING"));
    add->BindText(1, word);
    SUBROSA_RETURN_IF_ERROR(add->Run());
    SUBROSA_ASSIGN_OR_RETURN(found, find->Step());
  }
  if (!found) return absl::DataLossError("record store: a word was lost");
  const int64_t number = find->ColumnInt(0);
  numbers_.emplace(word, number);
  return number;
}

absl::Status RecordStore::ReadWord(int64_t number, std::string* word) {
  if (const auto known = words_.find(number); known != words_.end()) {
    *word = known->second;
    return absl::OkStatus();
  }
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> find,
      database_->Prepare("SELECT word FROM word WHERE number = $1"));
  find->BindInt(1, number);
  SUBROSA_ASSIGN_OR_RETURN(const bool found, find->Step());
  if (!found) {
    return absl::DataLossError(absl::StrCat("record store: want word ", number,
                                            ", which a row names, got none"));
  }
  *word = std::string(find->ColumnBytes(0));
  words_.emplace(number, *word);
  return absl::OkStatus();
}

}  // namespace subrosa
