#include "src/vault/record_counts.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// The newest revisions, counted.
constexpr absl::string_view kCountRows =
    "SELECT entity, schema, source, purpose, categories, labels,"
    " count(*) AS records FROM record AS held WHERE NOT EXISTS"
    " (SELECT 1 FROM record AS later WHERE later.entity = held.entity"
    " AND later.data_ref = held.data_ref"
    " AND later.record_ref = held.record_ref"
    " AND later.revision > held.revision)"
    " GROUP BY entity, schema, source, purpose, categories, labels";

}  // namespace

absl::StatusOr<std::unique_ptr<RecordCounts>> RecordCounts::Open(
    Connection& database, int64_t entity) {
  auto counts =
      std::unique_ptr<RecordCounts>(new RecordCounts(database, entity));
  SUBROSA_ASSIGN_OR_RETURN(
      counts->add_,
      database.Prepare(
          "INSERT INTO record_count(entity, schema, source, purpose,"
          " categories, labels, records) VALUES($1, $2, $3, $4, $5, $6, $7)"
          " ON CONFLICT(entity, schema, source, purpose, categories, labels)"
          " DO UPDATE SET records = record_count.records + excluded.records"));
  SUBROSA_ASSIGN_OR_RETURN(
      counts->drop_,
      database.Prepare("DELETE FROM record_count WHERE entity = $1"
                       " AND schema = $2 AND source = $3 AND purpose = $4"
                       " AND categories = $5 AND labels = $6 AND records = 0"));
  SUBROSA_ASSIGN_OR_RETURN(
      counts->read_,
      database.Prepare("SELECT schema, source, purpose, categories, labels,"
                       " records FROM record_count WHERE entity = $1"
                       " AND records > 0"));
  return counts;
}

absl::StatusOr<Transaction> RecordCounts::Begin() {
  absl::StatusOr<Transaction> transaction = Transaction::Begin(database_, this);
  if (transaction.ok()) is_open_ = true;
  return transaction;
}

absl::Status RecordCounts::Run(Statement& statement,
                               const RecordShape& shape) const {
  statement.BindInt(1, entity_);
  statement.BindInt(2, shape.schema);
  statement.BindInt(3, shape.source);
  statement.BindInt(4, shape.purpose);
  statement.BindInt(5, shape.categories);
  statement.BindInt(6, shape.labels);
  return statement.Run();
}

absl::Status RecordCounts::Write() {
  for (const auto& [shape, change] : changes_) {
    if (change == 0) continue;
    add_->BindInt(7, change);
    SUBROSA_RETURN_IF_ERROR(Run(*add_, shape));
    if (change < 0) SUBROSA_RETURN_IF_ERROR(Run(*drop_, shape));
  }
  return absl::OkStatus();
}

void RecordCounts::End() {
  is_open_ = false;
  changes_.clear();
}

absl::StatusOr<std::vector<ShapeCount>> RecordCounts::Read() {
  read_->BindInt(1, entity_);
  std::vector<ShapeCount> counts;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read_->Step());
    if (!found) return counts;
    counts.push_back(
        {{read_->ColumnInt(0), read_->ColumnInt(1), read_->ColumnInt(2),
          read_->ColumnInt(3), read_->ColumnInt(4)},
         read_->ColumnInt(5)});
  }
}

absl::StatusOr<CountsCheck> CheckRecordCounts(Connection& database) {
  // Shapes that one of the two lacks count there as 0.
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database.Prepare(absl::StrCat(
          "SELECT sum(held), sum(counted) FROM (SELECT entity, schema, source,"
          " purpose, categories, labels, records AS held, 0 AS counted FROM (",
          kCountRows,
          ") AS rows_held UNION ALL SELECT entity, schema, source, purpose,"
          " categories, labels, 0, records FROM record_count) AS both_counts"
          " GROUP BY entity, schema, source, purpose, categories, labels")));
  CountsCheck check;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return check;
    const int64_t held = read->ColumnInt(0);
    const int64_t counted = read->ColumnInt(1);
    check.records += held;
    check.counted += counted;
    if (held != counted) ++check.shapes_off;
  }
}

absl::Status CountRecordsAnew(Connection& database) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(database));
  SUBROSA_RETURN_IF_ERROR(database.Execute(absl::StrCat(
      "DELETE FROM record_count;"
      "INSERT INTO record_count(entity, schema, source, purpose, categories,"
      " labels, records) ",
      kCountRows)));
  return transaction.Commit();
}

}  // namespace subrosa
