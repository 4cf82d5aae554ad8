#include "src/vault/part_replay.h"

#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_key.h"
#include "src/vault/consumer_handle.h"
#include "src/vault/consumer_keys.h"

namespace subrosa {
namespace {

// Looks through one consumer's rows and keys at a time.
class PartFinder {
 public:
  PartFinder(const KeyTables& tables, RecordStore& records,
             const TombstoneSet& of_rows, const TombstoneSet& of_keys)
      : tables_(tables),
        records_(records),
        of_rows_(of_rows),
        of_keys_(of_keys) {}

  absl::Status Visit(const DirectoryPointer& pointer) {
    // One that a rotation has copied stands in both tables.
    if (found_.contains(pointer.key_id)) return absl::OkStatus();
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
        tables_.consumer_keys.Resolve(pointer);
    if (absl::IsNotFound(consumer.status())) return absl::OkStatus();
    if (!consumer.ok()) return consumer.status();
    const ConsumerHandle& handle = **consumer;
    const size_t before = replay_.rows.size() + replay_.to_destroy.size();
    for (auto older = handle.older.rbegin(); older != handle.older.rend();
         ++older) {
      if (IsDestroyed(*older->key, older->ref)) {
        replay_.to_destroy.push_back(older->ref);
      }
      SUBROSA_RETURN_IF_ERROR(VisitRows(*older->key, older->data_ref));
    }
    const size_t rows = replay_.rows.size();
    SUBROSA_RETURN_IF_ERROR(VisitRows(*handle.key, handle.data_ref));
    if (replay_.rows.size() != rows ||
        IsDestroyed(*handle.key, handle.key_ref)) {
      replay_.to_renew.push_back(pointer);
      found_.insert(pointer.key_id);
    }
    if (replay_.rows.size() + replay_.to_destroy.size() != before) {
      found_.insert(pointer.key_id);
    }
    return absl::OkStatus();
  }

  PartReplay Take() { return std::move(replay_); }

 private:
  bool IsDestroyed(const SecretKey& key, const KeyRef& ref) const {
    return of_keys_.contains(KeyTombstoneOf(key, ref));
  }

  absl::Status VisitRows(const SecretKey& key, absl::string_view data_ref) {
    if (of_rows_.empty()) return absl::OkStatus();
    return records_.VisitRevisions(data_ref, [&](const RecordRow& row) {
      const Commitment tombstone = RowTombstoneOf(key, row.place);
      if (of_rows_.contains(tombstone)) {
        replay_.rows.push_back(row.place);
        replay_.tombstones.push_back(tombstone);
      }
      return absl::OkStatus();
    });
  }

  const KeyTables& tables_;
  RecordStore& records_;
  const TombstoneSet& of_rows_;
  const TombstoneSet& of_keys_;
  absl::flat_hash_set<KeyId> found_;
  PartReplay replay_;
};

}  // namespace

absl::StatusOr<PartReplay> FindErasedParts(const KeyTables& tables,
                                           RecordStore& records,
                                           const TombstoneSet& of_rows,
                                           const TombstoneSet& of_keys) {
  if (of_rows.empty() && of_keys.empty()) return PartReplay{};
  PartFinder finder(tables, records, of_rows, of_keys);
  SUBROSA_RETURN_IF_ERROR(VisitDirectory(
      tables,
      [&](const DirectoryPointer& pointer) { return finder.Visit(pointer); }));
  return finder.Take();
}

absl::Status ReplayOnKeys(const KeyTables& tables, const PartReplay& replay,
                          int32_t today) {
  for (const KeyRef& ref : replay.to_destroy) {
    DirectoryPointer pointer;
    pointer.key_id = ref.id;
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
        tables.consumer_keys.Resolve(pointer);
    if (absl::IsNotFound(consumer.status())) continue;
    if (!consumer.ok()) return consumer.status();
    if ((*consumer)->older.empty()) continue;
    const OlderKey& oldest = (*consumer)->older.back();
    if (oldest.ref.version != ref.version) continue;
    SUBROSA_RETURN_IF_ERROR(
        RemoveKeyVersion(tables, ref, oldest.data_ref, today));
  }
  for (const DirectoryPointer& pointer : replay.to_renew) {
    const absl::StatusOr<std::unique_ptr<ConsumerHandle>> consumer =
        tables.consumer_keys.Resolve(pointer);
    if (absl::IsNotFound(consumer.status())) continue;
    if (!consumer.ok()) return consumer.status();
    SUBROSA_RETURN_IF_ERROR(
        AddKeyVersion(tables, pointer, **consumer, "", today).status());
  }
  return absl::OkStatus();
}

absl::Status ReplayOnRecords(RecordStore& records, const PartReplay& replay,
                             int32_t today, std::vector<std::string>* entries) {
  for (const RowPlace& place : replay.rows) {
    SUBROSA_RETURN_IF_ERROR(records.DeleteRow(place));
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<std::string> leaves,
                           ErasedRowsLeaves(replay.tombstones, today));
  entries->insert(entries->end(), leaves.begin(), leaves.end());
  return absl::OkStatus();
}

}  // namespace subrosa
