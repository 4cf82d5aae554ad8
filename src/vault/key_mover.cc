#include "src/vault/key_mover.h"

#include <memory>

#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<RowBatch<KeyMover::Row>> KeyMover::Read(int64_t after) {
  // Not by the index that begins with the entity: in the order of rows.
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare("SELECT row, key_id, version, wrapped FROM consumer_key"
                        " WHERE row > $1 AND +entity = $2 AND epoch = $3"
                        " ORDER BY row LIMIT $4"));
  read->BindInt(1, after);
  read->BindInt(2, entity_number_);
  read->BindInt(3, from_.epoch());
  // They are written where they stand, so a longer run would gain nothing.
  read->BindInt(4, kRowsPerTransaction);
  RowBatch<Row> batch;
  batch.rows.reserve(kRowsPerTransaction);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return batch;
    Row& row = batch.rows.emplace_back();
    row.row = batch.last_row = read->ColumnInt(0);
    read->ColumnBytes(1).copy(reinterpret_cast<char*>(row.key.id.data()),
                              row.key.id.size());
    row.key.version = static_cast<uint32_t>(read->ColumnInt(2));
    CopyBytes(read->ColumnBytes(3), &row.wrapped);
  }
}

absl::Status KeyMover::Write(const RowBatch<Row>& batch) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(database_));
  SUBROSA_RETURN_IF_ERROR(Update(batch.rows));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  if (progress_) progress_(moved_);
  return absl::OkStatus();
}

absl::Status KeyMover::Move() {
  return MoveRows<Row>(
      [&](int64_t after) { return Read(after); },
      [&](Row& row) {
        return from_.MoveConsumerKey(to_, row.key, &row.wrapped);
      },
      [](const std::vector<Row>&) {},
      [&](const RowBatch<Row>& batch) { return Write(batch); });
}

absl::Status KeyMover::Update(absl::Span<const Row> rows) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> move,
      database_.Prepare("UPDATE consumer_key SET epoch = $1, wrapped = $2"
                        " WHERE row = $3 AND epoch = $4"));
  for (const Row& row : rows) {
    move->BindInt(1, to_.epoch());
    move->BindBytes(2,
                    absl::string_view(row.wrapped.data(), row.wrapped.size()));
    move->BindInt(3, row.row);
    // A row that is gone was erased meanwhile; its number may stand for another
    // consumer since, who was made under a newer epoch.
    move->BindInt(4, from_.epoch());
    SUBROSA_RETURN_IF_ERROR(move->Run());
    moved_ += database_.Changes();
  }
  return absl::OkStatus();
}

}  // namespace subrosa
