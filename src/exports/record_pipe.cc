#include "src/exports/record_pipe.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// Handing over costs more than a small record.
constexpr size_t kBatchRecords = 64;
constexpr size_t kBatchBytes = 256 << 10;
constexpr size_t kMostBatches = 3;

using Batch = std::vector<PipedRecord>;

// Batches between the two threads. Thread-safe.
class BatchQueue {
 public:
  // Waits for room; false if nobody wants any more.
  bool Put(Batch batch) {
    std::unique_lock<std::mutex> lock(mutex_);
    has_room_.wait(
        lock, [this] { return is_stopped_ || batches_.size() < kMostBatches; });
    if (is_stopped_) return false;
    batches_.push_back(std::move(batch));
    has_batch_.notify_one();
    return true;
  }

  // There will be no more.
  void Close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_closed_ = true;
    has_batch_.notify_one();
  }

  // Nothing more is wanted.
  void Stop() {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_stopped_ = true;
    batches_.clear();
    has_room_.notify_one();
  }

  // Waits for a batch; empty at the end.
  Batch Take() {
    std::unique_lock<std::mutex> lock(mutex_);
    has_batch_.wait(lock, [this] { return is_closed_ || !batches_.empty(); });
    Batch batch;
    if (!batches_.empty()) {
      batch = std::move(batches_.front());
      batches_.pop_front();
      has_room_.notify_one();
    }
    return batch;
  }

 private:
  std::mutex mutex_;
  std::condition_variable has_room_;
  std::condition_variable has_batch_;
  // All below are guarded by mutex_.
  std::deque<Batch> batches_;
  bool is_closed_ = false;
  bool is_stopped_ = false;
};

absl::Status ReadInto(ReadPiped read, BatchQueue* queue) {
  Batch batch;
  size_t bytes = 0;
  const auto hand_over = [&] {
    const bool is_wanted = batch.empty() || queue->Put(std::move(batch));
    batch = Batch();
    bytes = 0;
    return is_wanted ? absl::OkStatus()
                     : absl::CancelledError("pipe: nothing more is wanted");
  };
  SUBROSA_RETURN_IF_ERROR(read([&](PipedRecord record) {
    // The parsed payload takes about as much again.
    bytes += 2 * record.record.payload().value().size();
    batch.push_back(std::move(record));
    return batch.size() < kBatchRecords && bytes < kBatchBytes
               ? absl::OkStatus()
               : hand_over();
  }));
  return hand_over();
}

}  // namespace

absl::Status PipeRecords(ReadPiped read, UsePiped use) {
  BatchQueue queue;
  absl::Status was_read;
  std::thread reader([&] {
    was_read = ReadInto(read, &queue);
    queue.Close();
  });
  absl::Status used;
  for (;;) {
    const Batch batch = queue.Take();
    if (batch.empty()) break;
    for (const PipedRecord& record : batch) {
      used = use(record);
      if (!used.ok()) break;
    }
    if (!used.ok()) {
      queue.Stop();
      break;
    }
  }
  reader.join();
  return used.ok() ? was_read : used;
}

}  // namespace subrosa
