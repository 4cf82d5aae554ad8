#include "src/net/connection_queue.h"

#include <utility>

namespace subrosa {

ConnectionQueue::ConnectionQueue(int threads)
    : most_waiting_(static_cast<size_t>(threads)) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

void ConnectionQueue::Add(std::function<void()> serve) {
  std::unique_lock<std::mutex> lock(mutex_);
  has_room_.wait(lock, [this] { return waiting_.size() < most_waiting_; });
  waiting_.push_back(std::move(serve));
  has_work_.notify_one();
}

void ConnectionQueue::Finish() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    finished_ = true;
  }
  has_work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ConnectionQueue::Work() {
  for (;;) {
    std::function<void()> serve;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      has_work_.wait(lock, [this] { return !waiting_.empty() || finished_; });
      if (waiting_.empty()) return;
      serve = std::move(waiting_.front());
      waiting_.pop_front();
    }
    has_room_.notify_one();
    serve();
  }
}

}  // namespace subrosa
