#include "src/vault/key_mover.h"

#include <algorithm>
#include <future>
#include <memory>

#include "absl/strings/str_cat.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_key.h"

namespace subrosa {
namespace {

// Rows that are read at one time. The more, the fewer the sorted runs in which
// the directory's new tokens come, each of which touches most of its index.
constexpr size_t kRowsAtOnce = 131072;
// Rows that are moved in one transaction, so that writers are let in.
constexpr size_t kRowsPerTransaction = 16384;

// Calls `work` for each row, on all processors. Returns one of the errors.
template <typename Row, typename Work>
absl::Status ForEach(std::vector<Row>& rows, const Work& work) {
  std::vector<absl::Status> statuses(rows.size(), absl::OkStatus());
  OnAllProcessors([&](size_t which, size_t of) {
    for (size_t i = which; i < rows.size(); i += of) {
      statuses[i] = work(rows[i]);
    }
  });
  for (const absl::Status& status : statuses) {
    SUBROSA_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

}  // namespace

void KeyMover::TellProgress() const {
  if (progress_) progress_(consumer_keys_ + directory_entries_);
}

absl::StatusOr<bool> KeyMover::IsUnderWay() {
  SUBROSA_ASSIGN_OR_RETURN(const EpochRow row, epochs_.ReadRow(from_.epoch()));
  return row.state == EpochState::kDecryptOnly;
}

absl::Status KeyMover::MoveAll(
    absl::FunctionRef<absl::StatusOr<Batch>(int64_t after)> read,
    absl::FunctionRef<absl::Status(std::vector<Row>&)> seal,
    absl::FunctionRef<absl::Status(const Batch&)> write) {
  SUBROSA_ASSIGN_OR_RETURN(Batch batch, read(0));
  SUBROSA_RETURN_IF_ERROR(seal(batch.rows));
  while (!batch.rows.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(Batch next, read(batch.last_row));
    std::future<absl::Status> sealed =
        std::async(std::launch::async, [&] { return seal(next.rows); });
    const absl::Status written = write(batch);
    SUBROSA_RETURN_IF_ERROR(sealed.get());
    SUBROSA_RETURN_IF_ERROR(written);
    batch = std::move(next);
  }
  return absl::OkStatus();
}

absl::StatusOr<KeyMover::Batch> KeyMover::ReadConsumerKeys(int64_t after) {
  // Not by the index that begins with the entity: in the order of rows.
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare("SELECT row, key_id, version, wrapped FROM consumer_key"
                        " WHERE row > $1 AND +entity = $2 AND epoch = $3"
                        " ORDER BY row LIMIT $4"));
  read->BindInt(1, after);
  read->BindInt(2, entity_number_);
  read->BindInt(3, from_.epoch());
  read->BindInt(4, kRowsAtOnce);
  Batch batch;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return batch;
    Row& row = batch.rows.emplace_back();
    row.row = batch.last_row = read->ColumnInt(0);
    read->ColumnBytes(1).copy(reinterpret_cast<char*>(row.key.id.data()),
                              row.key.id.size());
    row.key.version = static_cast<uint32_t>(read->ColumnInt(2));
    row.sealed = std::string(read->ColumnBytes(3));
  }
}

absl::Status KeyMover::RewrapConsumerKeys(std::vector<Row>& rows) const {
  return ForEach(rows, [&](Row& row) -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(const SecretKey key,
                             from_.UnwrapConsumerKey(row.key, row.sealed));
    SUBROSA_ASSIGN_OR_RETURN(row.sealed, to_.WrapConsumerKey(row.key, key));
    return absl::OkStatus();
  });
}

absl::Status KeyMover::WriteConsumerKeys(const Batch& batch) {
  const absl::Span<const Row> rows = batch.rows;
  for (size_t at = 0; at < rows.size(); at += kRowsPerTransaction) {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             Transaction::Begin(database_));
    SUBROSA_RETURN_IF_ERROR(
        UpdateConsumerKeys(rows.subspan(at, kRowsPerTransaction)));
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
    TellProgress();
  }
  return absl::OkStatus();
}

absl::Status KeyMover::MoveConsumerKeys() {
  return MoveAll(
      [&](int64_t after) { return ReadConsumerKeys(after); },
      [&](std::vector<Row>& rows) { return RewrapConsumerKeys(rows); },
      [&](const Batch& batch) { return WriteConsumerKeys(batch); });
}

absl::Status KeyMover::UpdateConsumerKeys(absl::Span<const Row> rows) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> move,
      database_.Prepare("UPDATE consumer_key SET epoch = $1, wrapped = $2"
                        " WHERE row = $3 AND epoch = $4"));
  for (const Row& row : rows) {
    move->BindInt(1, to_.epoch());
    move->BindBytes(2, row.sealed);
    move->BindInt(3, row.row);
    // A row that is gone was erased meanwhile; its number may stand for another
    // consumer since, who was made under a newer epoch.
    move->BindInt(4, from_.epoch());
    SUBROSA_RETURN_IF_ERROR(move->Run());
    consumer_keys_ += database_.Changes();
  }
  return absl::OkStatus();
}

