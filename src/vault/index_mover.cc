#include "src/vault/index_mover.h"

#include <algorithm>
#include <memory>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"
#include "src/vault/blind_entries.h"
#include "src/vault/index_keys.h"

namespace subrosa {
namespace {

// As KeyMover's, and for its reasons.
constexpr size_t kRowsAtOnce = 131072;
constexpr size_t kRowsPerTransaction = 16384;

}  // namespace

absl::StatusOr<std::vector<IndexMover::Row>> IndexMover::ReadRows() {
  // As of one instant: once the rotation is over, the table may hold entries of
  // another epoch.
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           ReadTransaction::Begin(database_));
  SUBROSA_ASSIGN_OR_RETURN(const EpochRow epoch,
                           epochs_.ReadRow(from_.epoch()));
  std::vector<Row> rows;
  if (epoch.state != EpochState::kDecryptOnly) return rows;
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare(absl::StrCat(
          "SELECT row, blind_index, token, pointer FROM ",
          BlindEntryTable(from_.epoch()),
          " WHERE row > $1 AND +entity = $2 ORDER BY row LIMIT $3")));
  read->BindInt(1, epoch.moved_index_row);
  read->BindInt(2, entity_number_);
  read->BindInt(3, kRowsAtOnce);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return rows;
    Row& row = rows.emplace_back();
    row.row = read->ColumnInt(0);
    row.index = read->ColumnInt(1);
    row.token = std::string(read->ColumnBytes(2));
    row.sealed = std::string(read->ColumnBytes(3));
  }
}

absl::Status IndexMover::Renew(Row* row) const {
  SUBROSA_ASSIGN_OR_RETURN(
      const IndexPointer pointer,
      from_.index().OpenPointer(row->index, row->token, row->sealed));
  row->token = to_.index().Token(row->index, pointer.inner_token);
  row->owner = to_.index().Owner(row->index, pointer.key_id);
  SUBROSA_ASSIGN_OR_RETURN(
      row->sealed, to_.index().SealPointer(row->index, row->token, pointer));
  return absl::OkStatus();
}

absl::Status IndexMover::Move() {
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(std::vector<Row> rows, ReadRows());
    if (rows.empty()) return absl::OkStatus();
    const int64_t last = rows.back().row;
    std::vector<absl::Status> statuses(rows.size());
    OnAllProcessors([&](size_t which, size_t of) {
      for (size_t i = which; i < rows.size(); i += of) {
        statuses[i] = Renew(&rows[i]);
      }
    });
    for (const absl::Status& status : statuses) {
      SUBROSA_RETURN_IF_ERROR(status);
    }
    // In the order of the index, whose pages are then each touched once.
    std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
      return std::tie(a.index, a.token) < std::tie(b.index, b.token);
    });
    for (size_t at = 0; at < rows.size(); at += kRowsPerTransaction) {
      SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                               Transaction::Begin(database_));
      SUBROSA_ASSIGN_OR_RETURN(const EpochRow epoch,
                               epochs_.ReadRow(from_.epoch()));
      if (epoch.state != EpochState::kDecryptOnly) return absl::OkStatus();
      SUBROSA_RETURN_IF_ERROR(
          Insert(absl::MakeConstSpan(rows).subspan(at, kRowsPerTransaction)));
      if (at + kRowsPerTransaction >= rows.size()) {
        SUBROSA_RETURN_IF_ERROR(epochs_.SetMovedIndexRow(from_.epoch(), last));
      }
      SUBROSA_RETURN_IF_ERROR(transaction.Commit());
      if (progress_) progress_(entries_);
    }
  }
}

absl::Status IndexMover::Insert(absl::Span<const Row> rows) {
  // What was taken out since the rows were read must not come back. Rows that
  // stand in the new table already are those of a call that was stopped, or of
  // another mover's.
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> insert,
                           database_.Prepare(absl::StrCat(
                               "INSERT INTO ", BlindEntryTable(to_.epoch()),
                               "(entity, blind_index, token, owner, pointer)"
                               " SELECT $1, $2, $3, $4, $5 FROM ",
                               BlindEntryTable(from_.epoch()),
                               " WHERE row = $6 ON CONFLICT DO NOTHING")));
  for (const Row& row : rows) {
    insert->BindInt(1, entity_number_);
    insert->BindInt(2, row.index);
    insert->BindBytes(3, row.token);
    insert->BindBytes(4, row.owner);
    insert->BindBytes(5, row.sealed);
    insert->BindInt(6, row.row);
    SUBROSA_RETURN_IF_ERROR(insert->Run());
    entries_ += database_.Changes();
  }
  return absl::OkStatus();
}

}  // namespace subrosa
