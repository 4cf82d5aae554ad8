#include "src/vault/key_rotation.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/audit/leaf.h"
#include "src/base/on_all_processors.h"
#include "src/base/status_macros.h"
#include "src/crypto/envelope.h"
#include "src/crypto/secret_key.h"

namespace subrosa {
namespace {

// Rows that are read at one time. The more, the fewer the sorted runs in which
// the directory's new tokens come, each of which touches most of its index.
constexpr size_t kRowsAtOnce = 131072;
// Rows that are moved in one transaction, so that writers are let in.
constexpr size_t kRowsPerTransaction = 16384;
// Holds the index of some hundred thousand consumers.
constexpr int64_t kCacheBytes = int64_t{64} << 20;

constexpr absl::Duration kJournalPatience = absl::Seconds(10);

// Calls `work` for each row, on all processors. Returns one of the errors.
absl::Status ForEach(std::vector<MovedRow>& rows,
                     const std::function<absl::Status(MovedRow&)>& work) {
  std::vector<absl::Status> statuses(rows.size(), absl::OkStatus());
  OnAllProcessors([&](size_t which, size_t of) {
    for (size_t i = which; i < rows.size(); i += of)
      statuses[i] = work(rows[i]);
  });
  for (const absl::Status& status : statuses) {
    SUBROSA_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

void Tell(const std::function<void(int64_t)>& on_progress,
          const RotationResult& result) {
  if (on_progress) on_progress(result.consumer_keys + result.directory_entries);
}

// What a leaf can hold of a provider's words.
std::string PrintableText(absl::string_view text) {
  std::string printable(text.substr(0, 1000));
  std::replace_if(
      printable.begin(), printable.end(),
      [](char c) {
        return !absl::ascii_isprint(static_cast<unsigned char>(c));
      },
      '?');
  return printable.empty() ? "none given" : printable;
}

}  // namespace

absl::StatusOr<int64_t> KeyRotation::ReadNumber(absl::string_view sql,
                                                int64_t parameter) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Statement> read,
                           database_.Prepare(sql));
  read->BindInt(1, parameter);
  SUBROSA_RETURN_IF_ERROR(read->Step().status());
  return read->ColumnInt(0);
}

absl::StatusOr<int64_t> KeyRotation::ReadErasures() {
  return ReadNumber("SELECT erasures FROM entity WHERE number = $1",
                    entity_number_);
}

absl::StatusOr<int64_t> KeyRotation::ReadMovedRow(uint32_t epoch) {
  return ReadNumber(absl::StrCat("SELECT moved_row FROM epoch WHERE epoch = ",
                                 epoch, " AND entity = $1"),
                    entity_number_);
}

// An object that a killed Begin left: its working key was never written down,
// so nothing is lost with it.
absl::Status KeyRotation::DestroyOrphan(uint32_t epoch) {
  const absl::Status destroyed =
      provider_.DestroyEpoch(epochs_.enabled().entity(), epoch).status();
  return absl::IsNotFound(destroyed) ? absl::OkStatus() : destroyed;
}

absl::StatusOr<uint32_t> KeyRotation::Begin() {
  const std::string entity = epochs_.enabled().entity();
  uint32_t next = epochs_.enabled().epoch() + 1;
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochObject> objects,
                           provider_.ListEpochs(entity));
  for (const EpochObject& object : objects) {
    if (object.epoch < next) continue;
    SUBROSA_RETURN_IF_ERROR(DestroyOrphan(object.epoch));
    // Its number is used up: somewhere a copy may name it.
    next = object.epoch + 1;
  }
  // Its directory goes into the other table.
  if (DirectoryTable(next) == DirectoryTable(epochs_.enabled().epoch())) ++next;
  EpochRow row;
  row.epoch = next;
  row.opened_day = DayOf(clock_.Now());
  SUBROSA_ASSIGN_OR_RETURN(row.working_key,
                           provider_.CreateEpoch(entity, next, clock_.Now()));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey working,
                           provider_.OpenEpoch(entity, next, row.working_key));
  SUBROSA_ASSIGN_OR_RETURN(row.wrapped,
                           epochs_.enabled().RewrapFor(working, next));
  Leaf leaf = NewLeaf(LeafKind::kEpochOpened, row.opened_day);
  leaf.numbers = {next};
  SUBROSA_ASSIGN_OR_RETURN(const std::string entry, SerializeLeaf(leaf));

  const uint32_t previous = epochs_.enabled().epoch();
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(database_));
  SUBROSA_ASSIGN_OR_RETURN(const bool changed, epochs_.Refresh());
  if (changed || epochs_.enabled().epoch() != previous) {
    SUBROSA_RETURN_IF_ERROR(DestroyOrphan(next));
    return absl::UnavailableError(
        "key store: another process rotates its keys; try again when it is "
        "done");
  }
  SUBROSA_RETURN_IF_ERROR(
      epochs_.Update(previous, EpochState::kDecryptOnly, 0));
  SUBROSA_RETURN_IF_ERROR(epochs_.Insert(row));
  SUBROSA_RETURN_IF_ERROR(outbox_.Append({entry}, /*seen=*/0).status());
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  SUBROSA_RETURN_IF_ERROR(epochs_.Refresh().status());
  return next;
}

