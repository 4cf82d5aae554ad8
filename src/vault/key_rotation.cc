#include "src/vault/key_rotation.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_key.h"
#include "src/vault/blind_entries.h"
#include "src/vault/entity_keys.h"
#include "src/vault/entry_mover.h"
#include "src/vault/evidence_keys.h"
#include "src/vault/key_mover.h"
#include "src/vault/key_policy.h"

namespace subrosa {
namespace {

// A table of the old epoch with more rows is emptied without being overwritten:
// these are some 30 MB, and some tenths of a second.
constexpr int64_t kMaxOverwrittenRows = 100000;

// Holds the index of some hundred thousand consumers.
constexpr int64_t kCacheBytes = int64_t{64} << 20;

constexpr absl::Duration kJournalPatience = absl::Seconds(10);

// What a leaf can hold of a provider's words.
std::string PrintableText(absl::string_view text) {
  std::string printable(text.substr(0, 1000));
  std::replace_if(
      printable.begin(), printable.end(),
      [](char c) {
        return !absl::ascii_isprint(static_cast<unsigned char>(c));
      },
      '?');
  return printable;
}

absl::StatusOr<std::string> LeafOf(LeafKind kind, int32_t day,
                                   std::vector<uint64_t> numbers,
                                   std::string text) {
  Leaf leaf = NewLeaf(kind, day);
  leaf.numbers = std::move(numbers);
  leaf.text = std::move(text);
  return SerializeLeaf(leaf);
}

// Commits need not be durable while it lives.
class HastyCommits {
 public:
  static absl::StatusOr<HastyCommits> Begin(Connection& database) {
    SUBROSA_RETURN_IF_ERROR(database.SetDurable(false));
    return HastyCommits(&database);
  }
  HastyCommits(HastyCommits&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)) {}
  HastyCommits& operator=(HastyCommits&&) = delete;
  ~HastyCommits() { End().IgnoreError(); }

  absl::Status End() {
    return database_ == nullptr
               ? absl::OkStatus()
               : std::exchange(database_, nullptr)->SetDurable(true);
  }

 private:
  explicit HastyCommits(Connection* database) : database_(database) {}
  Connection* database_;
};

}  // namespace

// An object without a row: a killed Begin left it, and nothing is under it; or
// the row went with a key store in whose place an older copy was put, and
// copies of that may hold keys under it. It goes as other epochs do: once such
// copies are past retention, with a leaf that says so. The log tells of its
// opening here, whoever made it: every epoch with a row has that leaf.
absl::Status KeyRotation::ScheduleOrphan(uint32_t epoch) {
  SUBROSA_ASSIGN_OR_RETURN(const int32_t backup_days,
                           ReadKeyBackupDays(database_, entity_number_));
  EpochRow row;
  row.epoch = epoch;
  row.state = EpochState::kScheduled;
  row.opened_day = DayOf(clock_.Now());
  row.destroy_day = row.opened_day + backup_days + 1;
  SUBROSA_RETURN_IF_ERROR(epochs_.Insert(row));
  return TellOpened(row);
}

absl::Status KeyRotation::TellOpened(const EpochRow& row) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::string entry,
      LeafOf(LeafKind::kEpochOpened, row.opened_day, {row.epoch}, ""));
  return outbox_.Append({entry}, /*seen=*/0).status();
}

absl::Status KeyRotation::Begin() {
  const std::string entity = epochs_.enabled().entity();
  const uint32_t previous = epochs_.enabled().epoch();
  // From before the object is made until its working key is written down,
  // nobody else may take it for an orphan: they wait for this transaction.
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(database_));
  SUBROSA_RETURN_IF_ERROR(epochs_.Refresh().status());
  if (epochs_.enabled().epoch() != previous) return absl::OkStatus();
  uint32_t next = previous + 1;
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochObject> objects,
                           provider_.ListEpochs(entity));
  for (const EpochObject& object : objects) {
    if (object.epoch < next) continue;
    SUBROSA_RETURN_IF_ERROR(ScheduleOrphan(object.epoch));
    // Its number is used up: somewhere a copy may name it.
    next = object.epoch + 1;
  }
  // Its directory goes into the other table.
  if (DirectoryTable(next) == DirectoryTable(previous)) ++next;
  EpochRow row;
  row.epoch = next;
  row.opened_day = DayOf(clock_.Now());
  SUBROSA_ASSIGN_OR_RETURN(row.working_key,
                           provider_.CreateEpoch(entity, next, clock_.Now()));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey working,
                           provider_.OpenEpoch(entity, next, row.working_key));
  SUBROSA_ASSIGN_OR_RETURN(row.wrapped,
                           epochs_.enabled().RewrapFor(working, next));
  SUBROSA_RETURN_IF_ERROR(
      epochs_.Update(previous, EpochState::kDecryptOnly, 0));
  SUBROSA_RETURN_IF_ERROR(epochs_.Insert(row));
  SUBROSA_RETURN_IF_ERROR(TellOpened(row));
  return transaction.Commit();
}

