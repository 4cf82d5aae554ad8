#include "src/vault/record_putter.h"

#include <optional>
#include <utility>

#include "src/base/status_macros.h"
#include "src/store/connection.h"
#include "src/vault/new_row.h"
#include "src/vault/record_refs.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
absl::StatusOr<RecordPutter::Handles> RecordPutter::Resolve(
    absl::Span<const PutItem> items) {
  Handles handles;
  std::vector<std::string> consumers;
  for (const PutItem& item : items) {
    if (handles.try_emplace(item.record->consumer()).second) {
      consumers.push_back(item.record->consumer());
    }
  }
  SUBROSA_ASSIGN_OR_RETURN(std::vector<Resolved> resolved,
                           keys_.FindOrCreate(consumers));
  for (size_t i = 0; i < consumers.size(); ++i) {
    handles[consumers[i]] = std::move(resolved[i].consumer);
  }
  return handles;
}

absl::StatusOr<std::vector<PutOutcome>> RecordPutter::PutBatch(
    absl::Span<const PutItem> items) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t erasures, keys_.ReadErasureCount());
  for (const PutItem& item : items) {
    SUBROSA_RETURN_IF_ERROR(records_.LearnWords(
        SchemaOf(*item.record), item.record->source(), item.record->purpose()));
  }
  SUBROSA_ASSIGN_OR_RETURN(Handles consumers, Resolve(items));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t indexed,
                           AddToIndexes(items, consumers));
  SUBROSA_ASSIGN_OR_RETURN(std::vector<PutOutcome> outcomes,
                           PutAll(items, consumers));
  SUBROSA_RETURN_IF_ERROR(Recheck(items, erasures, &consumers, &outcomes));
  SUBROSA_ASSIGN_OR_RETURN(const int64_t index_changes,
                           index_writer_.indexes().ReadChanges());
  if (index_changes != indexed) {
    SUBROSA_RETURN_IF_ERROR(AddToIndexes(items, consumers).status());
  }
  return outcomes;
}

absl::StatusOr<int64_t> RecordPutter::AddToIndexes(
    absl::Span<const PutItem> items, const Handles& consumers) {
  std::vector<IndexedRecord> records;
  for (const PutItem& item : items) {
    const ConsumerHandle* const consumer =
        consumers.at(item.record->consumer()).get();
    if (consumer != nullptr) records.push_back({consumer, item.record});
  }
  return index_writer_.AddMissing(records);
}

absl::StatusOr<std::vector<PutOutcome>> RecordPutter::PutAll(
    absl::Span<const PutItem> items, const Handles& consumers) {
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, keys_.ReadIssued());
  PutLeaves leaves;
  Resealer resealer(keys_.entity(), records_);
  std::vector<PutOutcome> outcomes(items.size(), PutOutcome::kSuppressed);
  std::vector<NewPut> puts;
  std::vector<size_t> places;
  for (size_t i = 0; i < items.size(); ++i) {
    const auto consumer = consumers.find(items[i].record->consumer());
    if (consumer == consumers.end() || consumer->second == nullptr) continue;
    puts.push_back({&items[i], consumer->second.get()});
    places.push_back(i);
  }
  RowPipeline rows(keys_.entity(), puts);
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records_.Begin());
  for (size_t i = 0; i < puts.size(); ++i) {
    SUBROSA_ASSIGN_OR_RETURN(NewRow* const made, rows.Next());
    SUBROSA_ASSIGN_OR_RETURN(outcomes[places[i]],
                             PutOne(puts[i], made, &leaves, &resealer));
  }
  const int32_t today = DayOf(clock_.Now());
  for (const auto& entries :
       {resealer.TakeLeaves(today), leaves.Serialize(today)}) {
    SUBROSA_RETURN_IF_ERROR(entries.status());
    SUBROSA_RETURN_IF_ERROR(records_.AppendEntries(*entries, keys_seen));
  }
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return outcomes;
}

