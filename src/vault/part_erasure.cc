#include "src/vault/part_erasure.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/store/connection.h"
#include "src/vault/consumer_keys.h"
#include "src/vault/entity_keys.h"
#include "src/vault/key_policy.h"
#include "src/vault/key_tables.h"
#include "src/vault/record_row.h"

namespace subrosa {
namespace {

// A transaction short enough that others do not wait for it.
constexpr int64_t kRowsAtOnce = 1000;
// Records that are looked at in one, if few of them are erased.
constexpr int kRecordsAtOnce = 4000;

// What was erased must stand in no file: how long for whoever reads.
constexpr absl::Duration kJournalPatience = absl::Seconds(10);

const OlderKey* FindVersion(const ConsumerHandle& consumer, uint32_t version) {
  for (const OlderKey& older : consumer.older) {
    if (older.ref.version == version) return &older;
  }
  return nullptr;
}

void AddRow(const RowFacts& facts, SelectedPart* part) {
  const bool is_first = part->rows == 0;
  const int32_t day = facts.collected_day;
  part->first_day = is_first ? day : std::min(part->first_day, day);
  part->last_day = is_first ? day : std::max(part->last_day, day);
  part->categories |= facts.categories;
  part->has_uncategorized |= facts.categories == 0;
  ++part->rows;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ConsumerHandle>> PartErasure::Find(
    const KeyId& id) {
  DirectoryPointer pointer;
  pointer.key_id = id;
  return keys_.Tables().consumer_keys.Resolve(pointer);
}

absl::StatusOr<Resealing> PartErasure::Begin(absl::string_view consumer,
                                             const PartSelection& selection) {
  SUBROSA_RETURN_IF_ERROR(CheckSelection(selection));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t records_seen, records_.ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<ConsumerHandle> handle,
      keys_.AddVersion(consumer, SerializeSelection(selection), records_seen));
  Resealing begun;
  begun.is_done = false;
  if (selection.empty()) return begun;
  SUBROSA_ASSIGN_OR_RETURN(begun.erased, DeleteSelected(*handle));
  SUBROSA_RETURN_IF_ERROR(
      Annotate(records_.FlushJournal(kJournalPatience),
               "record store: what was selected is deleted, but its journal "
               "could not be emptied"));
  return begun;
}

absl::StatusOr<SelectedPart> PartErasure::ReadSelected(
    absl::string_view consumer, const PartSelection& selection) {
  SUBROSA_RETURN_IF_ERROR(CheckSelection(selection));
  SUBROSA_ASSIGN_OR_RETURN(const ReadTransaction instant,
                           records_.BeginReading());
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys_.Find(consumer));
  std::vector<OlderKey> versions = handle->older;
  versions.push_back({handle->key_ref, handle->key, handle->data_ref, ""});
  SelectedPart part;
  for (const OlderKey& version : versions) {
    std::string record_ref;
    for (;;) {
      SUBROSA_ASSIGN_OR_RETURN(
          record_ref, records_.NextRecordRef(version.data_ref, record_ref));
      if (record_ref.empty()) break;
      SUBROSA_ASSIGN_OR_RETURN(
          const std::vector<RecordRow> rows,
          records_.ReadRevisions(version.data_ref, record_ref,
                                 /*sealed=*/false));
      const std::vector<bool> selected =
          SelectRows(selection, *version.key, rows);
      for (size_t i = 0; i < rows.size(); ++i) {
        if (selected[i]) AddRow(rows[i].facts, &part);
      }
    }
  }
  return part;
}

absl::Status PartErasure::FinishDeletions() {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RetiringKey> retiring,
                           keys_.Tables().consumer_keys.ReadRetiring());
  int64_t erased = 0;
  for (size_t i = 0; i < retiring.size(); ++i) {
    // One after another, upwards: the last of a consumer's stands for all.
    if (i + 1 < retiring.size() &&
        retiring[i + 1].ref.id == retiring[i].ref.id) {
      continue;
    }
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
        Find(retiring[i].ref.id);
    if (absl::IsNotFound(consumer.status())) continue;
    if (!consumer.ok()) return consumer.status();
    SUBROSA_ASSIGN_OR_RETURN(const int64_t rows, DeleteSelected(**consumer));
    erased += rows;
  }
  return erased == 0 ? absl::OkStatus()
                     : records_.FlushJournal(kJournalPatience);
}

absl::StatusOr<int64_t> PartErasure::DeleteSelected(
    const ConsumerHandle& consumer) {
  int64_t erased = 0;
  if (std::all_of(
          consumer.older.begin(), consumer.older.end(),
          [](const OlderKey& each) { return each.selection.empty(); })) {
    return erased;
  }
  // The oldest first: what another process reseals meanwhile is found in the
  // next.
  for (auto older = consumer.older.rbegin(); older != consumer.older.rend();
       ++older) {
    SUBROSA_ASSIGN_OR_RETURN(const int64_t rows,
                             DeleteSelectedUnder(consumer, *older));
    erased += rows;
  }
  return erased;
}