absl::StatusOr<RotationResult> KeyRotation::Rotate(
    const std::function<void(int64_t)>& on_progress) {
  SUBROSA_RETURN_IF_ERROR(epochs_.Refresh().status());
  if (epochs_.NewestFirst().size() == 1) {
    SUBROSA_RETURN_IF_ERROR(Begin().status());
  }
  SUBROSA_RETURN_IF_ERROR(database_.SetCacheBytes(kCacheBytes));
  RotationResult result;
  for (;;) {
    const std::vector<const EntityKeys*> open = epochs_.NewestFirst();
    if (open.size() < 2) return result;
    const EntityKeys& to = *open[0];
    const EntityKeys& from = *open[1];
    result.from_epoch = from.epoch();
    result.to_epoch = to.epoch();
    SUBROSA_RETURN_IF_ERROR(MoveConsumerKeys(from, to, on_progress, &result));
    SUBROSA_RETURN_IF_ERROR(MoveDirectory(from, to, on_progress, &result));
    SUBROSA_ASSIGN_OR_RETURN(const bool finished, Finish(&result));
    if (!finished) continue;
    SUBROSA_RETURN_IF_ERROR(epochs_.Refresh().status());
    SUBROSA_RETURN_IF_ERROR(Annotate(
        database_.FlushJournal(kJournalPatience),
        "key store: all is rotated, but its journal could not be emptied"));
  }
}

absl::StatusOr<std::vector<MovedRow>> KeyRotation::ReadConsumerKeys(
    const EntityKeys& from, const EntityKeys& to, int64_t after) {
  // Not by the index that begins with the entity: in the order of rows.
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare("SELECT row, key_id, version, wrapped FROM consumer_key"
                        " WHERE row > $1 AND +entity = $2 AND epoch = $3"
                        " ORDER BY row LIMIT $4"));
  read->BindInt(1, after);
  read->BindInt(2, entity_number_);
  read->BindInt(3, from.epoch());
  read->BindInt(4, kRowsAtOnce);
  std::vector<MovedRow> rows;
  rows.reserve(kRowsAtOnce);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) break;
    MovedRow& row = rows.emplace_back();
    row.row = read->ColumnInt(0);
    read->ColumnBytes(1).copy(reinterpret_cast<char*>(row.key.id.data()),
                              row.key.id.size());
    row.key.version = static_cast<uint32_t>(read->ColumnInt(2));
    row.sealed = std::string(read->ColumnBytes(3));
  }
  SUBROSA_RETURN_IF_ERROR(ForEach(rows, [&](MovedRow& row) -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(const SecretKey key,
                             from.UnwrapConsumerKey(row.key, row.sealed));
    SUBROSA_ASSIGN_OR_RETURN(row.sealed, to.WrapConsumerKey(row.key, key));
    return absl::OkStatus();
  }));
  return rows;
}

