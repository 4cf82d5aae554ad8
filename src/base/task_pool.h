// A TaskPool runs tasks in threads of its own, begun in the order in which they
// were given.
//
// Thread-safe.
//
// Example:
//   TaskPool pool(ProcessorCount());
//   pool.Submit([&](size_t worker) { Pack(&pieces[0], &packers[worker]); });
#ifndef SUBROSA_SRC_BASE_TASK_POOL_H_
#define SUBROSA_SRC_BASE_TASK_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace subrosa {

class TaskPool {
 public:
  // Called with the number of the thread that runs it, below workers().
  using Task = std::function<void(size_t worker)>;

  // With `workers` threads, at least 1.
  explicit TaskPool(size_t workers);
  TaskPool(const TaskPool&) = delete;
  TaskPool& operator=(const TaskPool&) = delete;
  // Waits for all that was submitted.
  ~TaskPool();

  size_t workers() const { return workers_; }

  // Gives a task, which must not throw or submit another. Waits while as many
  // wait to be begun as there are threads, so that memory is bounded.
  void Submit(Task task);

 private:
  void Run(size_t worker);

  const size_t workers_;
  std::mutex mutex_;
  std::condition_variable has_room_;
  std::condition_variable has_task_;
  // Both are guarded by mutex_.
  std::deque<Task> tasks_;
  bool is_closed_ = false;

  std::vector<std::thread> threads_;  // Last: they use the above.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_BASE_TASK_POOL_H_
