#include "src/steward/feed.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"

namespace subrosa {
namespace {

constexpr size_t kBatchRecords = 2000;
constexpr size_t kBatchBytes = size_t{4} << 20;

// The most that a record's payload keeps between batches: 32 MB for both.
constexpr size_t kMaxKeptBytes = size_t{8} << 10;

// A batch of entries as they came. Records are reused from batch to batch.
struct Batch {
  struct Entry {
    uint64_t number;
    uint64_t byte_offset;
    std::string kept_whole_type;  // Empty if the type is mapped.
  };

  std::vector<v1::HealthRecord> records{kBatchRecords};
  std::vector<Entry> entries;  // One for each record in use.
  std::vector<RejectedEntry> rejects;
  std::vector<std::string> not_about_consumer;  // Their types.
  absl::Status error;  // Why reading cannot go on after this batch.
  bool last = false;
  uint64_t bytes_read = 0;

  // Records keep their memory for the next batch, but for large ones: where
  // these lie among small ones, every place would come to hold one.
  void GiveBack() {
    for (v1::HealthRecord& record : records) {
      if (record.payload().value().capacity() > kMaxKeptBytes) {
        record = v1::HealthRecord();
      }
    }
  }

  void Clear() {
    GiveBack();
    entries.clear();
    rejects.clear();
    not_about_consumer.clear();
    error = absl::OkStatus();
    last = false;
  }
};

void Fill(RecordReader& reader, Batch* batch) {
  batch->Clear();
  const uint64_t start = reader.bytes_read();
  // Lines that yield nothing count too, so that progress shows and a batch of
  // rejects stays small.
  while (batch->entries.size() < kBatchRecords &&
         batch->rejects.size() + batch->not_about_consumer.size() <
             kBatchRecords &&
         reader.bytes_read() - start < kBatchBytes) {
    absl::StatusOr<ReadOutcome> outcome =
        reader.Next(&batch->records[batch->entries.size()]);
    if (!outcome.ok() || outcome->step == ReadStep::kEnd) {
      batch->error = outcome.status();
      batch->last = true;
      break;
    }
    switch (outcome->step) {
      case ReadStep::kRecord:
        batch->entries.push_back(
            {outcome->number, outcome->byte_offset,
             outcome->is_kept_whole ? std::string(outcome->type) : ""});
        break;
      case ReadStep::kReject:
        batch->rejects.push_back({outcome->number, outcome->byte_offset,
                                  std::move(outcome->reject)});
        break;
      case ReadStep::kNotAboutConsumer:
        batch->not_about_consumer.emplace_back(outcome->type);
        break;
      case ReadStep::kEnd:
        break;
    }
  }
  batch->bytes_read = reader.bytes_read();
}

// Two batches change hands between the reading thread and the putting one.
class Exchange {
 public:
  // The reader's side. Null once the putting side has stopped.
  Batch* TakeEmpty() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return stopped_ || full_ < 2; });
    return stopped_ ? nullptr : &batches_[next_empty_];
  }
  void GiveFull() {
    const std::lock_guard<std::mutex> lock(mutex_);
    next_empty_ = 1 - next_empty_;
    ++full_;
    changed_.notify_all();
  }

  // The putting side.
  Batch* TakeFull() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return full_ > 0; });
    return &batches_[next_full_];
  }
  void GiveEmpty() {
    const std::lock_guard<std::mutex> lock(mutex_);
    next_full_ = 1 - next_full_;
    --full_;
    changed_.notify_all();
  }
  void Stop() {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Batch batches_[2];
  int next_empty_ = 0;
  int next_full_ = 0;
  int full_ = 0;
  bool stopped_ = false;
};

// The tally of `key`, of which there may be any number in a file; null if there
// are too many to tell it apart.
template <typename Tally>
Tally* FindTally(const std::string& key, size_t max_keys,
                 std::map<std::string, Tally>* tallies) {
  const auto known = tallies->find(key);
  if (known != tallies->end()) return &known->second;
  if (tallies->size() >= max_keys) return nullptr;
  return &(*tallies)[key];
}

void CountType(const std::string& type,
               std::map<std::string, uint64_t>* types) {
  uint64_t* const count = FindTally(type, kMaxSummaryTypes, types);
  ++(count != nullptr ? *count : (*types)["other"]);
}

void CountReject(const RejectedEntry& entry, FeedSummary* summary) {
  ++summary->rejected;
  RejectTally* const tally =
      FindTally(std::string(entry.status.message()), kMaxSummaryReasons,
                &summary->rejects_by_reason);
  if (tally == nullptr) {
    ++summary->other_rejects;
    return;
  }
  if (tally->count++ == 0) tally->first_number = entry.number;
}

absl::Status PutBatch(const Batch& batch, Steward& steward,
                      const FeedObserver& observer, FeedSummary* summary) {
  std::vector<const v1::HealthRecord*> records;
  records.reserve(batch.entries.size());
  for (size_t i = 0; i < batch.entries.size(); ++i) {
    records.push_back(&batch.records[i]);
  }
  std::vector<PutResult> results;
  if (!records.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(results, steward.Put(records));
  }
  // Rejects are told in the order of the file: those of the reader and those of
  // the steward are each in order already.
  auto from_reader = batch.rejects.begin();
  const auto reject = [&](const RejectedEntry& entry) {
    CountReject(entry, summary);
    observer.on_reject(entry);
  };
  for (size_t i = 0; i < results.size(); ++i) {
    const Batch::Entry& entry = batch.entries[i];
    for (; from_reader != batch.rejects.end() &&
           from_reader->number < entry.number;
         ++from_reader) {
      reject(*from_reader);
    }
    if (!results[i].status.ok()) {
      reject({entry.number, entry.byte_offset, results[i].status});
      continue;
    }
    if (!entry.kept_whole_type.empty()) {
      ++summary->kept_whole;
      CountType(entry.kept_whole_type, &summary->kept_whole_types);
    }
    if (results[i].outcome == PutOutcome::kAdded) {
      ++summary->added;
    } else if (results[i].outcome == PutOutcome::kRevised) {
      ++summary->revised;
    } else {
      ++summary->unchanged;
    }
  }
  for (; from_reader != batch.rejects.end(); ++from_reader) {
    reject(*from_reader);
  }
  for (const std::string& type : batch.not_about_consumer) {
    ++summary->not_about_consumer;
    CountType(type, &summary->not_about_consumer_types);
  }
  observer.on_progress(*summary, batch.bytes_read);
  return batch.error;
}

}  // namespace

absl::Status Feed(RecordReader& reader, Steward& steward,
                  const FeedObserver& observer, FeedSummary* summary) {
  Exchange exchange;
  std::thread reading([&] {
    for (bool last = false; !last;) {
      Batch* batch = exchange.TakeEmpty();
      if (batch == nullptr) return;
      Fill(reader, batch);
      last = batch->last;
      exchange.GiveFull();
    }
  });
  absl::Status status;
  for (bool last = false; !last && status.ok();) {
    Batch* batch = exchange.TakeFull();
    last = batch->last;
    status = PutBatch(*batch, steward, observer, summary);
    exchange.GiveEmpty();
  }
  exchange.Stop();
  reading.join();
  return status;
}

}  // namespace subrosa