absl::Status KeyRotation::MoveConsumerKeys(
    const EntityKeys& from, const EntityKeys& to,
    const std::function<void(int64_t)>& on_progress, RotationResult* result) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> move,
      database_.Prepare("UPDATE consumer_key SET epoch = $1, wrapped = $2"
                        " WHERE row = $3 AND epoch = $4"));
  int64_t last = 0;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<MovedRow> rows,
                             ReadConsumerKeys(from, to, last));
    if (rows.empty()) return absl::OkStatus();
    last = rows.back().row;
    for (size_t at = 0; at < rows.size();) {
      SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                               Transaction::Begin(database_));
      const size_t end = std::min(rows.size(), at + kRowsPerTransaction);
      for (; at < end; ++at) {
        move->BindInt(1, to.epoch());
        move->BindBytes(2, rows[at].sealed);
        move->BindInt(3, rows[at].row);
        move->BindInt(4, from.epoch());
        // A row that is gone was erased meanwhile.
        SUBROSA_RETURN_IF_ERROR(move->Run());
        result->consumer_keys += database_.Changes();
      }
      SUBROSA_RETURN_IF_ERROR(transaction.Commit());
      Tell(on_progress, *result);
    }
  }
}

absl::StatusOr<std::vector<MovedRow>> KeyRotation::ReadDirectory(
    const EntityKeys& from, const EntityKeys& to, int64_t after) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare(absl::StrCat(
          "SELECT row, token, pointer FROM ", DirectoryTable(from.epoch()),
          " WHERE row > $1 AND +entity = $2 ORDER BY row LIMIT $3")));
  read->BindInt(1, after);
  read->BindInt(2, entity_number_);
  read->BindInt(3, kRowsAtOnce);
  std::vector<MovedRow> rows;
  rows.reserve(kRowsAtOnce);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) break;
    MovedRow& row = rows.emplace_back();
    row.row = read->ColumnInt(0);
    row.token = std::string(read->ColumnBytes(1));
    row.sealed = std::string(read->ColumnBytes(2));
  }
  SUBROSA_RETURN_IF_ERROR(ForEach(rows, [&](MovedRow& row) -> absl::Status {
    SUBROSA_ASSIGN_OR_RETURN(const DirectoryPointer pointer,
                             from.OpenPointer(row.token, row.sealed));
    row.token = to.DirectoryToken(pointer.inner_token);
    SUBROSA_ASSIGN_OR_RETURN(row.sealed, to.SealPointer(row.token, pointer));
    return absl::OkStatus();
  }));
  return rows;
}

absl::Status KeyRotation::MoveDirectory(
    const EntityKeys& from, const EntityKeys& to,
    const std::function<void(int64_t)>& on_progress, RotationResult* result) {
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const int64_t erasures, ReadErasures());
    SUBROSA_ASSIGN_OR_RETURN(const int64_t moved, ReadMovedRow(from.epoch()));
    SUBROSA_ASSIGN_OR_RETURN(std::vector<MovedRow> rows,
                             ReadDirectory(from, to, moved));
    if (rows.empty()) return absl::OkStatus();
    const int64_t last = rows.back().row;
    // In the order of the index, whose pages are then each touched once.
    std::sort(
        rows.begin(), rows.end(),
        [](const MovedRow& a, const MovedRow& b) { return a.token < b.token; });
    bool is_current = true;
    for (size_t at = 0; at < rows.size() && is_current;) {
      SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                               Transaction::Begin(database_));
      // Whoever was erased since the rows were read must not come back, nor may
      // an epoch that another process has meanwhile emptied.
      SUBROSA_ASSIGN_OR_RETURN(const int64_t erasures_now, ReadErasures());
      SUBROSA_ASSIGN_OR_RETURN(
          const int64_t state,
          ReadNumber(absl::StrCat("SELECT state FROM epoch WHERE epoch = ",
                                  from.epoch(), " AND entity = $1"),
                     entity_number_));
      if (state != static_cast<int64_t>(EpochState::kDecryptOnly)) {
        return absl::OkStatus();
      }
      is_current = erasures_now == erasures;
      if (!is_current) break;
      const size_t end = std::min(rows.size(), at + kRowsPerTransaction);
      SUBROSA_RETURN_IF_ERROR(InsertMoved(
          to.epoch(), absl::MakeConstSpan(rows).subspan(at, end - at), result));
      at = end;
      if (at == rows.size()) {
        SUBROSA_RETURN_IF_ERROR(epochs_.SetMovedRow(from.epoch(), last));
      }
      SUBROSA_RETURN_IF_ERROR(transaction.Commit());
      Tell(on_progress, *result);
    }
  }
}