absl::StatusOr<int64_t> PartErasure::DeleteSelectedUnder(
    const ConsumerHandle& consumer, const OlderKey& older) {
  Resealer resealer(keys_.entity(), records_);
  std::string record_ref;
  for (bool is_done = false; !is_done;) {
    const int64_t before = resealer.erased();
    SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, keys_.ReadIssued());
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records_.Begin());
    for (int i = 0;
         i < kRecordsAtOnce && resealer.erased() - before < kRowsAtOnce; ++i) {
      SUBROSA_ASSIGN_OR_RETURN(
          record_ref, records_.NextRecordRef(older.data_ref, record_ref));
      is_done = record_ref.empty();
      if (is_done) break;
      SUBROSA_RETURN_IF_ERROR(
          resealer.EraseSelected(consumer, older, record_ref));
    }
    SUBROSA_RETURN_IF_ERROR(
        Commit(std::move(transaction), keys_seen, &resealer));
  }
  return resealer.erased();
}

absl::Status PartErasure::Commit(Transaction transaction, int64_t keys_seen,
                                 Resealer* resealer) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<std::string> entries,
                           resealer->TakeLeaves(DayOf(clock_.Now())));
  SUBROSA_RETURN_IF_ERROR(records_.AppendEntries(entries, keys_seen));
  return transaction.Commit();
}

absl::StatusOr<Resealing> PartErasure::Continue(int64_t budget_rows) {
  Resealing done;
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RetiringKey> retiring,
                           keys_.Tables().consumer_keys.ReadRetiring());
  for (const RetiringKey& key : retiring) {
    const int64_t before = done.resealed;
    SUBROSA_ASSIGN_OR_RETURN(const bool is_empty,
                             Reseal(key.ref, &budget_rows, &done));
    if (is_empty && (key.destroy_day == 0 || done.resealed != before)) {
      SUBROSA_RETURN_IF_ERROR(Schedule(key));
    }
    if (budget_rows <= 0 && !is_empty) {
      done.is_done = false;
      break;
    }
  }
  if (done.resealed == 0 && done.erased == 0) return done;
  // What it holds of rows that stand elsewhere opens as they do.
  const absl::Status flushed = records_.FlushJournal(absl::ZeroDuration());
  if (!flushed.ok() && !absl::IsUnavailable(flushed)) return flushed;
  return done;
}

absl::StatusOr<bool> PartErasure::Reseal(const KeyRef& ref,
                                         int64_t* budget_rows,
                                         Resealing* done) {
  Resealer resealer(keys_.entity(), records_);
  const auto rows_of = [&resealer] {
    return resealer.erased() + resealer.resealed() + resealer.lost();
  };
  // What does not open stays where it is, and is gone past.
  std::string after;
  bool is_at_end = false;
  while (!is_at_end && *budget_rows > 0) {
    const int64_t before = rows_of();
    SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, keys_.ReadIssued());
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records_.Begin());
    // As it is now: another version may have followed.
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
        Find(ref.id);
    if (absl::IsNotFound(consumer.status())) return false;
    if (!consumer.ok()) return consumer.status();
    const OlderKey* const older = FindVersion(**consumer, ref.version);
    if (older == nullptr) return false;
    while (rows_of() - before < std::min(kRowsAtOnce, *budget_rows)) {
      SUBROSA_ASSIGN_OR_RETURN(after,
                               records_.NextRecordRef(older->data_ref, after));
      is_at_end = after.empty();
      if (is_at_end) break;
      SUBROSA_RETURN_IF_ERROR(resealer.Move(**consumer, *older, after));
    }
    if (rows_of() == before) break;
    SUBROSA_RETURN_IF_ERROR(
        Commit(std::move(transaction), keys_seen, &resealer));
    *budget_rows -= rows_of() - before;
  }
  done->erased += resealer.erased();
  done->resealed += resealer.resealed();
  done->lost += resealer.lost();
  return is_at_end && resealer.lost() == 0;
}

absl::Status PartErasure::Schedule(const RetiringKey& key) {
  const KeyTables tables = keys_.Tables();
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(tables.database));
  SUBROSA_ASSIGN_OR_RETURN(
      const int32_t backup_days,
      ReadKeyBackupDays(tables.database, tables.entity_number));
  SUBROSA_RETURN_IF_ERROR(tables.consumer_keys.SetDestroyDay(
      key.ref, DayOf(clock_.Now()) + backup_days + 1));
  return transaction.Commit();
}

absl::StatusOr<bool> PartErasure::IsEmpty(const RetiringKey& key) {
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> consumer,
                           Find(key.ref.id));
  const OlderKey* const older = FindVersion(*consumer, key.ref.version);
  if (older == nullptr) return false;
  SUBROSA_ASSIGN_OR_RETURN(const std::string record_ref,
                           records_.NextRecordRef(older->data_ref, ""));
  return record_ref.empty();
}

absl::StatusOr<int64_t> PartErasure::DestroyDue() {
  const int32_t today = DayOf(clock_.Now());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RetiringKey> retiring,
                           keys_.Tables().consumer_keys.ReadRetiring());
  int64_t destroyed = 0;
  for (const RetiringKey& key : retiring) {
    if (key.destroy_day == 0 || key.destroy_day > today) continue;
    absl::StatusOr<bool> is_empty = IsEmpty(key);
    if (absl::IsNotFound(is_empty.status())) continue;
    if (!is_empty.ok()) return is_empty.status();
    // A put came late, or an older record store was put back: Continue.
    if (!*is_empty) continue;
    SUBROSA_ASSIGN_OR_RETURN(const int64_t records_seen, records_.ReadIssued());
    const absl::Status gone = keys_.DestroyVersion(key.ref, records_seen);
    if (absl::IsNotFound(gone)) continue;
    SUBROSA_RETURN_IF_ERROR(gone);
    ++destroyed;
  }
  return destroyed;
}

}  // namespace subrosa
