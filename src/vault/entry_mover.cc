#include "src/vault/entry_mover.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/vault/blind_entries.h"
#include "src/vault/erasure_count.h"
#include "src/vault/index_keys.h"

namespace subrosa {
namespace {

// Entries that are read at one time. The more, the fewer the sorted runs in
// which the new tokens come, each of which touches most of the table's index.
constexpr size_t kRowsAtOnce = 262144;

template <size_t size>
absl::string_view View(const std::array<char, size>& bytes) {
  return absl::string_view(bytes.data(), size);
}

}  // namespace

struct MovingDirectoryEntry {
  int64_t row;
  DirectoryRow bytes;

  static constexpr absl::string_view kReadColumns = "token, pointer";
  static constexpr absl::string_view kColumns = "entity, token, pointer";
  static constexpr absl::string_view kParameters = "$1, $2, $3";
  static constexpr int kParameterCount = 3;
  // Entries leave the table when the erasures are counted, and only then.
  static constexpr bool kLeavesByErasureOnly = true;

  static absl::string_view Table(uint32_t epoch) {
    return DirectoryTable(epoch);
  }
  static int64_t MovedRow(const EpochRow& epoch) { return epoch.moved_row; }
  static absl::Status SetMovedRow(Epochs& epochs, uint32_t epoch, int64_t row) {
    return epochs.SetMovedRow(epoch, row);
  }

  void Read(const Statement& read) {
    CopyBytes(read.ColumnBytes(1), &bytes.token);
    CopyBytes(read.ColumnBytes(2), &bytes.pointer);
  }
  absl::Status Renew(const EntityKeys& from, const EntityKeys& to) {
    return from.MovePointer(to, &bytes);
  }
  void Bind(Statement* insert) const {
    insert->BindBytes(2, View(bytes.token));
    insert->BindBytes(3, View(bytes.pointer));
  }
  bool operator<(const MovingDirectoryEntry& other) const {
    return bytes.token < other.bytes.token;
  }
};

struct MovingBlindEntry {
  int64_t row;
  int64_t index;
  IndexRow bytes;

  static constexpr absl::string_view kReadColumns =
      "blind_index, token, pointer";
  static constexpr absl::string_view kColumns =
      "entity, blind_index, token, owner, pointer";
  static constexpr absl::string_view kParameters = "$1, $2, $3, $4, $5";
  static constexpr int kParameterCount = 5;
  static constexpr bool kLeavesByErasureOnly = false;

  static absl::string_view Table(uint32_t epoch) {
    return BlindEntryTable(epoch);
  }
  static int64_t MovedRow(const EpochRow& epoch) {
    return epoch.moved_index_row;
  }
  static absl::Status SetMovedRow(Epochs& epochs, uint32_t epoch, int64_t row) {
    return epochs.SetMovedIndexRow(epoch, row);
  }

  void Read(const Statement& read) {
    index = read.ColumnInt(1);
    CopyBytes(read.ColumnBytes(2), &bytes.token);
    CopyBytes(read.ColumnBytes(3), &bytes.pointer);
  }
  absl::Status Renew(const EntityKeys& from, const EntityKeys& to) {
    return from.index().MoveEntry(to.index(), index, &bytes);
  }
  void Bind(Statement* insert) const {
    insert->BindInt(2, index);
    insert->BindBytes(3, View(bytes.token));
    insert->BindBytes(4, View(bytes.owner));
    insert->BindBytes(5, View(bytes.pointer));
  }
  bool operator<(const MovingBlindEntry& other) const {
    return std::tie(index, bytes.token) <
           std::tie(other.index, other.bytes.token);
  }
};

template <typename Entry>
absl::StatusOr<RowBatch<Entry>> EntryMover<Entry>::Read(int64_t after) {
  // As of one instant: once the rotation is over, the table may hold entries of
  // another epoch.
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           ReadTransaction::Begin(database_));
  SUBROSA_ASSIGN_OR_RETURN(const EpochRow epoch,
                           epochs_.ReadRow(from_.epoch()));
  RowBatch<Entry> batch;
  if (epoch.state != EpochState::kDecryptOnly) return batch;
  SUBROSA_ASSIGN_OR_RETURN(ErasureCount erasures,
                           ErasureCount::Open(database_, entity_number_));
  SUBROSA_ASSIGN_OR_RETURN(batch.erasures, erasures.Read());
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare(absl::StrCat(
          "SELECT row, ", Entry::kReadColumns, " FROM ",
          Entry::Table(from_.epoch()),
          " WHERE row > $1 AND +entity = $2 ORDER BY row LIMIT $3")));
  read->BindInt(1, std::max(after, Entry::MovedRow(epoch)));
  read->BindInt(2, entity_number_);
  read->BindInt(3, kRowsAtOnce);
  batch.rows.reserve(kRowsAtOnce);
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return batch;
    Entry& entry = batch.rows.emplace_back();
    entry.row = batch.last_row = read->ColumnInt(0);
    entry.Read(*read);
  }
}

