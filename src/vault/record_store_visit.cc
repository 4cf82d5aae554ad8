// How rows are read, many at a time: the rest of the class is in
// record_store.cc.
#include <cstdint>
#include <string>
#include <vector>

#include "src/base/status_macros.h"
#include "src/vault/record_store.h"

namespace subrosa {

absl::Status RecordStore::ReadRow(const Statement& statement, bool sealed,
                                  RecordRow* row) {
  const auto read = [&](int column, std::string* value) {
    const absl::string_view bytes = statement.ColumnBytes(column);
    value->assign(bytes.data(), bytes.size());
  };
  read(0, &row->place.data_ref);
  read(1, &row->place.record_ref);
  row->place.revision = static_cast<uint32_t>(statement.ColumnInt(2));
  SUBROSA_RETURN_IF_ERROR(
      words_.Read(statement.ColumnInt(3), &row->facts.schema));
  SUBROSA_RETURN_IF_ERROR(
      words_.Read(statement.ColumnInt(4), &row->facts.source));
  SUBROSA_RETURN_IF_ERROR(
      words_.Read(statement.ColumnInt(5), &row->facts.purpose));
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

absl::StatusOr<std::vector<HeldRecords>> RecordStore::ReadHeld() {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<ShapeCount> counts,
                           counts_->Read());
  std::vector<HeldRecords> held;
  for (const auto& [shape, records] : counts) {
    HeldRecords& one = held.emplace_back();
    SUBROSA_RETURN_IF_ERROR(words_.Read(shape.schema, &one.schema));
    SUBROSA_RETURN_IF_ERROR(words_.Read(shape.source, &one.source));
    SUBROSA_RETURN_IF_ERROR(words_.Read(shape.purpose, &one.purpose));
    one.categories = static_cast<uint32_t>(shape.categories);
    one.labels = static_cast<uint64_t>(shape.labels);
    one.records = records;
  }
  return held;
}

}  // namespace subrosa
