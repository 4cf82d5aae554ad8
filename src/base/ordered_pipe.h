// An OrderedPipe takes batches from one who fills them, through the threads of
// a pool that work on them, to one who uses them in the order in which they
// were filled: for work that is dear, between a reading and a writing that must
// each be done by one alone.
//
// Memory: two batches for each thread of the pool, and two more. Batches are
// emptied by whoever fills them and filled again, so that their memory is asked
// for once.
//
// Example:
//   OrderedPipe<Lines> pipe(&pool);
//   SUBROSA_RETURN_IF_ERROR(pipe.Run(
//       [&](OrderedPipe<Lines>::Feed feed) { return ReadAll(feed); },
//       [&](size_t worker, Lines* lines) { return Parse(worker, lines); },
//       [&](const Lines& lines) { return Write(lines); }));
#ifndef SUBROSA_SRC_BASE_ORDERED_PIPE_H_
#define SUBROSA_SRC_BASE_ORDERED_PIPE_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "src/base/task_pool.h"

namespace subrosa {

template <typename Batch>
class OrderedPipe {
 public:
  // Of who fills.
  class Feed {
   public:
    // The next batch, as it was left when it was last used; waits until there
    // is one. Null if nothing more is wanted: return CANCELLED then.
    Batch* Begin() { return pipe_->Fill(); }
    // Hands on the batch that Begin gave. One that is never handed on is used
    // by nobody.
    void End() { pipe_->HandOn(); }

   private:
    friend class OrderedPipe;
    explicit Feed(OrderedPipe* pipe) : pipe_(pipe) {}
    OrderedPipe* pipe_;
  };

  using FillAll = absl::FunctionRef<absl::Status(Feed feed)>;
  using WorkOn = absl::FunctionRef<absl::Status(size_t worker, Batch* batch)>;
  using UseOne = absl::FunctionRef<absl::Status(const Batch& batch)>;

  // `pool` must outlive it.
  explicit OrderedPipe(TaskPool* pool)
      : pool_(pool), slots_(2 * pool->workers() + 2) {}
  OrderedPipe(const OrderedPipe&) = delete;
  OrderedPipe& operator=(const OrderedPipe&) = delete;

  // Calls `fill` in a thread of its own, `work` by the pool with each batch,
  // and `use` here with each in its order, after it was worked on. `use` may
  // give the pool other tasks. To be called once.
  //
  // Returns when all are done: the first error in the batches' order, else what
  // `fill` returned.
  absl::Status Run(FillAll fill, WorkOn work, UseOne use) {
    work_ = &work;
    absl::Status filled;
    std::thread filler([&] {
      filled = fill(Feed(this));
      Close();
    });
    absl::Status status;
    uint64_t number = 0;
    for (absl::Status worked; WaitFor(number, &worked); ++number) {
      status = worked.ok() ? use(At(number).batch) : std::move(worked);
      if (!status.ok()) break;
      Set(number, kFree, absl::OkStatus());
    }
    Stop();
    filler.join();
    WaitForWorkers();
    return status.ok() ? filled : status;
  }

 private:
  enum State { kFree, kInWork, kDone };
  struct Slot {
    Batch batch;
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

  // For who fills.
  Batch* Fill() {
    Slot& slot = At(filled_);
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return is_stopped_ || slot.state == kFree; });
    return is_stopped_ ? nullptr : &slot.batch;
  }
  void HandOn() {
    const uint64_t number = filled_++;
    Set(number, kInWork, absl::OkStatus());
    pool_->Submit([this, number](size_t worker) {
      Set(number, kDone, (*work_)(worker, &At(number).batch));
    });
  }
  void Close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    count_ = filled_;
    changed_.notify_all();
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
  // Nothing more is wanted.
  void Stop() {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_stopped_ = true;
    changed_.notify_all();
  }
  void WaitForWorkers() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] {
      for (const Slot& slot : slots_) {
        if (slot.state == kInWork) return false;
      }
      return true;
    });
  }

  TaskPool* const pool_;
  WorkOn* work_ = nullptr;  // During Run.
  uint64_t filled_ = 0;     // Of who fills: how many were handed on.

  std::mutex mutex_;
  std::condition_variable changed_;
  // States and all below are guarded by mutex_; a batch is its holder's.
  std::vector<Slot> slots_;
  uint64_t count_ = std::numeric_limits<uint64_t>::max();
  bool is_stopped_ = false;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_ORDERED_PIPE_H_