absl::StatusOr<KeyMover::Batch> KeyMover::ReadDirectory(int64_t after) {
  // As of one instant: once the rotation is over, the table may hold entries of
  // another epoch.
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           ReadTransaction::Begin(database_));
  SUBROSA_ASSIGN_OR_RETURN(const EpochRow epoch,
                           epochs_.ReadRow(from_.epoch()));
  Batch batch;
  if (epoch.state != EpochState::kDecryptOnly) return batch;
  SUBROSA_ASSIGN_OR_RETURN(batch.erasures, ReadErasures());
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare(absl::StrCat(
          "SELECT row, token, pointer FROM ", DirectoryTable(from_.epoch()),
          " WHERE row > $1 AND +entity = $2 ORDER BY row LIMIT $3")));
  read->BindInt(1, std::max(after, epoch.moved_row));
  read->BindInt(2, entity_number_);
  read->BindInt(3, kRowsAtOnce);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return batch;
    Row& row = batch.rows.emplace_back();
    row.row = batch.last_row = read->ColumnInt(0);
    row.token = std::string(read->ColumnBytes(1));
    row.sealed = std::string(read->ColumnBytes(2));
  }
}

absl::Status KeyMover::ResealDirectory(std::vector<Row>& rows) const {
  SUBROSA_RETURN_IF_ERROR(ForEach(rows, [&](Row& row) -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(const DirectoryPointer pointer,
                             from_.OpenPointer(row.token, row.sealed));
    row.token = to_.DirectoryToken(pointer.inner_token);
    SUBROSA_ASSIGN_OR_RETURN(row.sealed, to_.SealPointer(row.token, pointer));
    return absl::OkStatus();
  }));
  // In the order of the index, whose pages are then each touched once.
  std::sort(rows.begin(), rows.end(),
            [](const Row& a, const Row& b) { return a.token < b.token; });
  return absl::OkStatus();
}

absl::Status KeyMover::WriteDirectory(const Batch& batch) {
  const absl::Span<const Row> rows = batch.rows;
  for (size_t at = 0; at < rows.size(); at += kRowsPerTransaction) {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             Transaction::Begin(database_));
    SUBROSA_ASSIGN_OR_RETURN(const bool is_under_way, IsUnderWay());
    if (!is_under_way) return absl::OkStatus();
    SUBROSA_RETURN_IF_ERROR(
        InsertEntries(rows.subspan(at, kRowsPerTransaction), batch.erasures));
    if (at + kRowsPerTransaction >= rows.size()) {
      SUBROSA_RETURN_IF_ERROR(
          epochs_.SetMovedRow(from_.epoch(), batch.last_row));
    }
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
    TellProgress();
  }
  return absl::OkStatus();
}

absl::Status KeyMover::MoveDirectory() {
  return MoveAll([&](int64_t after) { return ReadDirectory(after); },
                 [&](std::vector<Row>& rows) { return ResealDirectory(rows); },
                 [&](const Batch& batch) { return WriteDirectory(batch); });
}

absl::StatusOr<int64_t> KeyMover::ReadErasures() {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare("SELECT erasures FROM entity WHERE number = $1"));
  read->BindInt(1, entity_number_);
  SUBROSA_RETURN_IF_ERROR(read->Step().status());
  return read->ColumnInt(0);
}

absl::Status KeyMover::InsertEntries(absl::Span<const Row> rows,
                                     int64_t erasures) {
  // Whoever was erased since the rows were read stands in the old table no
  // more, and must not come back. Looking for each there costs a tenth of a
  // rotation, and is left out if nobody was.
  SUBROSA_ASSIGN_OR_RETURN(const int64_t erasures_now, ReadErasures());
  const bool all_stand = erasures_now == erasures;
  // Rows that stand in the new one already are those of a call that was
  // stopped, or of another mover's.
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      database_.Prepare(absl::StrCat(
          "INSERT INTO ", DirectoryTable(to_.epoch()),
          "(entity, token, pointer) ",
          all_stand
              ? "VALUES($1, $2, $3)"
              : absl::StrCat("SELECT $1, $2, $3 FROM ",
                             DirectoryTable(from_.epoch()), " WHERE row = $4"),
          " ON CONFLICT DO NOTHING")));
  for (const Row& row : rows) {
    insert->BindInt(1, entity_number_);
    insert->BindBytes(2, row.token);
    insert->BindBytes(3, row.sealed);
    if (!all_stand) insert->BindInt(4, row.row);
    SUBROSA_RETURN_IF_ERROR(insert->Run());
    directory_entries_ += database_.Changes();
  }
  return absl::OkStatus();
}

}  // namespace subrosa