// Rows that stand already are those of a call that was stopped, or of another
// process's.
absl::Status KeyRotation::InsertMoved(uint32_t epoch,
                                      absl::Span<const MovedRow> rows,
                                      RotationResult* result) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      database_.Prepare(absl::StrCat("INSERT INTO ", DirectoryTable(epoch),
                                     "(entity, token, pointer)"
                                     " VALUES($1, $2, $3)"
                                     " ON CONFLICT DO NOTHING")));
  for (const MovedRow& row : rows) {
    insert->BindInt(1, entity_number_);
    insert->BindBytes(2, row.token);
    insert->BindBytes(3, row.sealed);
    SUBROSA_RETURN_IF_ERROR(insert->Run());
    result->directory_entries += database_.Changes();
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> KeyRotation::Finish(RotationResult* result) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(database_));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t moved,
                           ReadMovedRow(result->from_epoch));
  const absl::string_view table = DirectoryTable(result->from_epoch);
  SUBROSA_ASSIGN_OR_RETURN(const int64_t last,
                           ReadNumber(absl::StrCat("SELECT max(row) FROM ",
                                                   table, " WHERE entity = $1"),
                                      entity_number_));
  SUBROSA_ASSIGN_OR_RETURN(
      const int64_t keys_left,
      ReadNumber(
          absl::StrCat("SELECT count(*) FROM consumer_key WHERE epoch = ",
                       result->from_epoch, " AND entity = $1"),
          entity_number_));
  if (last > moved || keys_left > 0) return false;
  // What stands there opens with the old epoch alone, as the backups do that
  // hold it too; overwriting it all would keep writers waiting for seconds.
  SUBROSA_RETURN_IF_ERROR(database_.SetOverwriting(false));
  const absl::Status emptied =
      database_.Execute(absl::StrCat("DELETE FROM ", table));
  SUBROSA_RETURN_IF_ERROR(database_.SetOverwriting(true));
  SUBROSA_RETURN_IF_ERROR(emptied);
  SUBROSA_ASSIGN_OR_RETURN(
      const int64_t backup_days,
      ReadNumber("SELECT key_backup_days FROM entity WHERE number = $1",
                 entity_number_));
  // A backup of today may still hold rows under the old epoch.
  result->destroy_day =
      DayOf(clock_.Now()) + static_cast<int32_t>(backup_days) + 1;
  SUBROSA_RETURN_IF_ERROR(epochs_.Update(
      result->from_epoch, EpochState::kScheduled, result->destroy_day));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return true;
}

absl::StatusOr<std::vector<RetiredEpoch>> KeyRotation::Retire() {
  const int32_t today = DayOf(clock_.Now());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochRow> rows,
                           epochs_.ReadRows());
  std::vector<RetiredEpoch> retired;
  for (const EpochRow& row : rows) {
    if (row.state != EpochState::kScheduled || row.destroy_day > today) {
      continue;
    }
    absl::StatusOr<DestructionEvidence> evidence =
        provider_.DestroyEpoch(epochs_.enabled().entity(), row.epoch);
    if (absl::IsNotFound(evidence.status())) {
      // An earlier call was stopped after it had destroyed the object.
      evidence = DestructionEvidence{};
      evidence->provider = std::string(provider_.kind());
      evidence->facts = "the object was found destroyed";
    }
    if (!evidence.ok()) return evidence.status();
    Leaf leaf = NewLeaf(LeafKind::kEpochRetired, today);
    leaf.numbers = {row.epoch, static_cast<uint64_t>(evidence->assurance)};
    leaf.text =
        PrintableText(absl::StrCat(evidence->provider, ": ", evidence->facts));
    SUBROSA_ASSIGN_OR_RETURN(const std::string entry, SerializeLeaf(leaf));
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             Transaction::Begin(database_));
    SUBROSA_RETURN_IF_ERROR(epochs_.Forget(row.epoch, today));
    SUBROSA_RETURN_IF_ERROR(outbox_.Append({entry}, /*seen=*/0).status());
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
    retired.push_back({row.epoch, *std::move(evidence)});
  }
  return retired;
}

}  // namespace subrosa