absl::Status KeyRotation::MoveAll(
    const EntityKeys& from, const std::function<void(int64_t)>& on_progress,
    RotationResult* result) {
  // What a power cut undoes of it is moved again. The old epoch's rows stand
  // until Finish, which is durable, and so is all before it then.
  SUBROSA_ASSIGN_OR_RETURN(HastyCommits hasty, HastyCommits::Begin(database_));
  const EntityKeys& to = epochs_.enabled();
  const auto tell = [&](int64_t rows) {
    if (!on_progress) return;
    on_progress(result->consumer_keys + result->directory_entries +
                result->index_entries + rows);
  };
  KeyMover keys(database_, entity_number_, from, to, tell);
  SUBROSA_RETURN_IF_ERROR(keys.Move());
  result->consumer_keys += keys.moved();
  DirectoryMover directory(database_, epochs_, entity_number_, from, to, tell);
  SUBROSA_RETURN_IF_ERROR(directory.Move());
  result->directory_entries += directory.moved();
  SUBROSA_RETURN_IF_ERROR(
      MoveEvidenceKeys(database_, entity_number_, from, to));
  IndexMover indexes(database_, epochs_, entity_number_, from, to, tell);
  SUBROSA_RETURN_IF_ERROR(indexes.Move());
  result->index_entries += indexes.moved();
  return hasty.End();
}

absl::StatusOr<RotationResult> KeyRotation::Rotate(
    const std::function<void(int64_t)>& on_progress) {
  SUBROSA_RETURN_IF_ERROR(epochs_.Refresh().status());
  RotationResult result;
  result.from_epoch = epochs_.NewestFirst().back()->epoch();
  if (epochs_.NewestFirst().size() == 1) {
    SUBROSA_RETURN_IF_ERROR(Begin());
    SUBROSA_RETURN_IF_ERROR(epochs_.Refresh().status());
  }
  result.to_epoch = epochs_.enabled().epoch();
  SUBROSA_RETURN_IF_ERROR(database_.SetCacheBytes(kCacheBytes));
  // Again if another process had not seen the new epoch yet.
  while (const EntityKeys* const from = epochs_.Find(result.from_epoch)) {
    SUBROSA_RETURN_IF_ERROR(MoveAll(*from, on_progress, &result));
    SUBROSA_RETURN_IF_ERROR(Finish(result.from_epoch));
    SUBROSA_RETURN_IF_ERROR(epochs_.Refresh().status());
  }
  SUBROSA_ASSIGN_OR_RETURN(const EpochRow row,
                           epochs_.ReadRow(result.from_epoch));
  result.destroy_day = row.destroy_day;
  SUBROSA_RETURN_IF_ERROR(Annotate(
      database_.FlushJournal(kJournalPatience),
      "key store: all is rotated, but its journal could not be emptied"));
  return result;
}

absl::StatusOr<int64_t> KeyRotation::CountKeysUnder(uint32_t epoch) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> count,
      database_.Prepare("SELECT count(*) FROM consumer_key"
                        " WHERE +entity = $1 AND epoch = $2"));
  count->BindInt(1, entity_number_);
  count->BindInt(2, epoch);
  SUBROSA_RETURN_IF_ERROR(count->Step().status());
  SUBROSA_ASSIGN_OR_RETURN(
      const int64_t of_evidence,
      CountEvidenceKeysUnder(database_, entity_number_, epoch));
  return count->ColumnInt(0) + of_evidence;
}

absl::StatusOr<bool> KeyRotation::IsMoved(absl::string_view table,
                                          int64_t moved_row) {
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      database_.Prepare(
          absl::StrCat("SELECT max(row) FROM ", table, " WHERE +entity = $1")));
  read->BindInt(1, entity_number_);
  SUBROSA_RETURN_IF_ERROR(read->Step().status());
  return read->ColumnInt(0) <= moved_row;
}

absl::Status KeyRotation::Empty(absl::string_view table) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::unique_ptr<Statement> read,
      database_.Prepare(absl::StrCat("SELECT max(row) FROM ", table)));
  SUBROSA_RETURN_IF_ERROR(read->Step().status());
  const int64_t most_rows = read->ColumnInt(0);
  read.reset();
  // What stands there opens with the old epoch alone, as the backups do that
  // hold it too; overwriting a lot of it would keep writers waiting for
  // seconds.
  SUBROSA_RETURN_IF_ERROR(
      database_.SetOverwriting(most_rows <= kMaxOverwrittenRows));
  const absl::Status emptied =
      database_.Execute(absl::StrCat("DELETE FROM ", table));
  SUBROSA_RETURN_IF_ERROR(database_.SetOverwriting(true));
  return emptied;
}