absl::StatusOr<PutOutcome> RecordPutter::PutOne(const NewPut& put, NewRow* made,
                                                PutLeaves* leaves,
                                                Resealer* resealer) {
  const v1::HealthRecord& record = *put.item->record;
  const ConsumerHandle& consumer = *put.consumer;
  // Its revisions stay together, the oldest before.
  for (auto older = consumer.older.rbegin(); older != consumer.older.rend();
       ++older) {
    SUBROSA_RETURN_IF_ERROR(resealer->Move(
        consumer, *older,
        RecordRefOf(*older->key, record,
                    ContentDigestOf(*older->key, record, made->plaintext))));
  }
  const RecordRow& row = made->row;
  bool is_first = consumer.is_new;
  if (is_first) {
    // Nothing is held of them, unless it stands in the same batch.
    const absl::Status inserted = records_.Insert(row, std::nullopt);
    is_first = inserted.ok();
    if (!is_first && !absl::IsAlreadyExists(inserted)) return inserted;
  }
  if (!is_first) {
    SUBROSA_ASSIGN_OR_RETURN(
        const std::optional<RecordStore::Newest> newest,
        records_.FindNewest(row.place.data_ref, row.place.record_ref));
    is_first = !newest.has_value();
    if (newest.has_value()) {
      if (newest->digest == row.digest) return PutOutcome::kUnchanged;
      SUBROSA_RETURN_IF_ERROR(
          SealAsRevision(keys_.entity(), consumer, newest->revision + 1, made));
    }
    SUBROSA_RETURN_IF_ERROR(records_.Insert(row, newest));
  }
  leaves->Add(record.consumer(), consumer.key, row);
  return is_first ? PutOutcome::kAdded : PutOutcome::kRevised;
}

absl::StatusOr<RecordPutter::Handles> RecordPutter::FindChanged(
    const Handles& consumers) {
  Handles changed;
  for (const auto& [consumer, handle] : consumers) {
    if (handle == nullptr) continue;
    absl::StatusOr<std::unique_ptr<ConsumerHandle>> now = keys_.Find(consumer);
    if (absl::IsNotFound(now.status())) {
      changed[consumer] = nullptr;
    } else if (!now.ok()) {
      return now.status();
    } else if ((*now)->key_ref.id != handle->key_ref.id) {
      // Erased, and taken in again under a key that opens none of these rows.
      changed[consumer] = nullptr;
    } else if ((*now)->key_ref.version != handle->key_ref.version) {
      changed[consumer] = *std::move(now);
    }
  }
  return changed;
}

absl::Status RecordPutter::Recheck(absl::Span<const PutItem> items,
                                   int64_t erasures, Handles* consumers,
                                   std::vector<PutOutcome>* outcomes) {
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const int64_t now, keys_.ReadErasureCount());
    if (now == erasures) return absl::OkStatus();
    erasures = now;
    SUBROSA_ASSIGN_OR_RETURN(Handles changed, FindChanged(*consumers));
    if (changed.empty()) return absl::OkStatus();
    for (const auto& [consumer, handle] : changed) {
      if (handle != nullptr) continue;
      SUBROSA_RETURN_IF_ERROR(DeleteRows(*consumers->at(consumer)));
    }
    // The rows that were sealed under the version before are resealed by it.
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<PutOutcome> again,
                             PutAll(items, changed));
    for (size_t i = 0; i < items.size(); ++i) {
      const auto consumer = changed.find(items[i].record->consumer());
      if (consumer == changed.end()) continue;
      PutOutcome& outcome = (*outcomes)[i];
      if (consumer->second == nullptr) {
        outcome = PutOutcome::kErased;
      } else if (outcome == PutOutcome::kUnchanged) {
        outcome = again[i];
      }
    }
    for (auto& [consumer, handle] : changed) {
      (*consumers)[consumer] = std::move(handle);
    }
  }
}

absl::Status RecordPutter::DeleteRows(const ConsumerHandle& consumer) {
  std::vector<std::string> data_refs = {consumer.data_ref};
  for (const OlderKey& older : consumer.older) {
    data_refs.push_back(older.data_ref);
  }
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, keys_.ReadIssued());
  return records_.DeleteRows(data_refs, DayOf(clock_.Now()), keys_seen)
      .status();
}

}  // namespace subrosa