template <typename Entry>
absl::Status EntryMover<Entry>::Write(const RowBatch<Entry>& batch) {
  const absl::Span<const Entry> entries = batch.rows;
  for (size_t at = 0; at < entries.size(); at += kRowsPerTransaction) {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             Transaction::Begin(database_));
    SUBROSA_ASSIGN_OR_RETURN(const EpochRow epoch,
                             epochs_.ReadRow(from_.epoch()));
    if (epoch.state != EpochState::kDecryptOnly) return absl::OkStatus();
    SUBROSA_RETURN_IF_ERROR(
        Insert(entries.subspan(at, kRowsPerTransaction), batch.erasures));
    if (at + kRowsPerTransaction >= entries.size()) {
      SUBROSA_RETURN_IF_ERROR(
          Entry::SetMovedRow(epochs_, from_.epoch(), batch.last_row));
    }
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
    if (progress_) progress_(moved_);
  }
  return absl::OkStatus();
}

template <typename Entry>
absl::Status EntryMover<Entry>::Insert(absl::Span<const Entry> entries,
                                       int64_t erasures) {
  // What was taken out since the entries were read stands in the old table no
  // more, and must not come back. Looking for each there costs a tenth of a
  // rotation, and is left out if nothing was.
  SUBROSA_ASSIGN_OR_RETURN(ErasureCount count,
                           ErasureCount::Open(database_, entity_number_));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t erasures_now, count.Read());
  const bool all_stand =
      Entry::kLeavesByErasureOnly && erasures_now == erasures;
  const std::string source =
      all_stand ? absl::StrCat(" VALUES(", Entry::kParameters, ")")
                : absl::StrCat(" SELECT ", Entry::kParameters, " FROM ",
                               Entry::Table(from_.epoch()), " WHERE row = $",
                               Entry::kParameterCount + 1);
  // What stands in the new table already is of a call that was stopped, or of
  // another mover's.
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      database_.Prepare(absl::StrCat("INSERT INTO ", Entry::Table(to_.epoch()),
                                     "(", Entry::kColumns, ")", source,
                                     " ON CONFLICT DO NOTHING")));
  for (const Entry& entry : entries) {
    insert->BindInt(1, entity_number_);
    entry.Bind(insert.get());
    if (!all_stand) insert->BindInt(Entry::kParameterCount + 1, entry.row);
    SUBROSA_RETURN_IF_ERROR(insert->Run());
    moved_ += database_.Changes();
  }
  return absl::OkStatus();
}

template <typename Entry>
absl::Status EntryMover<Entry>::Move() {
  return MoveRows<Entry>(
      [&](int64_t after) { return Read(after); },
      [&](Entry& entry) { return entry.Renew(from_, to_); },
      // In the order of the index, whose pages are then each touched once.
      [](std::vector<Entry>& entries) {
        std::sort(entries.begin(), entries.end());
      },
      [&](const RowBatch<Entry>& batch) { return Write(batch); });
}

template class EntryMover<MovingDirectoryEntry>;
template class EntryMover<MovingBlindEntry>;

}  // namespace subrosa
