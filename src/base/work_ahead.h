// WorkAhead does work on many items in threads of its own, ahead of whoever
// uses the results in their order: what one thread can do alone, as writing to
// a database, goes on meanwhile.
//
// Example:
//   WorkAhead sealing(rows.size(), ProcessorCount() - 1,
//                     [&](size_t i) { Seal(&rows[i]); });
//   for (size_t i = 0; i < rows.size(); ++i) {
//     sealing.WaitFor(i);
//     SUBROSA_RETURN_IF_ERROR(Insert(rows[i]));
//   }
#ifndef SUBROSA_SRC_BASE_WORK_AHEAD_H_
#define SUBROSA_SRC_BASE_WORK_AHEAD_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace subrosa {

class WorkAhead {
 public:
  // Begins to call `work` once for each number below `count`, in rising order,
  // on `threads` threads; with 0, only whoever waits works. `work` runs for
  // several numbers at the same time.
  WorkAhead(size_t count, size_t threads, std::function<void(size_t i)> work)
      : work_(std::move(work)), is_done_(count) {
    threads_.reserve(threads);
    for (size_t i = 0; i < threads; ++i) {
      threads_.emplace_back([this] {
        while (DoNext()) {
        }
      });
    }
  }
  WorkAhead(const WorkAhead&) = delete;
  WorkAhead& operator=(const WorkAhead&) = delete;
  // Begins no more, and waits for what was begun.
  ~WorkAhead() {
    next_.store(is_done_.size());
    for (std::thread& thread : threads_) thread.join();
  }

  // Returns once `work(i)` has. Works itself rather than wait for what nobody
  // has begun. By one thread at a time.
  void WaitFor(size_t i) {
    while (!is_done_[i].load(std::memory_order_acquire)) {
      if (DoNext()) continue;
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [&] { return is_done_[i].load(); });
    }
  }

 private:
  // False once nothing is left to begin.
  bool DoNext() {
    const size_t i = next_.fetch_add(1);
    if (i >= is_done_.size()) return false;
    work_(i);
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      is_done_[i].store(true, std::memory_order_release);
    }
    changed_.notify_one();
    return true;
  }

  const std::function<void(size_t i)> work_;
  std::vector<std::atomic<bool>> is_done_;
  std::atomic<size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::thread> threads_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_WORK_AHEAD_H_