absl::Status KeyRotation::Finish(uint32_t epoch) {
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                           Transaction::Begin(database_));
  SUBROSA_ASSIGN_OR_RETURN(const EpochRow row, epochs_.ReadRow(epoch));
  // Another process was faster; its table may hold a newer epoch by now.
  if (row.state != EpochState::kDecryptOnly) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_left, CountKeysUnder(epoch));
  SUBROSA_ASSIGN_OR_RETURN(const bool is_directory_moved,
                           IsMoved(DirectoryTable(epoch), row.moved_row));
  SUBROSA_ASSIGN_OR_RETURN(
      const bool are_indexes_moved,
      IsMoved(BlindEntryTable(epoch), row.moved_index_row));
  if (keys_left > 0 || !is_directory_moved || !are_indexes_moved) {
    return absl::OkStatus();
  }
  SUBROSA_RETURN_IF_ERROR(Empty(DirectoryTable(epoch)));
  SUBROSA_RETURN_IF_ERROR(Empty(BlindEntryTable(epoch)));
  SUBROSA_ASSIGN_OR_RETURN(const int32_t backup_days,
                           ReadKeyBackupDays(database_, entity_number_));
  // A backup of today may still hold rows under the old epoch.
  SUBROSA_RETURN_IF_ERROR(epochs_.Update(
      epoch, EpochState::kScheduled, DayOf(clock_.Now()) + backup_days + 1));
  return transaction.Commit();
}

absl::StatusOr<std::vector<EpochRow>> KeyRotation::FindDue() {
  const int32_t today = DayOf(clock_.Now());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochObject> objects,
                           provider_.ListEpochs(epochs_.enabled().entity()));
  SUBROSA_ASSIGN_OR_RETURN(std::vector<EpochRow> rows, epochs_.ReadRows());
  const auto is_due = [&](const EpochRow& row) {
    if (row.state == EpochState::kScheduled) return row.destroy_day <= today;
    return row.state == EpochState::kDestroyed &&
           std::any_of(objects.begin(), objects.end(),
                       [&](const EpochObject& object) {
                         return object.epoch == row.epoch;
                       });
  };
  rows.erase(std::remove_if(rows.begin(), rows.end(),
                            [&](const EpochRow& row) { return !is_due(row); }),
             rows.end());
  return rows;
}

absl::StatusOr<RetiredEpoch> KeyRotation::Destroy(const EpochRow& row) {
  SUBROSA_ASSIGN_OR_RETURN(const EpochRow now, epochs_.ReadRow(row.epoch));
  if (now.state != row.state) return absl::NotFoundError("");
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_left, CountKeysUnder(row.epoch));
  if (keys_left > 0) {
    return absl::DataLossError(
        absl::StrCat("key store: epoch ", row.epoch,
                     ": want no key under it before it is destroyed, got ",
                     keys_left, "; `subrosa keys verify` says more"));
  }
  const bool is_back = row.state == EpochState::kDestroyed;
  absl::StatusOr<DestructionEvidence> evidence =
      provider_.DestroyEpoch(epochs_.enabled().entity(), row.epoch);
  if (absl::IsNotFound(evidence.status()) && !is_back) {
    // An earlier call was stopped after it had destroyed the object.
    evidence = DestructionEvidence{};
    evidence->provider = std::string(provider_.kind());
    evidence->facts = "the object was found destroyed";
  }
  if (!evidence.ok()) return evidence.status();
  if (is_back) {
    absl::StrAppend(&evidence->facts,
                    "; it had come back with an older copy of what the "
                    "provider keeps");
  }
  return RetiredEpoch{row.epoch, *std::move(evidence)};
}

absl::StatusOr<std::vector<RetiredEpoch>> KeyRotation::Retire() {
  const int32_t today = DayOf(clock_.Now());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EpochRow> due, FindDue());
  std::vector<RetiredEpoch> retired;
  for (const EpochRow& row : due) {
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction,
                             Transaction::Begin(database_));
    absl::StatusOr<RetiredEpoch> destroyed = Destroy(row);
    if (absl::IsNotFound(destroyed.status())) continue;
    if (!destroyed.ok()) return destroyed.status();
    const DestructionEvidence& evidence = destroyed->evidence;
    SUBROSA_ASSIGN_OR_RETURN(
        const std::string entry,
        LeafOf(LeafKind::kEpochRetired, today,
               {row.epoch, static_cast<uint64_t>(evidence.assurance)},
               PrintableText(
                   absl::StrCat(evidence.provider, ": ", evidence.facts))));
    SUBROSA_RETURN_IF_ERROR(epochs_.Forget(row.epoch, today));
    SUBROSA_RETURN_IF_ERROR(outbox_.Append({entry}, /*seen=*/0).status());
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
    retired.push_back(*std::move(destroyed));
  }
  return retired;
}

}  // namespace subrosa
