#include "src/vault/resealer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "src/audit/leaf.h"
#include "src/base/status_macros.h"
#include "src/vault/part_selection.h"
#include "src/vault/record_refs.h"
#include "src/vault/sealed_row.h"
#include "src/vault/tombstones.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

// What rows under `older` are subject to: what was erased when that version was
// followed, or any later one.
absl::StatusOr<std::vector<PartSelection>> SelectionsFor(
    const ConsumerHandle& consumer, const OlderKey& older) {
  std::vector<PartSelection> selections;
  for (const OlderKey& each : consumer.older) {
    if (each.ref.version < older.ref.version || each.selection.empty()) {
      continue;
    }
    SUBROSA_ASSIGN_OR_RETURN(selections.emplace_back(),
                             ParseSelection(each.selection));
  }
  return selections;
}

}  // namespace

absl::StatusOr<bool> IsErased(const ConsumerHandle& consumer,
                              const OlderKey& older, const RecordRow& newest) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<PartSelection> selections,
                           SelectionsFor(consumer, older));
  return std::any_of(selections.begin(), selections.end(),
                     [&](const PartSelection& selection) {
                       return IsSelected(selection, *older.key, newest);
                     });
}

absl::Status Resealer::DeleteSelected(const ConsumerHandle& consumer,
                                      const OlderKey& older,
                                      std::vector<RecordRow>* rows) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<PartSelection> selections,
                           SelectionsFor(consumer, older));
  if (selections.empty()) return absl::OkStatus();
  std::vector<bool> is_erased(rows->size(), false);
  for (const PartSelection& selection : selections) {
    const std::vector<bool> selected = SelectRows(selection, *older.key, *rows);
    for (size_t i = 0; i < selected.size(); ++i) {
      if (selected[i]) is_erased[i] = true;
    }
  }
  std::vector<RecordRow> kept;
  for (size_t i = 0; i < rows->size(); ++i) {
    RecordRow& row = (*rows)[i];
    if (!is_erased[i]) {
      kept.push_back(std::move(row));
      continue;
    }
    tombstones_.push_back(RowTombstoneOf(*older.key, row.place));
    SUBROSA_RETURN_IF_ERROR(records_.DeleteRow(row.place));
    ++erased_;
  }
  *rows = std::move(kept);
  return absl::OkStatus();
}

absl::Status Resealer::EraseSelected(const ConsumerHandle& consumer,
                                     const OlderKey& older,
                                     absl::string_view record_ref) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::vector<RecordRow> rows,
      records_.ReadRevisions(older.data_ref, record_ref, /*sealed=*/false));
  return DeleteSelected(consumer, older, &rows);
}

absl::Status Resealer::Move(const ConsumerHandle& consumer,
                            const OlderKey& older,
                            absl::string_view record_ref) {
  SUBROSA_ASSIGN_OR_RETURN(
      std::vector<RecordRow> rows,
      records_.ReadRevisions(older.data_ref, record_ref, /*sealed=*/true));
  if (rows.empty()) return absl::OkStatus();
  SUBROSA_RETURN_IF_ERROR(DeleteSelected(consumer, older, &rows));
  for (const RecordRow& row : rows) {
    SUBROSA_RETURN_IF_ERROR(MoveRow(consumer, older, row));
  }
  return absl::OkStatus();
}

absl::Status Resealer::MoveRow(const ConsumerHandle& consumer,
                               const OlderKey& older, const RecordRow& row) {
  v1::HealthRecord record;
  if (!OpenRow(entity_, *older.key, row, &plaintext_).ok() ||
      !record.ParseFromString(plaintext_)) {
    ++lost_;
    return absl::OkStatus();
  }
  RecordRow resealed;
  resealed.facts = row.facts;
  resealed.digest = ContentDigestOf(*consumer.key, record, plaintext_);
  resealed.place.data_ref = consumer.data_ref;
  resealed.place.record_ref =
      RecordRefOf(*consumer.key, record, resealed.digest);
  resealed.place.revision = row.place.revision;
  SUBROSA_RETURN_IF_ERROR(records_.DeleteRow(row.place));
  SUBROSA_ASSIGN_OR_RETURN(
      const std::optional<RecordStore::Newest> newest,
      records_.FindNewest(resealed.place.data_ref, resealed.place.record_ref));
  bool is_taken = false;
  if (newest.has_value()) {
    SUBROSA_ASSIGN_OR_RETURN(is_taken, records_.HasRow(resealed.place));
  }
  if (is_taken) {
    // Somebody who still had the older key put it when the record had been
    // resealed already: what came last counts.
    if (newest->digest == resealed.digest) {
      ++repeated_;
      return absl::OkStatus();
    }
    resealed.place.revision = newest->revision + 1;
  }
  SUBROSA_RETURN_IF_ERROR(
      SealRow(entity_, *consumer.key, consumer.key_ref, plaintext_, &resealed));
  ++resealed_;
  return records_.Insert(resealed, newest);
}

absl::StatusOr<std::vector<std::string>> Resealer::TakeLeaves(int32_t today) {
  SUBROSA_ASSIGN_OR_RETURN(std::vector<std::string> entries,
                           ErasedRowsLeaves(tombstones_, today));
  if (repeated_ > 0) {
    Leaf leaf = NewLeaf(LeafKind::kRecordsDeleted, today);
    leaf.numbers = {repeated_};
    SUBROSA_ASSIGN_OR_RETURN(entries.emplace_back(), SerializeLeaf(leaf));
  }
  tombstones_.clear();
  repeated_ = 0;
  return entries;
}

}  // namespace subrosa
