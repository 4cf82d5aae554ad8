#include "src/exports/record_pipe.h"

#include <condition_variable>
#include <cstdint>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

#include "src/base/status_macros.h"

namespace subrosa {
namespace {

// Handing over costs more than a small record.
constexpr size_t kBatchRecords = 256;
constexpr size_t kBatchBytes = 256 << 10;

// Batches on their way, by their numbers. Thread-safe: one who reads, one who
// uses, and workers in between.
class BatchRing {
 public:
  explicit BatchRing(size_t slots) : slots_(slots) {}

  // For who reads: waits until the batch may be filled; null if nothing more is
  // wanted.
  CopyBatch* Fill(uint64_t number) {
    Slot& slot = At(number);
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return is_stopped_ || slot.state == kFree; });
    return is_stopped_ ? nullptr : &slot.batch;
  }
  void SetInWork(uint64_t number) { Set(number, kInWork, absl::OkStatus()); }
  // There will be no more than `batches`.
  void Close(uint64_t batches) {
    const std::lock_guard<std::mutex> lock(mutex_);
    count_ = batches;
    changed_.notify_all();
  }

  // For workers.
  CopyBatch* BatchOf(uint64_t number) { return &At(number).batch; }
  void SetDone(uint64_t number, absl::Status status) {
    Set(number, kDone, std::move(status));
  }

  // For who uses: waits until the batch was worked on, and says how that went;
  // false if there is none.
  bool WaitFor(uint64_t number, absl::Status* worked) {
    Slot& slot = At(number);
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock,
                  [&] { return number >= count_ || slot.state == kDone; });
    if (number >= count_) return false;
    *worked = slot.status;
    return true;
  }
  void SetFree(uint64_t number) { Set(number, kFree, absl::OkStatus()); }
  // Nothing more is wanted.
  void Stop() {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_stopped_ = true;
    changed_.notify_all();
  }
  // Waits until no worker has any.
  void WaitForWorkers() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] {
      for (const Slot& slot : slots_) {
        if (slot.state == kInWork) return false;
      }
      return true;
    });
  }

 private:
  enum State { kFree, kInWork, kDone };
  struct Slot {
    CopyBatch batch;
    State state = kFree;
    absl::Status status;
  };

  Slot& At(uint64_t number) { return slots_[number % slots_.size()]; }
  void Set(uint64_t number, State state, absl::Status status) {
    Slot& slot = At(number);
    const std::lock_guard<std::mutex> lock(mutex_);
    slot.state = state;
    slot.status = std::move(status);
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  // States and all below are guarded by mutex_; a batch is its holder's.
  std::vector<Slot> slots_;
  uint64_t count_ = std::numeric_limits<uint64_t>::max();
  bool is_stopped_ = false;
};

// Reads all into batches and submits them; says in `batches` how many.
absl::Status ReadInto(ReadPiped read, WorkOnPiped work, TaskPool* pool,
                      BatchRing* ring, uint64_t* batches) {
  CopyBatch* batch = nullptr;
  size_t bytes = 0;
  const auto hand_over = [&] {
    if (batch == nullptr) return;
    const uint64_t number = (*batches)++;
    ring->SetInWork(number);
    pool->Submit([ring, number, work](size_t worker) {
      ring->SetDone(number, work(worker, ring->BatchOf(number)));
    });
    batch = nullptr;
  };
  const absl::Status was_read =
      read([&](const v1::HealthRecord& record, const RowFacts& facts) {
        if (batch == nullptr) {
          batch = ring->Fill(*batches);
          if (batch == nullptr) {
            return absl::CancelledError("pipe: nothing more is wanted");
          }
          batch->size = 0;
          bytes = 0;
        }
        if (batch->size == batch->records.size()) batch->records.emplace_back();
        CopyBatch::Record& filled = batch->records[batch->size++];
        filled.record = record;
        filled.facts = facts;
        bytes += record.payload().value().size();
        if (batch->size == kBatchRecords || bytes >= kBatchBytes) hand_over();
        return absl::OkStatus();
      });
  hand_over();
  return was_read;
}

}  // namespace

absl::Status PipeRecords(TaskPool* pool, ReadPiped read, WorkOnPiped work,
                         UsePiped use) {
  BatchRing ring(2 * pool->workers() + 2);
  absl::Status was_read;
  std::thread reader([&] {
    uint64_t batches = 0;
    was_read = ReadInto(read, work, pool, &ring, &batches);
    ring.Close(batches);
  });
  absl::Status status;
  uint64_t number = 0;
  for (absl::Status worked; ring.WaitFor(number, &worked); ++number) {
    status = worked.ok() ? use(*ring.BatchOf(number)) : worked;
    if (!status.ok()) break;
    ring.SetFree(number);
  }
  ring.Stop();
  reader.join();
  ring.WaitForWorkers();
  return status.ok() ? was_read : status;
}

}  // namespace subrosa
