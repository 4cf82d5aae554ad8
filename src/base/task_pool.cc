#include "src/base/task_pool.h"

#include <utility>

namespace subrosa {

TaskPool::TaskPool(size_t workers) : workers_(workers) {
  threads_.reserve(workers);
  for (size_t worker = 0; worker < workers; ++worker) {
    threads_.emplace_back([this, worker] { Run(worker); });
  }
}

TaskPool::~TaskPool() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_closed_ = true;
  }
  has_task_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void TaskPool::Submit(Task task) {
  {
    std::unique_lock<std::mutex> lock(mutex_);
    has_room_.wait(lock, [this] { return tasks_.size() < workers_; });
    tasks_.push_back(std::move(task));
  }
  has_task_.notify_one();
}

void TaskPool::Run(size_t worker) {
  for (;;) {
    Task task;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      has_task_.wait(lock, [this] { return is_closed_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    has_room_.notify_one();
    task(worker);
  }
}

}  // namespace subrosa
